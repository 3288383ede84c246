// Prints the issues the Khronos glTF validator finds in one file, as JSON: {errors, warnings, first}.
const { readFileSync } = require("node:fs");
const { validateBytes } = require("gltf-validator");

validateBytes(new Uint8Array(readFileSync(process.argv[2]))).then((report) => {
  const { numErrors, numWarnings, messages } = report.issues;
  const first = messages.filter((message) => message.severity < 2).slice(0, 3);
  process.stdout.write(JSON.stringify({ errors: numErrors, warnings: numWarnings, first }));
});

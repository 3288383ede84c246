"""How every program of the command line begins, and what it says where it cannot.

What is imported before that is watched over is the standard library, and reads in an old Python.
"""

from __future__ import annotations

import json
import sys

INTERRUPTED = 130
ERROR = 1
"""As ``exits.ExitStatus`` has them."""


def run(prog: str, arguments: list[str]) -> int:
    """Run the command line in this process; returns its exit code."""
    try:
        from ..service import whole_files
        from ..worker import streams
        from .environment import Environment
        from .main import main

        streams.in_utf8()
        whole_files.may_wait()
        return int(main(arguments, Environment.of_process(prog)))
    except KeyboardInterrupt:
        return _failed(INTERRUPTED, "interrupted", "Interrupted.")
    except Exception as error:  # noqa: BLE001 - whoever reads stdout gets a document, come what may
        said = " ".join(f"{type(error).__name__}: {error}".split())
        step = "It needs Python 3.11 or newer and all of its files: install it again."
        return _failed(ERROR, "unforeseen", f"The program could not start: {said}.", step)


def _failed(code: int, name: str, message: str, step: str = "") -> int:
    error = {"code": name, "message": message, "next_step": step}
    document = json.dumps({"error": error}, indent=2)
    for stream, text in ((sys.stdout, document), (sys.stderr, f"{message} {step}".strip())):
        if stream is not None:
            try:
                stream.write(text + "\n")
                stream.flush()
            except (OSError, ValueError):  # nobody reads it
                continue
    return code

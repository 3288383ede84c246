"""The command line of the check: run what was asked for, say how it goes, write the report."""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from addon.service.version import version
from addon.worker import found_blenders
from scripts.system_checks.checks import WITH_BLENDER, WITHOUT_BLENDER, Check, World
from scripts.system_checks.machine import scrubbed
from scripts.system_checks.services import service

REPORT: Final = Path("system_check_report.md")
TO_SEE: Final = (
    "No console window flashed up, neither at the start nor during the checks.",
    "Preferences > Get Extensions > Install from Disk takes the zip; the sidebar has the tab.",
    "A sample in the sidebar is placed; the window answered to the mouse all the time.",
    "On macOS: neither Blender nor its Python asked whether it may be opened.",
    "An antivirus program or OneDrive said nothing, and the results are there.",
)
"""What only a person sees; to be ticked in the report."""


def main(arguments: Sequence[str]) -> int:
    """Run the checks; returns 0 if all is well, else 1."""
    options = _options(arguments)
    blender = None
    if not options.quick:
        named = options.blender or os.environ.get("BLENDER")
        blender = found_blenders.meant(named) if named else found_blenders.find(os.environ)
    root = Path(tempfile.mkdtemp(prefix="studio3d check "))
    folder = root / "Prüfung 椅"
    folder.mkdir()
    try:
        with service(root, small=options.quick or options.small_service) as started:
            world = World(folder, started, blender)
            sys.stderr.write(f"Ordered from {started.name}; nothing is paid.\n")
            chosen = WITHOUT_BLENDER if options.quick else WITH_BLENDER
            results = [_result(name, check, world) for name, check in chosen.items()]
        written = _write(options.report, results, world, root)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    sys.stderr.write(f"Report: {written}. Tick what only you can see, and attach it.\n")
    return 0 if all(result["ok"] for result in results) else 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="system_check.py", description="Whether all of it works on this system"
    )
    add = parser.add_argument
    add("--blender", metavar="PATH", help="default: $BLENDER, then PATH, then the newest there is")
    add("--quick", action="store_true", help="only what needs no Blender")
    add("--small-service", action="store_true", help="not the sandbox, which needs libraries")
    add("--report", type=Path, default=REPORT, metavar="FILE", help=f"default: {REPORT}")
    return parser.parse_args(arguments)


def _result(name: str, check: Check, world: World) -> dict[str, Any]:
    began = time.monotonic()
    try:
        found, is_ok = check(world), True
    except Exception as error:  # noqa: BLE001 - whatever it is, the report has to tell it
        found, is_ok = f"{type(error).__name__}: {error}", False
    seconds = round(time.monotonic() - began, 1)
    sys.stderr.write(f"{'ok ' if is_ok else 'NO '} {name} ({seconds} s)\n")
    return {
        "check": name,
        "ok": is_ok,
        "seconds": seconds,
        "is": (check.__doc__ or "").strip(),
        "found": found,
    }


def _write(report: Path, results: Sequence[Mapping[str, Any]], world: World, folder: Path) -> Path:
    """Markdown for people, and the same as JSON beside it; returns the first."""
    document = {"extension": version(), "service": world.service.name, "checks": results}
    secrets = (world.service.key,)
    report.parent.mkdir(parents=True, exist_ok=True)
    whole = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    report.with_suffix(".json").write_text(scrubbed(whole, folder, secrets), encoding="utf-8")
    lines = [f"# System check of {version()}, ordered from {world.service.name}", ""]
    for result in results:
        lines.append(f"## {'ok' if result['ok'] else 'NOT ok'}: {result['check']}")
        lines += ["", f"{result['is']} ({result['seconds']} s)", ""]
        found = result["found"]
        text = found if isinstance(found, str) else json.dumps(found, indent=1, ensure_ascii=False)
        lines += [*(f"    {line}" for line in text.splitlines()), ""]
    lines += ["## Seen by a person", "", *(f"- [ ] {words}" for words in TO_SEE), ""]
    report.write_text(scrubbed("\n".join(lines), folder, secrets), encoding="utf-8")
    return report

"""Generate from prompts and photos in a real Blender, against the local sandbox.

    python -m scripts.demo --blender PATH

Builds the extension, installs the zip into a Blender of its own, lets it order one model from each
engine and way to start, and leaves ``scene.blend`` and ``scene.png`` in ``build/demo``.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from addon.catalog import Group, Mode, operations
from addon.worker import background
from scripts import build
from scripts.sandbox.processes import Sandbox, SandboxProcesses

from .photos import save_photos

OUTPUT = build.ROOT / "build" / "demo"
INSIDE = Path(__file__).resolve().parent / "inside_blender.py"
PROMPTS = ("a wooden chair", "a medieval sword", "a red sports car", "a blue ceramic vase")
TIME_SCALE = 0.05
"""The sandbox's jobs take a twentieth of the time they take at the service."""
EVENT_MARK = "studio3d-demo "


def orders(photos: list[Path]) -> list[dict[str, Any]]:
    """One order per engine and way to start: prompts first, then photos."""
    engines = operations(Group.GENERATE)
    texts = [engine for engine in engines if Mode.TEXT in engine.modes]
    pictures = [engine for engine in engines if Mode.IMAGE in engine.modes]
    return [
        {"operation": engine.name, "prompt": PROMPTS[index % len(PROMPTS)]}
        for index, engine in enumerate(texts)
    ] + [
        {"operation": engine.name, "image": str(photos[index % len(photos)])}
        for index, engine in enumerate(pictures)
    ]


def main() -> int:
    """Run the demo; returns its exit code."""
    parser = argparse.ArgumentParser(description="Show the product's main job")
    parser.add_argument("--blender", required=True, help="a Blender, or a Python with bpy")
    parser.add_argument("--samples", type=int, default=40, help="render samples")
    options = parser.parse_args()
    console = Console(stderr=True)
    fresh_folders()
    archive = build.build(OUTPUT / "dist")
    console.print(f"Built {archive.relative_to(build.ROOT)}")
    job = {
        "archive": str(archive),
        "orders": orders(save_photos(OUTPUT / "photos")),
        "blend": str(OUTPUT / "scene.blend"),
        "picture": str(OUTPUT / "scene.png"),
        "samples": options.samples,
    }
    job_file = OUTPUT / "job.json"
    job_file.write_text(json.dumps(job, indent=1), encoding="utf-8")
    with SandboxProcesses(OUTPUT) as sandboxes:
        sandbox = sandboxes.start(time_scale=TIME_SCALE, rate_limit=30)
        console.print("The sandbox answers in the service's place: no real credits are spent")
        command = background.command(options.blender, INSIDE, offline=False)
        return show(console, [*command, "--"], sandbox, job_file)


def fresh_folders() -> None:
    """Start from nothing, with the folders Blender wants to find."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    for name in ("config", "extensions", "scripts"):
        (OUTPUT / "blender" / name).mkdir(parents=True)


def show(console: Console, command: list[str], sandbox: Sandbox, job_file: Path) -> int:
    """Run Blender and show what it reports; returns its exit code."""
    environment = os.environ | {
        "BLENDER_USER_RESOURCES": str(OUTPUT / "blender"),
        "STUDIO3D_HOME": str(OUTPUT / "home"),
        "STUDIO3D_API_URL": sandbox.address,
        "STUDIO3D_API_KEY": sandbox.key,
    }
    environment.pop("3D_AI_STUDIO_API_URL", None)
    environment.pop("3D_AI_STUDIO_API_KEY", None)
    log_path = OUTPUT / "blender.log"
    with (
        log_path.open("w", encoding="utf-8") as log,
        subprocess.Popen(
            [*command, str(job_file)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        summary = follow(console, events(process.stdout, log))
    if process.returncode or summary is None:
        console.print(f"The demo did not finish. See {log_path}")
        return process.returncode or 1
    report(console, summary)
    return 0


def events(stream: Any, log: Any) -> Iterator[dict[str, Any]]:
    """Blender's output: our lines as events, everything into the log."""
    for line in stream:
        log.write(line)
        _, mark, text = line.partition(EVENT_MARK)
        if mark:
            yield json.loads(text)


def follow(console: Console, stream: Iterator[dict[str, Any]]) -> dict[str, Any] | None:
    """Show the events as bars; returns the last one, the summary."""
    summary = None
    columns = (
        TextColumn("{task.description:34}"),
        BarColumn(),
        TextColumn("{task.fields[words]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bars: dict[str, TaskID] = {}
        for event in stream:
            if event["event"] == "summary":
                summary = event
                continue
            name = event["name"]
            if name not in bars:
                bars[name] = progress.add_task(name, total=1.0, words="")
            progress.update(bars[name], completed=event["fraction"], words=event["words"])
            if not console.is_terminal:
                console.print(f"{name}: {event['words']}")
    return summary


def report(console: Console, summary: dict[str, Any]) -> None:
    """Say what was done, what it cost, and where things are."""
    for line in summary["placed"]:
        console.print(
            f"  {line['operation']:14} {line['name']:28} {line['triangles']:>8} triangles, "
            f"{line['credits']} credits"
        )
    console.print(
        f"{len(summary['placed'])} models placed with Blender {summary['blender']}; "
        f"{summary['spent']} sandbox credits spent, {summary['balance']} left."
    )
    for label, path in (("Scene", summary["blend"]), ("Picture", summary["picture"])):
        console.print(f"{label}: {Path(path).relative_to(build.ROOT)}", highlight=False)


if __name__ == "__main__":
    sys.exit(main())

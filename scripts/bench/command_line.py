"""How long the command line takes to answer, against importing the HTTP library it uses."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from scripts import build
from scripts.bench import service
from scripts.bench.machine import Setting
from scripts.bench.rows import Row, Spread

NOTHING_KEPT = "PYTHONDONTWRITEBYTECODE"
"""Where that is set, Python would read our sources anew each time, but not those of libraries."""
CLIENT = build.ROOT / "scripts" / "3d_api_client.py"


def rows(setting: Setting) -> Iterator[Row]:
    """Each a process of its own, all of them in turn."""
    home = setting.folder / "command-line"
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if name != NOTHING_KEPT}
    with service.running() as address:
        environment = kept | {
            "PYTHONPYCACHEPREFIX": str(home / "bytecode"),
            "STUDIO3D_HOME": str(home),
            "STUDIO3D_API_URL": address,
            "STUDIO3D_API_KEY": "bench",
        }
        ways = {
            "help": [sys.executable, str(CLIENT), "--help"],
            "status": [sys.executable, str(CLIENT), "status", "--task-id", "bench"],
            "jobs": [sys.executable, str(CLIENT), "jobs"],
            "import": [sys.executable, "-c", "import requests"],
        }
        found: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(2 * setting.runs + 1):
            for way, command in ways.items():
                found[way].append(took(command, environment))
    spreads = {way: Spread.of(times[1:]) for way, times in found.items()}
    for way, limit in (
        ("help", "the start of Python, and the catalogue"),
        ("jobs", "the start of Python, and the job list"),
        ("status", "the start of Python, the HTTP library, one answer"),
    ):
        yield Row(
            f"command line, {way}",
            "ms",
            spreads[way],
            "<= 1.2 x",
            spreads["import"],
            "python -c 'import requests'",
            limit,
        )


def took(command: Sequence[str], environment: dict[str, str]) -> float:
    """Milliseconds from the start to the end of the process."""
    began = time.perf_counter()
    subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True
    )
    return (time.perf_counter() - began) * 1000

"""A background Blender for the work that only Blender does well."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.sandbox.work import EngineFailed

_ENTRY = Path(__file__).parent / "blender_jobs" / "entry.py"
_INSTALLED = Path.home() / ".cache" / "studio3d-blender" / "bin"
_LOG_LINES = 12


def find_blender() -> str:
    """Look at STUDIO3D_SANDBOX_BLENDER, then PATH, then where scripts/get_blender.sh installs."""
    if chosen := os.environ.get("STUDIO3D_SANDBOX_BLENDER"):
        if shutil.which(chosen) is None:
            raise EngineFailed(f"STUDIO3D_SANDBOX_BLENDER names {chosen}, which is no program.")
        return chosen
    if found := shutil.which("blender"):
        return found
    installed = sorted(_INSTALLED.glob("blender*"))
    if installed:
        return str(installed[-1])
    raise EngineFailed(
        "This operation needs Blender: run scripts/get_blender.sh, put blender on PATH, "
        "or set STUDIO3D_SANDBOX_BLENDER."
    )


def run_job(name: str, request: Mapping[str, Any], seconds: float = 120.0) -> dict[str, Any]:
    """Run ``run(request)`` of blender_jobs/``name``.py inside Blender; its answer.

    Request and answer are JSON objects. EngineFailed when Blender is missing, fails or takes
    longer than ``seconds``; it is then killed with everything it started.
    """
    blender = find_blender()
    with tempfile.TemporaryDirectory(prefix="studio3d-blender-") as folder:
        question, answer, log = (Path(folder) / name for name in ("in.json", "out.json", "log.txt"))
        question.write_text(json.dumps(request), encoding="utf-8")
        command = [
            blender, "--background", "--factory-startup", "--python-exit-code", "3",
            "--python", str(_ENTRY), "--", name, str(question), str(answer),
        ]  # fmt: skip
        with log.open("wb") as output:
            code = _run(command, output.fileno(), seconds)
        if code != 0 or not answer.exists():
            tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
            raise EngineFailed(f"Blender could not do '{name}' ({code}): " + " | ".join(tail))
        done: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    if "refused" in done:
        raise EngineFailed(str(done["refused"]))
    return done


def _run(command: list[str], output: int, seconds: float) -> int:
    process = subprocess.Popen(
        command,
        # Never written to: its end tells Blender that whoever waited for it is gone.
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise EngineFailed(f"Blender took longer than {seconds:.0f} seconds.") from error
    finally:
        if process.poll() is None:
            if sys.platform == "win32":
                process.kill()
            else:  # the session of its own makes wrapper scripts and helpers die with it
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdin is not None:
            process.stdin.close()

"""Background Blenders: found or missed with clear words, never left running."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.sandbox.engines import blender_run
from scripts.sandbox.engines.blender_run import find_blender, run_job
from scripts.sandbox.work import EngineFailed
from tests.patience import seconds, until
from tests.sandbox.tool_inputs import needs_blender, textured_box, write_glb

VARIABLE = "STUDIO3D_SANDBOX_BLENDER"


def _program(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_no_blender_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(blender_run, "_INSTALLED", tmp_path)
    with pytest.raises(EngineFailed, match=r"scripts/get_blender\.sh"):
        find_blender()


def test_the_variable_wins_over_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    on_path = _program(tmp_path / "blender", "exit 0")
    chosen = _program(tmp_path / "other-blender", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    assert find_blender() == str(on_path)
    monkeypatch.setenv(VARIABLE, str(chosen))
    assert find_blender() == str(chosen)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "missing"))
    with pytest.raises(EngineFailed, match=VARIABLE):
        find_blender()


def test_too_slow_is_killed_with_its_children(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    note = tmp_path / "child.pid"
    part = tmp_path / "part"
    hangs = f"sleep infinity & echo $! > {part}; mv {part} {note}; wait"
    monkeypatch.setenv(VARIABLE, str(_program(tmp_path / "slow", hangs)))

    class OutOfTime(subprocess.Popen[bytes]):
        """The time is over as soon as the child is there, however long that takes."""

        def wait(self, timeout: float | None = None) -> int:
            if timeout is not None:
                until(note.exists, what="the child")
                timeout = 0
            return super().wait(timeout)

    monkeypatch.setattr(subprocess, "Popen", OutOfTime)
    with pytest.raises(EngineFailed, match="longer than"):
        run_job("to_glb", {}, seconds=1.0)
    child = int(note.read_text())
    until(lambda: not _alive(child), usual=10, what="the end of the child")


def test_a_crash_tells_the_last_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    crash = _program(tmp_path / "crash", "echo out of memory; exit 11")
    monkeypatch.setenv(VARIABLE, str(crash))
    with pytest.raises(EngineFailed, match=r"\(11\).*out of memory"):
        run_job("to_glb", {})


@needs_blender
def test_a_job_refuses_with_a_reason(tmp_path: Path) -> None:
    broken = tmp_path / "broken.fbx"
    broken.write_bytes(b"Kaydara FBX Binary  \x00\x1a\x00")
    with pytest.raises(EngineFailed, match=r"broken\.fbx"):
        run_job("to_glb", {"source": str(broken), "target": str(tmp_path / "out.glb")})


@needs_blender
def test_blender_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    model = write_glb(tmp_path / "box.glb", textured_box("red"))
    note = tmp_path / "blender.pid"
    wrapper = _program(tmp_path / "blender", f'echo $$ > {note}; exec {find_blender()} "$@"')
    views = [{"azimuth": a, "elevation": 0, "orthographic": False, "file": str(tmp_path / "x.png")}
             for a in range(2000)]  # fmt: skip
    request = {
        "source": str(model), "views": views, "width": 64, "height": 64, "lighting": "studio",
        "ground_shadow": False, "quick": True, "samples": 1, "seconds": 1,
    }  # fmt: skip
    code = (
        "import json, sys; from scripts.sandbox.engines.blender_run import run_job; "
        f"run_job('render', json.load(open(sys.argv[1])), {seconds(300)})"
    )
    question = tmp_path / "request.json"
    question.write_text(json.dumps(request))
    starter = subprocess.Popen(
        [sys.executable, "-c", code, str(question)],
        env={**os.environ, VARIABLE: str(wrapper)},
        cwd=Path(__file__).parents[2],
    )
    try:
        picture = tmp_path / "x.png"
        until(lambda: picture.exists() or starter.poll() is not None, usual=60, what="a picture")
        assert starter.poll() is None
    finally:
        starter.send_signal(signal.SIGKILL)
        starter.wait(seconds(10))
    blender = int(note.read_text())
    until(lambda: not _alive(blender), usual=30, what="the end of Blender")

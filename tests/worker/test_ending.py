"""The system's requests to end, as they come to the command line and to the worker."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from addon.worker.ending import CTRL_C, KILLS
from addon.worker.settings import WorkerSettings, message_line
from tests.patience import seconds, until
from tests.worker.conftest import COMMAND

HERE = [name for name in (CTRL_C, *KILLS) if hasattr(signal, name)]

WAITS = {
    "for something to do": "attentively(threading.Event().wait, 600)",
    "before another try": "pause(600)",
}
WAITING = """
import os, signal, sys, threading, time
from addon.service.stopping import attentively, pause
from addon.worker.ending import heard

def interrupt():
    raise KeyboardInterrupt

def come():
    time.sleep(0.2)
    number = getattr(signal, sys.argv[1])
    signal.raise_signal(number) if sys.platform == "win32" else os.kill(os.getpid(), number)

try:
    with heard(interrupt, (sys.argv[1],)):
        threading.Thread(target=come).start()
        {wait}
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS)
def test_a_wait_ends_with_the_request(wait: str) -> None:
    """Windows wakes nobody for a signal."""
    done = subprocess.run(
        [sys.executable, "-c", WAITING.format(wait=wait), HERE[-1]],
        cwd=Path(__file__).parents[2],
        timeout=seconds(10),
        check=False,
    )
    assert done.returncode == 130


if sys.platform != "win32":  # there nothing but the parent reaches it

    @pytest.mark.fault("The system ends the worker", "It ends in good order; nothing is lost")
    @pytest.mark.parametrize("name", HERE[:2])
    def test_the_worker_ends_in_good_order(settings: WorkerSettings, name: str) -> None:
        process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE)
        assert process.stdin is not None
        process.stdin.write(message_line({"settings": settings.to_json()}))
        process.stdin.flush()

        def log() -> str:
            return settings.log_file.read_text() if settings.log_file.exists() else ""

        until(lambda: "worker started" in log(), what="the start of the worker")
        process.send_signal(getattr(signal, name))
        assert process.wait(seconds(10)) == 0
        assert "worker ended" in log()
        process.stdin.close()

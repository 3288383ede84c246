"""Processes as people and systems start and end them, on every system.

A test that ends a process says how by these, and by no signal of its own: Windows has no
``SIGKILL`` and no ``/proc``, and its Ctrl-C reaches a whole console.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tests.patience import seconds

ON_WINDOWS: Final = sys.platform == "win32"

CLOSING: Final = ("SIGINT", "SIGBREAK") if ON_WINDOWS else ("SIGINT", "SIGTERM", "SIGHUP")
"""How a person or a system asks a program at a terminal to end."""
KILLED: Final = 1 if ON_WINDOWS else -9
"""The return code of a process after ``kill``."""
WAIT: Final = "import time; time.sleep(9999)"
"""A program that does nothing until it is ended."""

_STILL_ACTIVE: Final = 259
_QUERY: Final = 0x1000
_NEW_CONSOLE: Final = 0x10
_SEND: Final = """
import ctypes, sys
console = ctypes.WinDLL("kernel32", use_last_error=True)
console.FreeConsole()
if not (
    console.AttachConsole(int(sys.argv[1]))
    and console.SetConsoleCtrlHandler(None, True)
    and console.GenerateConsoleCtrlEvent(int(sys.argv[2]), 0)
):
    sys.exit(f"no event can be sent: {ctypes.WinError(ctypes.get_last_error())}")
"""
"""Joins the other's console and sends to all of it; it does not hear Ctrl-C itself."""


def start_as_from_terminal(command: Sequence[str], **how: Any) -> "subprocess.Popen[str]":
    """Start a process so that ``send`` reaches it, and it alone; ``how`` is for ``Popen``."""
    if ON_WINDOWS:
        return subprocess.Popen(command, creationflags=_NEW_CONSOLE, **how)
    # Where the tests run under ``nohup``, all they start would ignore that the terminal closes.
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        return subprocess.Popen(command, **how)
    finally:
        signal.signal(signal.SIGHUP, before)


def send(process: subprocess.Popen[Any], name: str) -> None:
    """Send one of CLOSING to a process that was came of ``start_as_from_terminal``."""
    if not ON_WINDOWS:
        process.send_signal(signal.Signals[name])
        return
    event = {"SIGINT": "0", "SIGBREAK": "1"}[name]
    sent = subprocess.run(
        [sys.executable, "-c", _SEND, str(process.pid), event],
        check=False,
        capture_output=True,
        timeout=seconds(20),
    )
    if b"no event" in sent.stderr:  # its return code says nothing: what it sent may end it, too
        process.kill()
        process.communicate()
        raise AssertionError(sent.stderr)


def kill(pid: int) -> None:
    """End it at once, with no chance to say or tidy anything."""
    os.kill(pid, signal.SIGTERM if ON_WINDOWS else signal.SIGKILL)


def is_running(pid: object) -> bool:
    """Whether there is such a process that has not ended."""
    if ON_WINDOWS:
        return _is_running_on_windows(int(str(pid)))
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _is_running_on_windows(pid: int) -> bool:
    import ctypes  # late: only Windows is asked this way

    system: Any = getattr(ctypes, "windll").kernel32  # noqa: B009 - there on Windows only
    process = system.OpenProcess(_QUERY, False, pid)
    if not process:
        return False
    code = ctypes.c_ulong()
    system.GetExitCodeProcess(process, ctypes.byref(code))
    system.CloseHandle(process)
    return code.value == _STILL_ACTIVE

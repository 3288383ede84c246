"""How a script for a background Blender starts, reports and ends.

Blender's Python runs isolated and does not look in a script's own folder, so a script cannot
import this; it runs it::

    entry = runpy.run_path(str(Path(__file__).with_name("entry.py")))

It is started as ``blender -b --factory-startup --python SCRIPT -- job.json``, or under Python with
the bpy module as ``python -I SCRIPT -- job.json``. ``job.json`` names the ``report`` to write:
``{"ok": true, ...}``, or ``{"ok": false, "message", "hint", "details"}`` with the message as
``catalog.messages.pack`` writes it and details for the log; with ``"kept": true`` where nothing is
wrong with what was delivered, see ``failure.NoReader``. The exit code is 0 whenever a report was
written.

With ``-`` in place of ``job.json`` it gets ready first and waits: a line on stdin says where the
order is, as JSON; where stdin ends without one, so does the script.

Where the environment says that it is ``OWNED``, it ends when stdin closes: whoever wanted the work
is gone, and may start it again on the same files.
"""

import faulthandler
import gc
import importlib
import json
import logging
import os
import runpy
import socket
import stat
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, Final, NoReturn

log = logging.getLogger("studio3d.background")

PACKAGE = "studio3d"
"""As ``worker.bootstrap`` calls it."""

OWNED = "STUDIO3D_OWNED"
"""As ``worker.background`` has it."""

ON_STDIN = "-"
"""As ``worker.script_process`` has it."""
LINE_BYTES = 32_768
"""Of a path, at the most."""
FILES = 16
"""That are handed over, at the most."""

ROOT = Path(__file__).resolve().parents[2]

Work = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes the job and returns what the report says beside ``ok``."""


def load(module: str) -> ModuleType:
    """Import a module of the extension, for example ``blender.background.export``."""
    if PACKAGE not in sys.modules:
        runpy.run_path(str(ROOT / "worker" / "bootstrap.py"))["load_package"]()
    return importlib.import_module(f".{module}", PACKAGE)


Extra = Callable[[dict[str, Any], dict[str, Any]], None]
"""Takes the job and the report."""


def main(
    work: Work,
    *,
    message: str,
    hint: str,
    afterwards: Extra | None = None,
    get_ready: Callable[[], object] = bool,
) -> NoReturn:
    """Do the job named on the command line, report, and leave Blender.

    ``message``, with ``{error}``, and ``hint`` are for trouble that the work does not foresee.
    ``afterwards`` is for what may fail once the work is done and its report written, ``get_ready``
    for what can be done before the job is known.
    """
    _waste_nothing()
    memory = runpy.run_path(str(ROOT / "worker" / "memory_limit.py"))
    memory["keep_to_limit"]()
    runpy.run_path(str(ROOT / "worker" / "streams.py"))["in_utf8"]()
    load("service.whole_files").may_wait()
    (job_file,) = sys.argv[sys.argv.index("--") + 1 :]
    if job_file == ON_STDIN:
        get_ready()
        job_file = _line_from_owner()
    if os.environ.get(OWNED) and _is_from_owner(os.fstat(0).st_mode):
        threading.Thread(target=_end_with_owner, args=(_stdin(),), daemon=True).start()
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    report = _report(work, job, message, hint)
    if not report["ok"] and memory["SIGNS"].search(json.dumps(report)):
        said = {"template": memory["TOLD"], "parts": {"limit": memory["told_limit"]()}}
        report |= {"message": said, "hint": memory["HINT"]}
    _write(Path(job["report"]), report)
    if report["ok"] and afterwards is not None:
        try:
            afterwards(job, report)
        except Exception:  # whatever it is, the work is done without it
            log.exception("%s left something out", sys.argv[0])
    # The bpy module of some versions hangs or crashes while Python ends; all is written by now.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


EXTRA_SECONDS = 6.0
"""What takes longer after the work is done without: the process then ends at once."""


def within_reason() -> None:
    """Let what is done ``afterwards`` end the process when it takes too long."""
    # A thread outside Python, which a render cannot hold up.
    faulthandler.dump_traceback_later(EXTRA_SECONDS, exit=True)


YOUNG: Final = 200_000
"""Objects after which Python looks for cycles: a mesh as lists is a million, and none is in one."""


def _waste_nothing() -> None:
    """Leave out what costs a short process more than it is good for."""
    gc.freeze()  # Blender's own objects stay, and there are many to look through in vain
    gc.set_threshold(YOUNG)
    # For numpy, which is loaded later. Its sums are small, and threads that wait are busy. Its
    # arrays are gone soon, and the system takes longer to find huge pages than they save.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")


_held: list[int] = []
"""Files that are locked as long as they are open here."""


def _line_from_owner() -> str:
    """Where the order is, from ``worker.order_line``; where there is none, nobody wants the work.

    What is handed over with it stays open to the end.
    """
    line = b""
    while not line.endswith(b"\n"):
        if sys.platform != "win32" and stat.S_ISSOCK(os.fstat(0).st_mode):
            read, files, *_ = socket.recv_fds(socket.socket(fileno=os.dup(0)), LINE_BYTES, FILES)
            _held.extend(files)
        else:
            read = os.read(0, 1)
        if not read:
            os._exit(0)
        line += read
    return str(json.loads(line))


def _is_from_owner(mode: int) -> bool:
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _stdin() -> BinaryIO:
    found: BinaryIO = runpy.run_path(str(ROOT / "worker" / "stdin_pipe.py"))["opened"]()
    return found


def _end_with_owner(stdin: BinaryIO) -> None:
    """Leave when stdin closes; an operator of Blender's is finished first."""
    while stdin.read(1):
        pass
    os._exit(1)


def _report(work: Work, job: dict[str, Any], message: str, hint: str) -> dict[str, Any]:
    try:
        return {"ok": True, **work(job)}
    except Exception as error:  # Blender's operators raise anything; people need words
        foreseen = getattr(error, "report", None)  # see ``failure.PreparationFailed``
        if callable(foreseen):
            report: dict[str, Any] = foreseen()
            return report
        log.exception("%s broke down", sys.argv[0])
        why = load("blender.model.failure").own_words(error) or type(error).__name__
        said = {"template": message, "parts": {"error": load("catalog.messages").pack(why)}}
        return {"ok": False, "message": said, "hint": hint, "details": traceback.format_exc()}


def _write(path: Path, report: dict[str, Any]) -> None:
    """Write the report so that nobody ever sees half of it."""
    load("service.whole_files").write(path, json.dumps(report).encode())

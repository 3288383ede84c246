"""How much memory a process may take that reads what came from elsewhere.

A file of a few hundred bytes can announce numbers for which a reader takes gigabytes. The process
that reads it, a background Blender or the worker, limits itself before it begins; so Blender, with
the user's scene, keeps what it needs. It is a share of this machine's memory, or what the
environment says, in megabytes; 0 is no limit.

Linux counts what a process has to write into (``RLIMIT_DATA``), Windows what it has reserved (a job
object). macOS offers no limit that it keeps: there ``memory_watch`` looks at a background Blender.

A file of its own without relative imports: scripts for a background Blender run it, as they do
``bootstrap``.
"""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

VARIABLE: Final = "STUDIO3D_MEMORY_MB"
SHARE: Final = 0.5
"""Of the memory the machine has. A Blender that has done nothing yet takes 0.2 to 0.5 GB."""
LEAST: Final = 9 * 1024**3 // 2
"""Bytes, where that is less, as with 8 GB. Measured in Blender 4.2 and 5.2 with a model that wears
16 pictures of 4096 x 4096: making it ready takes 0.4 GB, baking these onto another one in pictures
of 2048 x 2048 takes 2.6 GB; of 4096 x 4096 (in 4.2 alone) 3.8 GB."""
MOST_SHARE: Final = 0.75
"""Of the memory the machine has: more is not allowed for ``LEAST`` either."""
MOST_FILE: Final = 16 * 1024**3
"""Bytes of a file it may write."""
MEGABYTE: Final = 1024**2

SIGNS: Final = re.compile(
    r"MemoryError|bad_alloc|out of memory|unable to allocate|cannot allocate memory"
    r"|[cm]alloc (array )?(returns null|failed)",
    re.IGNORECASE,
)
"""What Python, numpy, Blender and its importers say when they get no more."""

TOLD: Final = "This takes more memory than the {limit} GB that a background Blender may use here."
HINT: Final = (
    "A smaller model takes less; more is allowed by STUDIO3D_MEMORY_MB in the environment."
)


def limit(environ: Mapping[str, str] = os.environ) -> int | None:
    """The bytes allowed; None for no limit."""
    said = environ.get(VARIABLE, "").strip()
    if said.isdecimal():
        return int(said) * MEGABYTE or None
    total = _of_machine()
    if total is None:
        return None
    return min(max(LEAST, int(total * SHARE)), int(total * MOST_SHARE))


def told_limit(allowed: int | None = None) -> str:
    """The limit in gigabytes, for ``TOLD``: the usual one, or the bytes that a process had."""
    return f"{(allowed or limit() or 0) / 1024**3:.1f}"


def keep_to_limit() -> None:
    """Hold this process to it, as far as the system does."""
    allowed = limit()
    if sys.platform == "win32":
        if allowed is not None:
            _join_job(allowed)
    else:
        import resource  # there is none on Windows

        _lower(resource.RLIMIT_CORE, 0)  # a copy of all its memory helps nobody
        _lower(resource.RLIMIT_FSIZE, MOST_FILE)
        if allowed is not None and sys.platform == "linux":
            _lower(resource.RLIMIT_DATA, allowed)
            _go_first()


if sys.platform == "win32":
    import ctypes

    PROCESS_MEMORY: Final = 0x100
    EXTENDED: Final = 9

    class _Basic(ctypes.Structure):
        _fields_ = (
            ("process_time", ctypes.c_int64),
            ("job_time", ctypes.c_int64),
            ("flags", ctypes.c_uint32),
            ("least_working_set", ctypes.c_size_t),
            ("most_working_set", ctypes.c_size_t),
            ("processes", ctypes.c_uint32),
            ("affinity", ctypes.c_size_t),
            ("priority", ctypes.c_uint32),
            ("scheduling", ctypes.c_uint32),
        )

    class _Extended(ctypes.Structure):
        _fields_ = (
            ("basic", _Basic),
            ("io", ctypes.c_uint64 * 6),
            ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t),
            ("peak_process", ctypes.c_size_t),
            ("peak_job", ctypes.c_size_t),
        )

    class _Memory(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_uint32),
            ("load", ctypes.c_uint32),
            ("total", ctypes.c_uint64),
            ("others", ctypes.c_uint64 * 6),
        )

    def _join_job(allowed: int) -> None:
        """Put this process into a job of its own, which ends with it."""
        system: Any = ctypes.WinDLL("kernel32", use_last_error=True)
        system.CreateJobObjectW.restype = ctypes.c_void_p
        system.GetCurrentProcess.restype = ctypes.c_void_p
        settings = _Extended()
        settings.basic.flags = PROCESS_MEMORY
        settings.process_memory = allowed
        job = ctypes.c_void_p(system.CreateJobObjectW(None, None))
        size = ctypes.sizeof(settings)
        if system.SetInformationJobObject(job, EXTENDED, ctypes.byref(settings), size):
            system.AssignProcessToJobObject(job, ctypes.c_void_p(system.GetCurrentProcess()))

    def _of_machine() -> int | None:
        memory = _Memory(length=ctypes.sizeof(_Memory))
        known = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(memory))
        return int(memory.total) if known else None

else:

    def _lower(what: int, to: int) -> None:
        """Lower a limit of this process; a lower one that somebody set stays."""
        import resource

        _, most = resource.getrlimit(what)
        if most in {resource.RLIM_INFINITY, -1} or most > to:
            resource.setrlimit(what, (to, to))

    def _go_first() -> None:
        """If the machine has no memory left all the same, let it be this process that ends."""
        try:
            Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")
        except OSError:
            return

    def _of_machine() -> int | None:
        """Bytes of memory, or of what a container has of it; None where the system does not say."""
        try:
            total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        except (ValueError, OSError):
            return None
        try:
            of_container = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
        except OSError:
            return total
        return min(total, int(of_container)) if of_container.isdecimal() else total

"""What a process takes of the machine, and what lies on its disk."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sample:
    """The worker and its files when so many jobs had ended; sizes in bytes."""

    ended: int
    pid: int
    memory: int
    handles: int
    threads: int
    children: int
    store: int
    wal: int
    """Of what is written but not yet in the store's own file."""
    logs: int


def sample(pid: int, ended: int, store: Path, logs: Path) -> Sample | None:
    """Look at the worker now; None if it is just ending."""
    process = Path(f"/proc/{pid}")
    try:
        words = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        children = [
            child
            for task in (process / "task").iterdir()
            for child in (task / "children").read_text().split()
        ]
        handles = len(list((process / "fd").iterdir()))
        memory, threads = int(words["VmRSS"].split()[0]) * 1024, int(words["Threads"])
    except (OSError, KeyError):
        return None
    wal = store.with_name(f"{store.name}-wal")
    sizes = [file.stat().st_size for file in logs.iterdir()]
    return Sample(
        ended,
        pid,
        memory,
        handles,
        threads,
        len(children),
        store.stat().st_size,
        wal.stat().st_size if wal.exists() else 0,
        sum(sizes),
    )

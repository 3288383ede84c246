"""Which files of results are used by which .blend files, as far as Blender has told."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from .account_notes import AccountNotes


@dataclass(frozen=True, slots=True)
class FileUse:
    """A file that a .blend refers to."""

    path: Path
    blend: str
    """Where the .blend is; "" for one that was not saved yet."""
    noted_at: float


class FileUses(AccountNotes):
    """The uses' part of the store. A use is never taken back: backups refer to it as well."""

    def note_uses(self, blend: str, paths: Collection[Path]) -> None:
        """Write down that the .blend refers to the files."""
        if not paths:
            return
        now = self._clock.now()
        with self._transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO uses VALUES (?, ?, ?)",
                [(str(path), blend, now) for path in paths],
            )

    def uses(self) -> list[FileUse]:
        """All that was ever noted."""
        with self._lock:
            found = self._db.execute("SELECT path, blend, noted_at FROM uses").fetchall()
        return [FileUse(Path(row["path"]), row["blend"], row["noted_at"]) for row in found]

"""The open file under the job store: one connection, one lock, whole transactions."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .clock import Clock, SystemClock
from .schema import StoreUnusable, migrate

BUSY_MILLISECONDS = 5000


class Database:
    """A SQLite file in WAL mode that many processes write to. Any thread may use it.

    ``durable`` makes every commit survive a power cut: runners need that before they spend
    credits, an interface that only adds rows and reads them does not.
    """

    def __init__(self, path: Path, *, durable: bool = True, clock: Clock | None = None) -> None:
        """Open or make the file; raises StoreUnusable."""
        self._clock: Clock = clock or SystemClock()
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = sqlite3.connect(
                path,
                timeout=BUSY_MILLISECONDS / 1000,
                isolation_level=None,
                check_same_thread=False,
            )
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            migrate(self._db)
            path.chmod(0o600)
        except (sqlite3.Error, OSError) as error:
            raise StoreUnusable(
                f"The job list {path} cannot be opened: {error}",
                hint="Check the folder's permissions and free space; if the file is damaged, "
                "rename it and a new one is made.",
            ) from error

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def data_version(self) -> int:
        """A number that differs whenever anything was written, by anyone. Takes microseconds."""
        with self._lock:
            (by_others,) = self._db.execute("PRAGMA data_version").fetchone()
            return int(by_others) + self._db.total_changes

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                # After some errors, a full disk for one, SQLite has rolled back by itself.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

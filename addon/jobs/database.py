"""The open file under the job store: one connection, one lock, whole transactions."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Final

from ..catalog.messages import Message
from .clock import Clock, SystemClock
from .schema import StoreBusy, StoreUnusable, is_busy, migrate

PATIENCE = 5.0
"""Seconds a runner waits while another process writes."""

INTERFACE_PATIENCE = 0.25
"""The same for an interface, which people wait for."""


AGAIN: Final = "Try again in a moment."


def _not_opened(path: Path, error: Exception) -> StoreUnusable:
    """Why, with what to do about just that: a list is not to be given up because it is locked."""
    if is_busy(error):
        return StoreBusy("The job list is busy: nothing was changed.", hint=AGAIN)
    message = Message("The job list {path} cannot be opened: {error}", path=path, error=error)
    if isinstance(error, sqlite3.OperationalError | OSError):
        return StoreUnusable(message, hint="Check the folder's permissions and free space.")
    return StoreUnusable(message, hint="If the file is damaged, rename it and a new one is made.")


class Database:
    """A SQLite file in WAL mode that many processes write to. Any thread may use it.

    ``durable`` makes every commit survive a power cut: runners need that before they spend
    credits, an interface that only adds rows and reads them does not. Such an interface does not
    wait long either: it gets StoreBusy where a runner gets sqlite3's error and tries again.
    """

    def __init__(self, path: Path, *, durable: bool = True, clock: Clock | None = None) -> None:
        """Open or make the file; raises StoreUnusable."""
        self.path = path
        self._clock: Clock = clock or SystemClock()
        self._lock = threading.RLock()
        self._durable = durable
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = sqlite3.connect(
                path,
                timeout=PATIENCE if durable else INTERFACE_PATIENCE,
                isolation_level=None,
                check_same_thread=False,
            )
            with ExitStack() as unusable:  # on Windows nobody could rename what is held open
                unusable.callback(self._db.close)
                self._prepare()
                unusable.pop_all()
        except (sqlite3.Error, OSError) as error:
            raise _not_opened(path, error) from error

    def _prepare(self) -> None:
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'NORMAL'}")
        migrate(self._db)
        self.path.chmod(0o600)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def data_version(self) -> int:
        """A number that differs whenever anything was written, by anyone. Takes microseconds."""
        with self._lock:
            (by_others,) = self._db.execute("PRAGMA data_version").fetchone()
            return int(by_others) + self._db.total_changes

    def as_one(self) -> AbstractContextManager[None]:
        """What is changed in the block is changed together, or not at all."""
        return self._transaction()

    @contextmanager
    def _view(self) -> Iterator[None]:
        """What is read in the block is of one moment."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            if self._db.in_transaction:  # after some errors SQLite has ended it
                self._db.execute("COMMIT")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            is_part = self._db.in_transaction  # of what ``as_one`` holds together
            if is_part:
                yield
                return
            self._begin()
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                # After some errors, a full disk for one, SQLite has rolled back by itself.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _begin(self) -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if self._durable:
                raise
            raise StoreBusy("The job list is busy: nothing was changed.", hint=AGAIN) from error

"""The file that the log is written to. ``logs`` loads it with the first thing to write."""

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

MAX_BYTES = 1024 * 1024
BACKUPS = 2


class LogFile(RotatingFileHandler):
    """One that cannot be written is nobody's trouble."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            maxBytes=MAX_BYTES,
            backupCount=BACKUPS,
            encoding="utf-8",
            delay=True,
            errors="backslashreplace",  # file names can hold what is no character
        )

    def rotate(self, source: str, dest: str) -> None:
        """Go on in a file that cannot be renamed: on Windows while another process logs, too."""
        with suppress(OSError):
            super().rotate(source, dest)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - of the base class
        """Not to stderr, as the base class does: that is for people."""

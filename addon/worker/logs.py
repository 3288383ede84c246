"""The worker's log file: small, rotating, without secrets."""

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from ..service.redaction import RedactingFormatter

MAX_BYTES = 1024 * 1024
BACKUPS = 2
FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


class _LogFile(RotatingFileHandler):
    """Made when there is something to write; one that cannot be written is nobody's trouble."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            maxBytes=MAX_BYTES,
            backupCount=BACKUPS,
            encoding="utf-8",
            delay=True,
            errors="backslashreplace",  # file names can hold what is no character
        )

    def emit(self, record: logging.LogRecord) -> None:
        try:
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return
        super().emit(record)

    def rotate(self, source: str, dest: str) -> None:
        """Go on in a file that cannot be renamed: on Windows while another process logs, too."""
        with suppress(OSError):
            super().rotate(source, dest)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - of the base class
        """Not to stderr, as the base class does: that is for people."""


def log_handler(path: Path, formatter: RedactingFormatter) -> logging.Handler:
    """What writes log records to ``path``."""
    handler = _LogFile(path)
    handler.setFormatter(formatter)
    return handler


def start_log(path: Path) -> RedactingFormatter:
    """Send this process's log records to ``path``; secrets are added to the returned formatter."""
    formatter = RedactingFormatter(FORMAT)
    root = logging.getLogger()
    root.addHandler(log_handler(path, formatter))
    root.setLevel(logging.INFO)
    # urllib3 tells every request at DEBUG and full addresses in its warnings.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    return formatter

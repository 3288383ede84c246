"""The worker's log file: small, rotating, without secrets."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from ..service.redaction import RedactingFormatter

MAX_BYTES = 1024 * 1024
BACKUPS = 2
FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


def start_log(path: Path) -> RedactingFormatter:
    """Send this process's log records to ``path``; secrets are added to the returned formatter."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(
        path,
        maxBytes=MAX_BYTES,
        backupCount=BACKUPS,
        encoding="utf-8",
        errors="backslashreplace",  # file names can hold what is no character
    )
    formatter = RedactingFormatter(FORMAT)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # urllib3 tells every request at DEBUG and full addresses in its warnings.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    return formatter

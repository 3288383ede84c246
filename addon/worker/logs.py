"""The worker's log file: small, rotating, without secrets."""

import logging
from pathlib import Path

from ..service.redaction import RedactingFormatter

FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


class _LateFile(logging.Handler):
    """Made when there is something to write: most commands write nothing."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return
        if self._file is None:
            from .log_file import LogFile

            self._file = LogFile(self._path)
            self._file.setFormatter(self.formatter)
        self._file.emit(record)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


def log_handler(path: Path, formatter: RedactingFormatter) -> logging.Handler:
    """What writes log records to ``path``."""
    handler = _LateFile(path)
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

"""What makes an order the same order: its settings and the contents of its files."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..catalog import Request, Value, get
from ..catalog.encoders import is_address
from ..jobs.paths import FILE_KINDS
from ..service.whole_files import open_to_read


class Digests:
    """Digests of requests; a file named by several rows is read once."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}

    def of_request(self, request: Request, *context: str) -> str:
        """The same for the same order, wherever its files lie; raises OSError.

        ``context`` tells apart what is otherwise the same, for example the second of two rows.
        """
        operation = get(request.operation)
        values = {
            name: self._contents(value) if operation.field(name).kind in FILE_KINDS else value
            for name, value in request.values.items()
        }
        return digest([request.operation, request.mode, values, *context])

    def _contents(self, value: Value) -> Any:
        if isinstance(value, Mapping):
            return {name: self._content(path) for name, path in value.items()}
        if isinstance(value, tuple):
            return [self._content(path) for path in value]
        return self._content(str(value))

    def _content(self, location: str) -> str:
        if is_address(location):
            return location
        if location not in self._files:
            with open_to_read(Path(location)) as file:
                self._files[location] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._files[location]


def digest(document: Any) -> str:
    """32 hex digits that stand for a JSON document."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]

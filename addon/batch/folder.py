"""The output folder: what lies where, who may work in it, and files that are never half written.

::

    OUT/
    ├── batch.sqlite            the orders and their tasks; only the host that fetches opens it
    ├── batch.lock              held while somebody works in the folder
    ├── assets/NAME-KEY/        one folder per row
    │   ├── source/             what the service delivered
    │   ├── paid.json           which tasks of the service that was, should the list be lost
    │   ├── order.json          what is to be made of it
    │   ├── asset.json          what was made of it; written last
    │   └── NAME.blend, NAME.glb, preview.png, ...
    ├── library/                an asset library for Blender
    └── report.html, report.json

Paths in the JSON files are relative, so the folder can be mounted elsewhere on another host.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..jobs.file_locks import locked
from ..service import json_text, whole_files

ORDER = "order.json"
RECORD = "asset.json"
PAID = "paid.json"
SOURCE = "source"


class BatchFolder:
    """One batch's folder; nothing is made before it is needed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def store(self) -> Path:
        return self.root / "batch.sqlite"

    @property
    def is_begun(self) -> bool:
        """Whether anything was ordered into it, be its list of orders there or lost."""
        return self.store.exists() or any(self.root.glob(f"assets/*/{PAID}"))

    @property
    def library(self) -> Path:
        return self.root / "library"

    @property
    def log(self) -> Path:
        return self.root / "log.txt"

    def asset(self, name: str) -> Path:
        """The folder of one row."""
        return self.root / "assets" / name

    def source(self, name: str) -> Path:
        """Where the service's files of one row go."""
        return self.asset(name) / SOURCE

    def order(self, name: str) -> Path:
        """What is to be made of the row's files."""
        return self.asset(name) / ORDER

    def paid(self, name: str) -> Path:
        """What was paid for it; see ``receipts``."""
        return self.asset(name) / PAID

    def record(self, name: str) -> Path:
        """What was made of them."""
        return self.asset(name) / RECORD

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only one that runs the batch; raises FilesBusy.

        What a killed run left half written of receipts goes: not each of them is written again.
        """
        with locked(self.root / "batch.lock"):
            for part in self.root.glob(f"assets/*/{PAID}.part"):
                whole_files.discard(part)
            yield

    @contextmanager
    def lock_asset(self, name: str) -> Iterator[None]:
        """Be the only one that processes the asset; raises FilesBusy."""
        with locked(self.asset(name) / ".lock"):
            yield


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a document as ``write_text`` does."""
    write_text(path, json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write so that there is always the old file or the whole new one, power cut included.

    Whoever writes holds the folder's lock, so what a killed process left of it is overwritten.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    whole_files.write(path, text.encode(), sync=True)


def read_json(path: Path) -> dict[str, Any] | None:
    """The document; None if there is none or it is damaged: it is then made again."""
    try:
        document = json_text.read(whole_files.read(path))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None

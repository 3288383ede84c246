"""What was done so far, on disk before the next thing is: no step is paid twice."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from scripts.live_checks.findings import Finding, clean, unique

SENDING, SENT, UNANSWERED, DONE = "sending", "sent", "unanswered", "done"
"""SENDING that is found on disk means the same as UNANSWERED: the program ended meanwhile."""


@dataclass(slots=True)
class Entry:
    """One step. Credits are decimals as text.

    ``spent`` counts for the budget: what was charged, at least the price unless that came back.
    """

    state: str
    task_id: str = ""
    before: str = ""
    spent: str = "0"
    findings: list[Finding] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    """What cannot be wrong, in words: which of several allowed things the service does."""


class JournalUnusable(Exception):
    """The file cannot be read, or belongs to another account."""


class Journal:
    """The file beside the report. Findings in it have no secrets; task ids stay here."""

    def __init__(self, path: Path, account: str, key: str) -> None:
        """``account`` tells accounts apart without giving the key away."""
        self._path = path
        self._account = account
        self._key = key
        self.entries: dict[str, Entry] = {}
        self.submissions: list[float] = []
        """Unix times of the last ones, for the service's limit."""

    @classmethod
    def open(cls, path: Path, account: str, key: str) -> Self:
        """Go on with the file, or begin a new one. Raises JournalUnusable."""
        journal = cls(path, account, key)
        if not path.exists():
            return journal
        try:
            kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            for name, entry in kept["steps"].items():
                findings = [Finding(**found) for found in entry.pop("findings")]
                journal.entries[name] = Entry(**entry, findings=findings)
            journal.submissions = list(kept["submissions"])
            owner = kept["account"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise JournalUnusable(
                f"{path} cannot be read ({error}). It says what was paid already: move it away "
                "only if you know what it held."
            ) from error
        if owner != account:
            raise JournalUnusable(
                f"{path} belongs to another key or address. Give another --report."
            )
        return journal

    def record(self, name: str, entry: Entry) -> None:
        """Write the step down; it is on the disk when this returns. Raises OSError."""
        entry.findings = unique(found.cleaned(self._key) for found in entry.findings)
        entry.seen = list(dict.fromkeys(clean(text, self._key) for text in entry.seen))
        self.entries[name] = entry
        self.save()

    def forget(self, name: str) -> None:
        """The step was not taken after all."""
        del self.entries[name]
        self.save()

    def save(self) -> None:
        """Write everything, the whole file or nothing."""
        document = {
            "account": self._account,
            "steps": {name: asdict(entry) for name, entry in self.entries.items()},
            "submissions": self.submissions[-1000:],
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_name(self._path.name + ".part")
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)

"""Trouble that is told to the user."""

from typing import Any


class PreparationFailed(Exception):
    """The model cannot be prepared; the text says why, ``hint`` what to do next."""

    def __init__(self, message: str, *, hint: str = "", **parts: object) -> None:
        """Take both as sentences; ``parts`` fill the ``{names}`` in the message."""
        texts = {name: str(part) for name, part in parts.items()}
        super().__init__(message.format(**texts) if texts else message)
        self.template = message
        self.parts = texts
        self.hint = hint

    def report(self) -> dict[str, Any]:
        """For the worker, with the message as ``catalog.sentences.pack`` would write it."""
        message = {"template": self.template, "parts": self.parts}
        return {"ok": False, "message": message, "hint": self.hint}

"""Trouble that is told to the user."""

import re
from typing import Any, Final

from ...catalog.messages import pack


class PreparationFailed(Exception):
    """The model cannot be prepared; the text says why, ``hint`` what to do next."""

    def __init__(self, message: str, *, hint: str = "", details: str = "", **parts: object) -> None:
        """Take message and hint as sentences; ``parts`` fill the ``{names}`` in the message.

        ``details`` are for the log: what Blender said, whole.
        """
        texts = {name: part if isinstance(part, str) else str(part) for name, part in parts.items()}
        super().__init__(message.format(**texts) if texts else message)
        self.template = message
        self.parts = texts
        self.hint = hint
        self.details = details

    @property
    def message(self) -> dict[str, Any]:
        """As ``catalog.messages.pack`` would write it."""
        parts = {name: pack(part) for name, part in self.parts.items()}
        return {"template": self.template, "parts": parts}

    def report(self) -> dict[str, Any]:
        """For the worker."""
        return {"ok": False, "message": self.message, "hint": self.hint, "details": self.details}


class NoReader(PreparationFailed):
    """Nothing is wrong with the file, as far as can be seen: this Blender does not read its kind.

    The result is there, and is kept for a program that reads it.
    """

    def report(self) -> dict[str, Any]:
        return super().report() | {"kept": True}


TRACEBACK: Final = re.compile(r"Traceback \(most recent call last\)")

PATH: Final = re.compile(
    r"""\s*(?:['"](?:[A-Za-z]:)?[\\/][^'"]*['"]|(?<![\w.])(?:[A-Za-z]:)?(?:[\\/][^\\/\s'",;]+){2,})"""
)
"""A whole path, between quotation marks or without blanks."""


POLL: Final = re.compile(r"^Operator bpy\.ops\.[\w.]+\.poll\(\) (?:failed, context is incorrect$)?")
"""What Blender puts before the reason of an operator that cannot be used; in place of one, too."""

BROKEN: Final = "It could not be done: Blender's console says why."

MOST_LETTERS: Final = 1000
"""Of a line that is told; looking for paths in a longer one takes long."""


def reported(error: RuntimeError) -> str:
    """What an operator of ours said to the script that called it, which Blender raises.

    That is its error, whole, or why it cannot be used now. Where it broke Blender hands on the
    traceback: it is in the console, and here is a sentence for it.
    """
    text = POLL.sub("", str(error).strip().removeprefix("Error: "))
    return BROKEN if TRACEBACK.search(text) or not text else text


def own_words(error: BaseException) -> str:
    """What an error says in one line, without the folders of this machine; "" if in no words.

    Blender's operators hand on what they report, or the whole traceback of what broke in them: of
    that nobody can make anything.
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(error).strip().removeprefix("Error: ")
    if TRACEBACK.search(text):
        return ""
    lines = [line for line in text.splitlines() if line.strip()]
    said = PATH.sub("", lines[0][:MOST_LETTERS]) if lines else ""
    return " ".join(said.replace("()", "").split()).rstrip(".: ")

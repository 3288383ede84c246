"""Texts that go to strangers, as a report of a fault does, without the names in them."""

import getpass
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final

LEAST_NAME: Final = 3
"""Letters of a name that is looked for everywhere."""


def anonymous(text: str, folders: Mapping[str, str] | None = None) -> str:
    """The text without the names of the user and of the machine.

    ``folders`` are further paths, with the word that stands in the place of each.
    """
    for path, word in {**(folders or {}), str(Path.home()): "HOME"}.items():
        for written in {path, path.replace("\\", "/"), path.replace("\\", "\\\\")}:
            text = text.replace(written, word)
    names = ((_user(), "USER"), (Path.home().name, "USER"), (socket.gethostname(), "MACHINE"))
    for name, word in names:
        if len(name) >= LEAST_NAME:
            text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", word, text, flags=re.IGNORECASE)
    return text


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""

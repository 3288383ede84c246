"""What kind of system this is, in words that say nothing of whose it is."""

import locale
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

from addon.jobs.places import find_places
from addon.service.anonymous import anonymous
from addon.service.path_room import room
from addon.service.redaction import redact


def described() -> dict[str, Any]:
    """Facts that paths, encodings and processes depend on."""
    return {
        "system": f"{platform.system()} {platform.release()} ({platform.version()})",
        "machine": platform.machine(),
        "python": f"{sys.version.split()[0]} of {sys.platform}",
        "encodings": {
            "file names": sys.getfilesystemencoding(),
            "text files": locale.getpreferredencoding(do_setlocale=False),
            "stdout": getattr(sys.stdout, "encoding", None) or "none",
        },
        "capitals in file names": "differ" if capitals_differ() else "are the same",
        "characters left in the folder for results": room(find_places(os.environ).results),
    }


def capitals_differ() -> bool:
    """Whether ``a`` and ``A`` are two files here."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a").touch()
        return not (Path(folder) / "A").exists()


def scrubbed(text: str, folder: Path, secrets: tuple[str, ...]) -> str:
    """The text without keys, and without the names of the user and of the machine."""
    return anonymous(redact(text, secrets), {str(folder): "FOLDER"})

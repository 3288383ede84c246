"""How long paths may become: Windows takes 260 characters, the end included, as Blender does."""

import hashlib
import sys
from pathlib import Path
from typing import Final

from ..catalog.messages import Message

LONGEST_PATH: Final[dict[str, int]] = {"win32": 259, "darwin": 1000}
"""Characters by ``sys.platform``, a little less than what the system takes."""
ELSEWHERE: Final = 4000
NEEDED: Final = 150
"""Of every path that is made in a folder for results or for a batch; tests hold it to that."""
SHORT_NAME: Final = 40
"""Characters of a name that stands beside others in one path."""
FOLDER_NAME: Final = 30
"""The same of one whose folder has a date and a number too."""
DIGEST: Final = 8


def room(folder: Path, platform: str = sys.platform) -> int:
    """Characters that are left for what lies in the folder."""
    return LONGEST_PATH.get(platform, ELSEWHERE) - length(str(folder.absolute())) - 1


def too_deep(folder: Path, platform: str = sys.platform) -> Message | None:
    """Why nothing is to be put into the folder; None where all that we make fits."""
    if room(folder, platform) >= NEEDED:
        return None
    return Message(
        "{folder} has too long a path: on this system a path has {most} characters at most, and "
        "{needed} of them are needed in the folder.",
        folder=folder,
        most=LONGEST_PATH.get(platform, ELSEWHERE),
        needed=NEEDED,
    )


def length(text: str) -> int:
    """Characters as Windows counts them."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def short(text: str, most: int = SHORT_NAME) -> str:
    """The beginning of a file name without its ending, as ``names.safe_name`` made it."""
    return text[:most].rstrip(".-_ ")


def fitted(place: Path, most: int) -> Path:
    """The relative path, shortened where it has more characters than ``most``, which has to be 40.

    Files of one folder stay in one folder, and different paths stay different.
    """
    if length(str(place)) <= most:
        return place
    home = place.parent
    if length(str(home)) > most // 3:
        home = Path(_digest(str(home)))
    suffix = place.suffix if length(place.suffix) <= DIGEST else ""
    left = most - length(str(home)) - 1 - DIGEST - 1 - length(suffix)
    stem = place.stem
    while length(stem) > left:
        stem = stem[:-1]
    return home / f"{stem.rstrip('. ')}-{_digest(str(place))}{suffix}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST]

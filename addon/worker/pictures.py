"""A background Blender that makes a copy of a picture which the service takes, or judges photos."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ..catalog.messages import Message
from ..service.errors import InputUnreadable
from ..service.pictures import MAX_BYTES, MAX_SIDE, MIN_SIDE, Picture
from . import background
from .script_process import ScriptFailed
from .script_run import ScriptRun

log = logging.getLogger(__name__)

SCRIPTS: Final = Path(__file__).parent.parent / "blender" / "background"
TIMEOUT: Final = 180.0
"""Seconds for one picture; a photo of a hundred megapixels takes four."""


def fit_command(program: str) -> list[str]:
    """What starts our script in that Blender, or in a Python that has the bpy module."""
    return background.command(program, SCRIPTS / "fit_picture.py")


def photo_command(program: str) -> list[str]:
    """The same for the script that judges photos."""
    return background.command(program, SCRIPTS / "judge_photos.py")


class BlenderPictures:
    """Runs the command's script once per picture, one at a time: each may take much memory."""

    def __init__(self, command: Sequence[str], stop: threading.Event) -> None:
        self._script = ScriptRun(command, TIMEOUT, stop)
        self._turn = threading.Lock()

    def fit(self, source: Path, picture: Picture, folder: Path) -> Path:
        """Write the copy into ``folder``; raises InputUnreadable, or Stopped when it has to end."""
        order = {
            "source": str(source.absolute()),
            "folder": str(folder),
            "orientation": picture.orientation,
            "least": MIN_SIDE,
            "most": MAX_SIDE,
            "most_bytes": MAX_BYTES,
        }
        try:
            with self._turn:
                said = self._script.run(order)
        except OSError as error:
            raise InputUnreadable(
                Message("{name} could not be converted: {error}", name=picture.name, error=error)
            ) from error
        except ScriptFailed as error:
            raise InputUnreadable(error.message, hint=error.hint) from error
        return Path(said["to"])


class BlenderPhotos:
    """Runs the command's script once for all pictures it is asked about."""

    def __init__(self, command: Sequence[str], stop: threading.Event) -> None:
        self._command, self._stop = tuple(command), stop

    def faults(self, pictures: Sequence[Picture], paths: Sequence[Path]) -> list[list[str]]:
        """Find those of each; none where the script fails, for nothing depends on it.

        Raises Stopped when it has to end before.
        """
        order = {
            "photos": [
                {"path": str(path.absolute()), "orientation": picture.orientation}
                for picture, path in zip(pictures, paths, strict=True)
            ]
        }
        script = ScriptRun(self._command, TIMEOUT + len(paths) * PHOTO_TIMEOUT, self._stop)
        try:
            return [list(faults) for faults in script.run(order)["faults"]]
        except (OSError, ScriptFailed) as error:
            log.warning("no photo was judged: %s", error)
            return [[] for _ in paths]


PHOTO_TIMEOUT: Final = 10.0
"""Seconds for each picture beyond the first."""

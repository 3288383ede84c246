"""Where the extension keeps things on this machine, as far as Blender has a say in it."""

import os
import sys
import time
from pathlib import Path
from typing import Final

import bpy

from ...jobs.places import Places, find_places
from ...service.names import safe_name
from ...service.path_room import FOLDER_NAME, short
from . import options

BLENDER: Final = Path(__file__).parents[1]


def places() -> Places:
    """Job list, key file and logs: shared with the command line, see ``jobs.places``."""
    return find_places(os.environ)


def downloads() -> Path:
    """The folder below which every job gets its own."""
    chosen = options.read().downloads_folder
    return Path(bpy.path.abspath(chosen)).absolute() if chosen else places().results


def asset_library() -> Path:
    """The folder that results are saved into as assets, unless another library is chosen."""
    chosen = options.read().asset_library
    return Path(bpy.path.abspath(chosen)).absolute() if chosen else places().assets


def print_folder(chosen: str) -> Path:
    """The folder that files for slicers are written into."""
    return Path(bpy.path.abspath(chosen)).absolute() if chosen else downloads() / "prints"


def new_job_folder(name: str) -> Path:
    """A folder for one job's files that nobody uses yet; it is not made here."""
    day = time.strftime("%Y-%m-%d")
    return downloads() / f"{day}-{short(safe_name(name), FOLDER_NAME)}-{os.urandom(3).hex()}"


def new_picture(name: str) -> Path:
    """A file for a picture taken from Blender, without suffix, that nobody uses yet."""
    day = time.strftime("%Y-%m-%d")
    return downloads() / "pictures" / f"{day}-{safe_name(name)}-{os.urandom(3).hex()}"


def background_script(name: str) -> Path:
    """A script of the extension that runs in a background Blender."""
    return BLENDER / "background" / name


def asset_script() -> Path:
    """The script that makes assets in a background Blender."""
    return BLENDER / "background" / "assets" / "process_asset.py"


def newest_log() -> Path | None:
    """The log that was written to last; None if there is none."""
    return max(places().logs.glob("*.log"), key=_written_at, default=None)


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process may just begin a new one
        return 0.0


def libraries() -> Path:
    """The folder Blender unpacks the wheels of its extensions into."""
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    extensions = Path(bpy.utils.user_resource("EXTENSIONS"))
    return extensions / ".local" / "lib" / python / "site-packages"


def worker_script() -> Path:
    """The script the worker process starts with."""
    return BLENDER.parent / "worker" / "bootstrap.py"

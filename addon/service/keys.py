"""Where the API key comes from, and our own file for it. The key goes nowhere else from here."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ..catalog.messages import Message
from . import whole_files
from .dotenv import FILE_NAME, read_dotenv
from .errors import BadKey, NoKey

KEY_NAMES = ("3D_AI_STUDIO_API_KEY", "STUDIO3D_API_KEY")
"""Names in the environment or a ``.env`` file; the first one that is set wins."""

MAX_LENGTH = 512


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key and where it was found, in words for people."""

    key: str = field(repr=False)
    source: str


def find_key(
    *,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
    key_file: Path | None = None,
    saved_first: bool = False,
) -> FoundKey:
    """Look in the environment, then ``folder``'s .env, then the extension's own file.

    ``environ`` is the process's own and ``folder`` the working directory by default. With
    ``saved_first`` the own file comes before the .env: where nobody chooses the folder, what lies
    in it is not to stand in for the user's key. Raises NoKey, or BadKey if the first one found
    cannot be a key, or the .env cannot be read.
    """
    folder = _working_directory() if folder is None else folder
    variables = os.environ if environ is None else environ
    found = _named(variables, "the environment variable {name}", folder)
    if found is None and saved_first:
        found = saved_key(key_file)
    if found is None:
        found = _named(_of_folder(folder), IN_FOLDER, folder)
    if found is None:
        found = saved_key(key_file)
    if found is None:
        raise NoKey("No API key was found.")
    return found


def _of_folder(folder: Path) -> Mapping[str, str]:
    """What a key may be among; one that is there and not read would be another one's silently."""
    try:
        return read_dotenv(folder)
    except OSError as error:
        raise BadKey(
            Message(
                "{path} cannot be read: {reason}.", path=folder / FILE_NAME, reason=error.strerror
            ),
            hint="Save it as plain text in UTF-8, or remove it.",
        ) from error


IN_FOLDER: Final = "{name} in {file}"
"""Where a key of a folder is, in words."""


def _named(settings: Mapping[str, str], source: str, folder: Path) -> FoundKey | None:
    for name in KEY_NAMES:
        if settings.get(name, "").strip():
            words = Message(source, name=name, file=folder / FILE_NAME)
            return FoundKey(check_key(settings[name]), words)
    return None


def saved_key(key_file: Path | None) -> FoundKey | None:
    """The key in the extension's own file; None if there is none. Raises BadKey."""
    saved = "" if key_file is None else _read(key_file)
    return FoundKey(check_key(saved), IN_KEY_FILE) if saved else None


IN_KEY_FILE: Final = "the extension's key file"
"""Where a saved key is, in words."""


def stands_in(found: FoundKey, key_file: Path) -> bool:
    """Whether the key of a folder was found where another one is saved."""
    is_of_folder = getattr(found.source, "template", "") == IN_FOLDER
    try:
        saved = saved_key(key_file) if is_of_folder else None
    except BadKey:
        return False
    return saved is not None and saved.key != found.key


def _working_directory() -> Path:
    """The working directory; a folder without a .env where it was deleted meanwhile."""
    try:
        return Path.cwd()
    except OSError:
        return Path("/")


def save_key(key: str, key_file: Path) -> bool:
    """Write the key to a file only this user can read; raises BadKey or OSError.

    Returns whether that is so: there are disks that know no rights.
    """
    from .private_files import create, is_private  # late: on Windows it takes libraries

    checked = check_key(key)
    key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = key_file.with_name(key_file.name + ".part")
    whole_files.remove(part)
    with create(part) as file:
        file.write(checked + "\n")
    whole_files.replace(part, key_file)
    return is_private(key_file)


def forget_key(key_file: Path) -> bool:
    """Delete the extension's own key file; tells whether there was one. Raises OSError."""
    existed = key_file.exists()
    whole_files.remove(key_file)
    return existed


def check_key(key: str) -> str:
    """Return the key without outer blanks; raises BadKey if it cannot go into a header."""
    key = key.strip()
    if not key:
        raise BadKey("The API key is empty.")
    if len(key) > MAX_LENGTH or not key.isascii() or not key.isprintable() or " " in key:
        raise BadKey("This is not an API key: it contains characters a key cannot have.")
    return key


def account_id(key: str, address: str) -> str:
    """A name for the account that does not give the key away, for the shared submit limit."""
    return hashlib.sha256(key.encode()).hexdigest()[:12] + "@" + address


def _read(key_file: Path) -> str:
    try:
        return whole_files.read(key_file).decode("utf-8").strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadKey(
            Message(
                "The key file {key_file} cannot be read: {error}", key_file=key_file, error=error
            )
        ) from error

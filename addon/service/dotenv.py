"""The settings in a folder's ``.env`` file. Variables in them are not expanded."""

import codecs
import io
from pathlib import Path
from typing import Final

FILE_NAME = ".env"
MAX_BYTES = 64 * 1024
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How files begin that PowerShell writes."""


def read_dotenv(folder: Path) -> dict[str, str]:
    """The settings of ``folder``'s ``.env``; empty if there is none or it cannot be read."""
    path = folder / FILE_NAME
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return {}
        data = path.read_bytes()
        text = data.decode("utf-16" if data.startswith(UTF_16) else "utf-8-sig")
    except (OSError, UnicodeError):
        return {}
    return parse_dotenv(text)


def parse_dotenv(text: str) -> dict[str, str]:
    """``NAME=VALUE`` line by line, as python-dotenv reads it; other lines are passed over."""
    from dotenv import dotenv_values  # late: Blender's own process seldom meets a file

    found = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {name: value for name, value in found.items() if value is not None}

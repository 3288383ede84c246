"""Files for slicers that were written here, told from those of others by what stands in them."""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

STL_MARK: Final = b"Binary STL in millimetres"
"""How an STL of ours begins; a program that saves over it writes a line of its own."""
THREE_MF_MARK: Final = b'<metadata name="Application">3D AI Studio</metadata>\n'
"""What stands near the beginning of the model in a 3MF of ours."""
THREE_MF_MODEL: Final = "3D/3dmodel.model"
NEAR: Final = 2048
"""Bytes."""


def is_own(file: Path) -> bool:
    """Whether it was written here, and not saved over since; an OBJ does not tell."""
    try:
        if file.suffix.lower() == ".stl":
            with file.open("rb") as one:
                return one.read(len(STL_MARK)) == STL_MARK
        if file.suffix.lower() == ".3mf":
            with zipfile.ZipFile(file) as package:
                model = package.getinfo(THREE_MF_MODEL)
                if model.compress_type != zipfile.ZIP_DEFLATED:  # others may take gigabytes
                    return False
                with package.open(model) as text:
                    return THREE_MF_MARK in text.read(NEAR)
    except Exception:  # noqa: BLE001 - of a file that is damaged, zipfile raises anything
        return False
    return False


def left_over(to: Path, written: Sequence[Path]) -> list[Path]:
    """Our files of an earlier run that wrote ``to``, whole or in numbered parts, and not this."""
    named = re.compile(re.escape(to.stem) + r"(-[1-9][0-9]*)?" + re.escape(to.suffix))
    kept = {file.name.casefold() for file in written}
    return [
        file
        for file in sorted(to.parent.iterdir())
        if named.fullmatch(file.name)
        and file.name.casefold() not in kept
        and file.is_file()
        and not file.is_symlink()
        and is_own(file)
    ]

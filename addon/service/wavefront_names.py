"""How Wavefront's text files, OBJ and MTL, name other files."""

import re
from collections.abc import Iterator
from typing import Final

BLANK: Final = rb"[\x00-\x09\x0b-\x20\\\\\x80-\xff]"
"""What Blender's importer takes for one in the head of a line; signs beyond ASCII too."""

MATERIAL_LIBRARY: Final = re.compile(
    rb"^" + BLANK + rb"*+mtllib(?:" + BLANK + rb"(?:" + BLANK + rb"*\r(?!$))?([^\r\n]*+)|)\r?$",
    re.MULTILINE,
)
"""Nothing in it is tried in two ways: of some 10 000 blanks there would be no end."""

TEXTURE_KEYWORDS: Final = frozenset({"bump", "decal", "disp", "norm", "refl"})
"""Besides all that begin with ``map_``."""

OPTIONS: Final = {
    "-blendu": 1, "-blendv": 1, "-bm": 1, "-boost": 1, "-cc": 1, "-clamp": 1, "-imfchan": 1,
    "-mm": 2, "-o": 3, "-s": 3, "-t": 3, "-texres": 1, "-type": 1,
}  # fmt: skip
"""Options of a texture statement, and how many values each has at most."""


def names_texture(keyword: bytes) -> bool:
    """Whether a line of an MTL that begins so names a picture."""
    name = keyword.decode("latin-1").lower()
    return name.startswith("map_") or name in TEXTURE_KEYWORDS


def texture_statement(statement: bytes) -> tuple[list[bytes], bytes]:
    """The options of a texture statement, and the file's name, which may have blanks."""
    options: list[bytes] = []
    rest = statement
    while rest.startswith(b"-"):
        word, _, behind = rest.partition(b" ")
        most = OPTIONS.get(word.decode("latin-1").lower())
        if most is None:
            break
        options.append(word)
        rest = behind.strip()
        for value in _values(rest, most):
            options.append(value)
            rest = rest[len(value) :].strip()
    return options, rest


def _values(statement: bytes, most: int) -> Iterator[bytes]:
    """The values of an option with one, or of one with up to three numbers."""
    for number, word in enumerate(statement.split()[:most]):
        if number > 0 and not _is_number(word):
            return
        yield word


def _is_number(word: bytes) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True

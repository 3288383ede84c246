"""3MF: models with their unit, names and colors, each an object that its copies share.

What is written follows the core specification 1.3 and, for colors, the materials extension 1.2. No
library that is pure Python, kept, and knows colors could be had; ``lib3mf`` checks ours in tests.
"""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

import numpy as np
from mathutils import Matrix

from ...printing.own_files import THREE_MF_MARK, THREE_MF_MODEL
from ..model.arrays import Integers, Places, moved
from .solid import Solid

CORE: Final = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
MATERIALS: Final = "http://schemas.microsoft.com/3dmanufacturing/material/2015/02"
CONTENT_TYPES: Final = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>
</Types>
"""
RELATIONSHIPS: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Target="/{THREE_MF_MODEL}" Id="rel0"
 Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>
</Relationships>
"""
AT_ONCE: Final = 4096
"""Lines put together in one go."""
TRIANGLE: Final = '<triangle v1="%d" v2="%d" v3="%d"/>\n'
LEVELS: Final = 31
"""Steps from dark to light that are told apart: more than a print shows, in a small file."""


@dataclass(frozen=True, slots=True)
class Part:
    """One object of the file."""

    name: str
    solid: Solid
    colors: Integers | None = None
    """(t, 3, 3) red, green and blue, 0 to 255, of each corner of each triangle; None: no color."""
    stands: tuple[Matrix, ...] = (Matrix(),)
    """Where it, and each of its copies, stands: turned and moved."""


def write(parts: Sequence[Part], to: Path) -> None:
    """Write the parts, together with no place below 0; raises OSError."""
    with package(to) as file:
        put(file, THREE_MF_MODEL, _model(parts))


@contextmanager
def package(to: Path) -> Iterator[zipfile.ZipFile]:
    """A package whose model is in ``THREE_MF_MODEL``."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        file.writestr("[Content_Types].xml", CONTENT_TYPES)
        file.writestr("_rels/.rels", RELATIONSHIPS)
        yield file


def put(file: zipfile.ZipFile, name: str, texts: Iterable[str]) -> None:
    """Write the texts into the package, one after the other."""
    with file.open(name, "w", force_zip64=True) as one:
        for text in texts:
            one.write(text.encode())


def head(more: str = "") -> str:
    """How a model begins; ``more`` are attributes beside those of every model of ours."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<model unit="millimeter" xml:lang="en-US" xmlns="{CORE}"{more}>\n'
    )


def ways(parts: Sequence[Part]) -> Iterator[tuple[int, str]]:
    """The part's place in the sequence, and what puts it where it stands, as an item has it.

    Several for a part with copies. The lowest places of all are at 0.
    """
    lows = [moved(part.solid.places, stand).min(axis=0) for part in parts for stand in part.stands]
    to_zero = Matrix.Translation((-np.min(lows, axis=0)).tolist())
    for number, part in enumerate(parts):
        for stand in part.stands:
            rows = np.round(np.array(to_zero @ stand)[:3], 5) + 0.0  # no minus before a 0
            turned = " ".join(f"{length:g}" for length in rows[:, :3].T.flat)
            yield number, f"{turned} " + " ".join(f"{length:.5f}" for length in rows[:, 3])


def _model(parts: Sequence[Part]) -> Iterator[str]:
    yield head(f' xmlns:m="{MATERIALS}"')
    yield f"{THREE_MF_MARK.decode()}<resources>\n"
    for number, part in enumerate(parts):
        yield from _object(2 * number + 1, part)
    yield "</resources>\n<build>\n"
    for number, way in ways(parts):
        yield f'<item objectid="{2 * number + 2}" transform="{way}"/>\n'
    yield "</build>\n</model>\n"


def _object(group: int, part: Part) -> Iterator[str]:
    """The object, whose number follows that of its group of colors."""
    if part.colors is None:
        triangles = lines(TRIANGLE, part.solid.triangles)
        yield from mesh(group + 1, part, "", triangles)
        return
    found, corners = _palette(part.colors)
    colors = "".join(f'<m:color color="#{r:02X}{g:02X}{b:02X}FF"/>\n' for r, g, b in found)
    yield f'<m:colorgroup id="{group}">\n{colors}</m:colorgroup>\n'
    shape = f'<triangle v1="%d" v2="%d" v3="%d" pid="{group}" p1="%d" p2="%d" p3="%d"/>\n'
    triangles = lines(shape, np.hstack([part.solid.triangles, corners]))
    yield from mesh(group + 1, part, f' pid="{group}" pindex="0"', triangles)


def mesh(number: int, part: Part, properties: str, triangles: Iterable[str]) -> Iterator[str]:
    """An object with the part's places, and these triangles."""
    yield f'<object id="{number}" type="model" name={named(part)}{properties}>\n'
    yield "<mesh>\n<vertices>\n"
    yield from lines('<vertex x="%.5f" y="%.5f" z="%.5f"/>\n', part.solid.places)
    yield "</vertices>\n<triangles>\n"
    yield from triangles
    yield "</triangles>\n</mesh>\n</object>\n"


def _palette(colors: Integers) -> tuple[list[list[int]], Integers]:
    """The colors there are, as far as they are told apart, and that of each corner (t, 3)."""
    steps = (colors.reshape(-1, 3) * LEVELS + 127) // 255
    keys = (steps[:, 0] * (LEVELS + 1) + steps[:, 1]) * (LEVELS + 1) + steps[:, 2]
    found, number = np.unique(keys, return_inverse=True)
    first = np.stack([found // (LEVELS + 1) ** 2, found // (LEVELS + 1), found], axis=1)
    shown = first % (LEVELS + 1) * 255 // LEVELS
    listed: list[list[int]] = shown.tolist()
    return listed, number.reshape(-1, 3).astype(np.int64)


def lines(shape: str, rows: Places | Integers) -> Iterator[str]:
    """Each row in that shape, many of them at a time."""
    for start in range(0, len(rows), AT_ONCE):
        some: Iterable[list[float]] = rows[start : start + AT_ONCE].tolist()
        yield "".join([shape % tuple(row) for row in some])


def named(part: Part) -> str:
    """The part's name in quotes, without what XML has no way to write."""
    return quoteattr("".join(letter for letter in part.name if letter.isprintable()))

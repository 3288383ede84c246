"""3MF: models with their unit, names and colors, each an object of its own.

What is written follows the core specification 1.3 and, for colors, the materials extension 1.2. No
library that is pure Python, kept, and knows colors could be had; ``lib3mf`` checks ours in tests.

Filaments are base materials of the core specification. Slicers do not read these of triangles, but
attributes of their own, in which a triangle may be painted part by part; ours are painted whole.
"""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

import numpy as np

from ..model.arrays import Integers, Places
from .solid import Solid

CORE: Final = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
MATERIALS: Final = "http://schemas.microsoft.com/3dmanufacturing/material/2015/02"
MODEL: Final = "3D/3dmodel.model"
CONTENT_TYPES: Final = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>
</Types>
"""
RELATIONSHIPS: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Target="/{MODEL}" Id="rel0"
 Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>
</Relationships>
"""
PRUSA: Final = "http://schemas.slic3r.org/3mf/2017/06"
PAINTING: Final = '<metadata name="slic3rpe:MmPaintingVersion">1</metadata>\n'
BASES: Final = 1
"""Number of the base materials in the file."""
LONG_CODE: Final = 3
"""From this extruder on its number takes a digit of its own where a triangle is painted."""
LEVELS: Final = 31
"""Steps from dark to light that are told apart: more than a print shows, in a small file."""


@dataclass(frozen=True, slots=True)
class Part:
    """One object of the file."""

    name: str
    solid: Solid
    colors: Integers | None = None
    """(t, 3, 3) red, green and blue, 0 to 255, of each corner of each triangle; None: no color."""
    filaments: Integers | None = None
    """(t,) place of the filament of each triangle in the palette, in place of ``colors``."""


def write(parts: Sequence[Part], to: Path, palette: Sequence[str] = ()) -> None:
    """Write the parts, together with no place below 0; raises OSError.

    The ``palette`` ("#rrggbb") are the filaments, that of the first extruder first.
    """
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        package.writestr("[Content_Types].xml", CONTENT_TYPES)
        package.writestr("_rels/.rels", RELATIONSHIPS)
        with package.open(MODEL, "w", force_zip64=True) as file:
            for line in _model(parts, palette):
                file.write(line.encode())


def _model(parts: Sequence[Part], palette: Sequence[str]) -> Iterator[str]:
    painting = PAINTING if palette else ""
    spaces = f'xmlns="{CORE}" xmlns:m="{MATERIALS}"'
    spaces += f' xmlns:slic3rpe="{PRUSA}"' if palette else ""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<model unit="millimeter" xml:lang="en-US" {spaces}>\n'
        f"{painting}<resources>\n"
    )
    if palette:
        yield _bases(palette)
    numbers = [2 * number + BASES + 1 for number in range(len(parts))]
    for number, part in zip(numbers, parts, strict=True):
        yield from _object(number, part)
    yield "</resources>\n<build>\n"
    low = np.min([part.solid.places.min(axis=0) for part in parts], axis=0)
    way = " ".join(f"{-length:.5f}" for length in low)
    for number in numbers:
        yield f'<item objectid="{number + 1}" transform="1 0 0 0 1 0 0 0 1 {way}"/>\n'
    yield "</build>\n</model>\n"


def _bases(palette: Sequence[str]) -> str:
    lines = "".join(
        f'<base name="Filament {number}" displaycolor="{color.upper()}FF"/>\n'
        for number, color in enumerate(palette, 1)
    )
    return f'<basematerials id="{BASES}">\n{lines}</basematerials>\n'


def _object(group: int, part: Part) -> Iterator[str]:
    """The object, whose number follows that of its group of colors."""
    properties = ""
    triangles = _lines('<triangle v1="%d" v2="%d" v3="%d"/>\n', part.solid.triangles)
    if part.filaments is not None:
        properties = f' pid="{BASES}" pindex="0"'
        triangles = _painted(part.solid.triangles, part.filaments)
    elif part.colors is not None:
        found, corners = _palette(part.colors)
        colors = "".join(f'<m:color color="#{r:02X}{g:02X}{b:02X}FF"/>\n' for r, g, b in found)
        yield f'<m:colorgroup id="{group}">\n{colors}</m:colorgroup>\n'
        properties = f' pid="{group}" pindex="0"'
        shape = f'<triangle v1="%d" v2="%d" v3="%d" pid="{group}" p1="%d" p2="%d" p3="%d"/>\n'
        triangles = _lines(shape, np.hstack([part.solid.triangles, corners]))
    name = quoteattr(_printable(part.name))
    yield f'<object id="{group + 1}" type="model" name={name}{properties}>\n<mesh>\n<vertices>\n'
    yield from _lines('<vertex x="%.5f" y="%.5f" z="%.5f"/>\n', part.solid.places)
    yield "</vertices>\n<triangles>\n"
    yield from triangles
    yield "</triangles>\n</mesh>\n</object>\n"


def _painted(triangles: Integers, filaments: Integers) -> Iterator[str]:
    """The triangles with their filaments; the first has none: slicers then take the object's."""
    shapes = np.array([_shape(number) for number in range(int(filaments.max(initial=0)) + 1)])
    for start in range(0, len(triangles), AT_ONCE):
        some = triangles[start : start + AT_ONCE].tolist()
        those = shapes[filaments[start : start + AT_ONCE]].tolist()
        yield "".join([shape % tuple(row) for shape, row in zip(those, some, strict=True)])


def _shape(filament: int) -> str:
    if filament == 0:
        return '<triangle v1="%d" v2="%d" v3="%d"/>\n'
    code = paint_code(filament + 1)
    return (
        f'<triangle v1="%d" v2="%d" v3="%d" pid="{BASES}" p1="{filament}"'
        f' slic3rpe:mmu_segmentation="{code}" paint_color="{code}"/>\n'
    )


def paint_code(extruder: int) -> str:
    """How PrusaSlicer, Bambu Studio and OrcaSlicer write that a whole triangle is of an extruder.

    Digits of four bits, the last first: two bits say that it has no parts, two the number, where 3
    stands for what the digit before says beyond 3.
    """
    if extruder < LONG_CODE:
        return f"{extruder << 2:X}"
    return f"{extruder - LONG_CODE:X}C"


def _palette(colors: Integers) -> tuple[list[list[int]], Integers]:
    """The colors there are, as far as they are told apart, and that of each corner (t, 3)."""
    steps = (colors.reshape(-1, 3) * LEVELS + 127) // 255
    keys = (steps[:, 0] * (LEVELS + 1) + steps[:, 1]) * (LEVELS + 1) + steps[:, 2]
    found, number = np.unique(keys, return_inverse=True)
    first = np.stack([found // (LEVELS + 1) ** 2, found // (LEVELS + 1), found], axis=1)
    shown = first % (LEVELS + 1) * 255 // LEVELS
    listed: list[list[int]] = shown.tolist()
    return listed, number.reshape(-1, 3).astype(np.int64)


AT_ONCE: Final = 4096
"""Lines put together in one go."""


def _lines(shape: str, rows: Places | Integers) -> Iterator[str]:
    for start in range(0, len(rows), AT_ONCE):
        some: Iterable[list[float]] = rows[start : start + AT_ONCE].tolist()
        yield "".join([shape % tuple(row) for row in some])


def _printable(name: str) -> str:
    """The name without what XML has no way to write."""
    return "".join(letter for letter in name if letter.isprintable())

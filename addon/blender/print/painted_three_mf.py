"""3MF for printers with several filaments: triangles painted as slicers read them.

The filaments are base materials of the core specification, which any program shows. Slicers go by
attributes of their own, in which a triangle may be painted part by part; ours are painted whole.
Each object is in a file of its own, by the production extension, as Bambu Studio and OrcaSlicer
write theirs: some of that family look for paint nowhere else.
"""

import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from ...printing.own_files import THREE_MF_MARK, THREE_MF_MODEL
from ..model.arrays import Integers
from .three_mf import AT_ONCE, TRIANGLE, Part, head, mesh, named, package, put, ways

PRODUCTION: Final = "http://schemas.microsoft.com/3dmanufacturing/production/2015/06"
PRUSA: Final = "http://schemas.slic3r.org/3mf/2017/06"
PAINTING: Final = '<metadata name="slic3rpe:MmPaintingVersion">1</metadata>\n'
TYPE: Final = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"
OBJECTS: Final = "3D/_rels/3dmodel.model.rels"
BASES, MESH = 1, 2
"""Numbers of the filaments and the object in each file."""
LONG_CODE: Final = 3
"""From this extruder on its number takes a digit of its own where a triangle is painted."""


def write(
    parts: Sequence[Part], filaments: Sequence[Integers], palette: Sequence[str], to: Path
) -> None:
    """Write the parts, together with no place below 0; raises OSError.

    ``filaments`` are the (t,) places of the triangles of each part in the ``palette`` ("#rrggbb"),
    that of the first extruder first.
    """
    with package(to) as file:
        put(file, OBJECTS, _relationships(len(parts)))
        put(file, THREE_MF_MODEL, _model(parts))
        for number, (part, those) in enumerate(zip(parts, filaments, strict=True), 1):
            put(file, _path(number), _object(number, part, those, palette))


def _path(number: int) -> str:
    return f"3D/Objects/object_{number}.model"


def _relationships(count: int) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\n'
    for number in range(1, count + 1):
        yield f'<Relationship Target="/{_path(number)}" Id="rel{number}" Type="{TYPE}"/>\n'
    yield "</Relationships>\n"


def _model(parts: Sequence[Part]) -> Iterator[str]:
    """What stands where; the objects are elsewhere."""
    yield head(f' xmlns:slic3rpe="{PRUSA}" xmlns:p="{PRODUCTION}" requiredextensions="p"')
    yield f"{THREE_MF_MARK.decode()}{PAINTING}<resources>\n"
    for number, part in enumerate(parts, 1):
        yield (
            f'<object id="{number}" type="model" name={named(part)} {_unique("object", number)}>\n'
            f'<components><component objectid="{MESH}" p:path="/{_path(number)}"'
            f" {_unique('component', number)}/></components>\n</object>\n"
        )
    yield f"</resources>\n<build {_unique('build')}>\n"
    for item, (number, way) in enumerate(ways(parts), 1):
        yield f'<item objectid="{number + 1}" transform="{way}" {_unique("item", item)}/>\n'
    yield "</build>\n</model>\n"


def _unique(kind: str, number: int = 0) -> str:
    """What tells one thing of a file from the others; the same file gets the same."""
    return f'p:UUID="{uuid.uuid5(uuid.NAMESPACE_URL, f"{PRODUCTION}/{kind}/{number}")}"'


def _object(number: int, part: Part, filaments: Integers, palette: Sequence[str]) -> Iterator[str]:
    yield head(f' xmlns:slic3rpe="{PRUSA}" xmlns:p="{PRODUCTION}"')
    yield f'<resources>\n<basematerials id="{BASES}">\n'
    for extruder, color in enumerate(palette, 1):
        yield f'<base name="Filament {extruder}" displaycolor="{color.upper()}FF"/>\n'
    yield "</basematerials>\n"
    properties = f' pid="{BASES}" pindex="0" {_unique("mesh", number)}'
    yield from mesh(MESH, part, properties, _painted(part.solid.triangles, filaments))
    yield "</resources>\n<build/>\n</model>\n"


def _painted(triangles: Integers, filaments: Integers) -> Iterator[str]:
    """The triangles; those of the first filament have none, and are of the object's extruder."""
    shapes = np.array([_shape(number) for number in range(int(filaments.max(initial=0)) + 1)])
    for start in range(0, len(triangles), AT_ONCE):
        some = triangles[start : start + AT_ONCE].tolist()
        those = shapes[filaments[start : start + AT_ONCE]].tolist()
        yield "".join([shape % tuple(row) for shape, row in zip(those, some, strict=True)])


def _shape(filament: int) -> str:
    if filament == 0:
        return TRIANGLE
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

"""Files for slicers, in millimetres."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import bpy

from ...core.access import scene_of, view_layer_of
from ...model.arrays import moved
from ...print import painted_three_mf, stl, three_mf
from ...print.filaments import Painted
from ...print.solid import Solid, solid_of
from ..assets.exports import textures_beside
from .colors import corner_colors
from .figurines import Figurine


def write(figurines: Sequence[Figurine], to: Path) -> None:
    """Write the file, in the format that its suffix names; raises OSError and RuntimeError."""
    WRITERS[to.suffix.lower()](figurines, to)


def _stl(figurines: Sequence[Figurine], to: Path) -> None:
    stl.write([one for figurine in figurines for one in _standing(figurine)], to)


def _standing(figurine: Figurine) -> Iterator[Solid]:
    """The model and its copies, where each stands."""
    solid = solid_of(figurine.mesh)
    for stand in figurine.stands:
        yield replace(solid, places=moved(solid.places, stand))


def write_painted(
    figurines: Sequence[Figurine], to: Path, palette: Sequence[str], painted: Sequence[Painted]
) -> None:
    """Write a 3MF whose triangles have the filaments of the palette; raises OSError."""
    parts = [
        three_mf.Part(figurine.name, one.solid, stands=figurine.stands)
        for figurine, one in zip(figurines, painted, strict=True)
    ]
    painted_three_mf.write(parts, [one.filaments for one in painted], palette, to)


def _three_mf(figurines: Sequence[Figurine], to: Path) -> None:
    parts = []
    for figurine in figurines:
        solid = solid_of(figurine.mesh)
        colors = corner_colors(solid)
        parts.append(three_mf.Part(figurine.name, solid, colors, figurine.stands))
    three_mf.write(parts, to)


def _obj(figurines: Sequence[Figurine], to: Path) -> None:
    """With its materials beside it; slicers take the third number for the height."""
    layer, scene = view_layer_of(bpy.context), scene_of(bpy.context)
    made = []
    for figurine in figurines:
        for name, stand in figurine.copies:
            obj = bpy.data.objects.new(name, figurine.mesh)
            obj.matrix_world = stand
            scene.collection.objects.link(obj)
            made.append(obj)
    layer.update()  # it does not know of them before
    for obj in layer.objects:
        obj.select_set(obj in made)
    with textures_beside(to):
        bpy.ops.wm.obj_export(
            filepath=str(to),
            export_selected_objects=True,
            path_mode="STRIP",
            forward_axis="Y",
            up_axis="Z",
        )
    bpy.data.batch_remove(made)


WRITERS: Final[Mapping[str, Callable[[Sequence[Figurine], Path], None]]] = {
    ".stl": _stl,
    ".3mf": _three_mf,
    ".obj": _obj,
}
"""By file name suffix."""

"""Files for slicers, in millimetres."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import bpy

from ...core.access import scene_of, view_layer_of
from ...print import painted_three_mf, stl, three_mf
from ...print.filaments import Painted
from ...print.solid import solid_of
from ..assets.exports import textures_beside
from .colors import corner_colors
from .figurines import Figurine


def write(figurines: Sequence[Figurine], to: Path) -> None:
    """Write the file, in the format that its suffix names; raises OSError and RuntimeError."""
    WRITERS[to.suffix.lower()](figurines, to)


def _stl(figurines: Sequence[Figurine], to: Path) -> None:
    stl.write([solid_of(figurine.mesh) for figurine in figurines], to)


def write_painted(
    figurines: Sequence[Figurine], to: Path, palette: Sequence[str], painted: Sequence[Painted]
) -> None:
    """Write a 3MF whose triangles have the filaments of the palette; raises OSError."""
    parts = [
        three_mf.Part(figurine.name, one.solid)
        for figurine, one in zip(figurines, painted, strict=True)
    ]
    painted_three_mf.write(parts, [one.filaments for one in painted], palette, to)


def _three_mf(figurines: Sequence[Figurine], to: Path) -> None:
    parts = []
    for figurine in figurines:
        solid = solid_of(figurine.mesh)
        parts.append(three_mf.Part(figurine.name, solid, corner_colors(solid)))
    three_mf.write(parts, to)


def _obj(figurines: Sequence[Figurine], to: Path) -> None:
    """With its materials beside it; slicers take the third number for the height."""
    layer, scene = view_layer_of(bpy.context), scene_of(bpy.context)
    made = [bpy.data.objects.new(figurine.name, figurine.mesh) for figurine in figurines]
    for obj in made:
        scene.collection.objects.link(obj)
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

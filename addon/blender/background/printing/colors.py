"""What color the surface of a model has, and which filament it is printed with."""

from collections.abc import Sequence
from typing import Any, Final

import bpy
import numpy as np

from ....printing.orders import Colors
from ...model.arrays import Floats, Integers, data_of, got, slots_of
from ...model.colors import to_srgb
from ...model.shading import has_pictures, nodes_of
from ...print.filaments import Painted, Seen, find_palette, paint
from ...print.solid import Solid, solid_of
from ..pictures.surface_colors import Pictures, Spots, look

CORNERS: Final = 3
FILAMENTS: Final = "Filaments"
"""Name of the attribute that shows what is printed in which color."""
READS_COLORS: Final = frozenset({"ATTRIBUTE", "VERTEX_COLOR"})
"""Nodes that bring a mesh's own colors into a material."""

Paints = tuple[list[str], list[Painted]]
"""The palette ("#rrggbb"), and each model painted with it."""


def corner_colors(solid: Solid) -> Integers | None:
    """(t, 3, 3) red, green and blue, 0 to 255; None where nothing has a color of its own."""
    mesh = solid.mesh
    if mesh.color_attributes.active_color is None and not any(
        material is not None for material in mesh.materials
    ):
        return None
    every, seen = np.arange(len(solid)), seen_of(solid)
    corners = np.eye(CORNERS, dtype=np.float32)
    light = [seen(every, np.broadcast_to(corner, (len(solid), CORNERS))) for corner in corners]
    stored = to_srgb(np.clip(np.stack(light, axis=1), 0.0, 1.0))
    colors: Integers = np.round(stored * 255.0).astype(np.int64)
    return colors


def paint_all(meshes: Sequence[bpy.types.Mesh], wanted: Colors, nozzle: float) -> Paints:
    """Paint all models with one palette: that of the order, or what stands for all of them."""
    models = [(solid, seen_of(solid)) for solid in map(solid_of, meshes)]
    palette = list(wanted.palette) or find_palette(models, wanted.filaments, nozzle)
    painted = [paint(solid, seen, palette, nozzle) for solid, seen in models]
    return (palette, painted) if wanted.palette else _used(palette, painted)


def _used(palette: Sequence[str], painted: Sequence[Painted]) -> Paints:
    """Without the colors that were nowhere large enough to be printed."""
    areas = np.sum([one.areas(len(palette)) for one in painted], axis=0)
    there = areas > 0.0
    numbers = np.cumsum(there) - 1
    renumbered = [Painted(one.solid, numbers[one.filaments]) for one in painted]
    return [color for color, is_used in zip(palette, there, strict=True) if is_used], renumbered


def shares_of(palette: Sequence[str], painted: Sequence[Painted]) -> list[dict[str, Any]]:
    """The share of all surface that each color has."""
    areas = np.sum([one.areas(len(palette)) for one in painted], axis=0)
    shares = (areas / areas.sum()).tolist()
    return [
        {"color": color, "share": round(share, 4)}
        for color, share in zip(palette, shares, strict=True)
    ]


def stored_colors(painted: Painted, palette: Sequence[str]) -> Floats:
    """(t, 3) what each triangle is painted with, 0 to 1 as a picture stores it."""
    stored = np.array([list(bytes.fromhex(color[1:])) for color in palette], dtype=np.float32)
    colors: Floats = stored[painted.filaments] / np.float32(255)
    return colors


def shown(name: str, painted: Painted, palette: Sequence[str]) -> bpy.types.Mesh:
    """A mesh that looks as it will be printed, in the attribute ``Filaments`` of its corners."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(painted.solid.places.tolist(), [], painted.solid.triangles.tolist())
    attribute: Any = mesh.color_attributes.new(FILAMENTS, "BYTE_COLOR", "CORNER")
    colors = np.ones((len(painted.filaments), CORNERS, 4), dtype=np.float32)
    colors[:, :, :3] = stored_colors(painted, palette)[:, None]
    attribute.data.foreach_set("color_srgb", colors.reshape(-1))
    mesh.color_attributes.active_color = attribute
    return mesh


def seen_of(solid: Solid) -> Seen:
    """What light its surface throws back, from materials, textures and painted vertices."""
    mesh = solid.mesh
    pictures: Pictures = {}
    painted = _painted(mesh)
    slots = slots_of(mesh)[solid.polygons]

    def seen(triangles: Integers, weights: Floats) -> Floats:
        light = np.ones((len(triangles), 3), dtype=np.float32)
        chosen = slots[triangles]
        for slot in np.unique(chosen).tolist():
            material = mesh.materials[slot] if slot < len(mesh.materials) else None
            here = np.flatnonzero(chosen == slot)
            spots = Spots(mesh, solid.loops[triangles[here]].T, weights[here].T)
            if material is not None or painted is None:
                there = look(material, spots, pictures)
                light[here] = there.color + there.glow
            if painted is not None and not _shows_more(material):
                light[here] *= spots.blend(painted)
        return light

    return seen


def _shows_more(material: bpy.types.Material | None) -> bool:
    """Whether it has pictures, or reads the mesh's own colors by itself."""
    if material is None:
        return False
    return has_pictures(material) or any(
        node.type in READS_COLORS for node in nodes_of(material.node_tree)
    )


def _painted(mesh: bpy.types.Mesh) -> Floats | None:
    """(l, 3) the mesh's own colors at its corners, as light; None if it has none."""
    attributes: Any = mesh.color_attributes
    attribute = attributes.active_color
    if attribute is None or not len(mesh.loops):
        return None
    colors = got(data_of(attribute), "color", 4, kind=np.float32)[:, :3]
    if attribute.domain == "POINT":
        corners: Floats = colors[got(mesh.loops, "vertex_index")]
        return corners
    return colors

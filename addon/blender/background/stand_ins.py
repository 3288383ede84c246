"""What is drawn in a model's place where a glance at it is enough.

A million triangles in a picture of a few thousand pixels, and pictures that only shape what light
does, cost many times what they show: few triangles, and of each material what it is coloured with.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

import bpy
import numpy as np
import numpy.typing as npt
from mathutils import Matrix

from ..model.arrays import (
    SIDES,
    Floats,
    Integers,
    corners_drawn,
    got,
    places_of,
    slots_of,
)
from ..model.arrays import vertices_of_corners as corner_vertices
from . import normalize

Numbers = npt.NDArray[np.integer[Any]]

MANY: Final = 50_000
"""Triangles that are drawn as they are."""
SMALL: Final = 1000
"""Triangles of a mesh that is not worth the thinning, however many of them there are."""
FEWEST: Final = 16
"""Cells across a mesh, however small it is in the picture."""
KEPT: Final = 0.8
"""Share of the surface that has to remain; less does where all is thin, as hair and leaves are."""
TRIED: Final = 20_000
"""Triangles that tell how large the surface is."""
COLOURS: Final = {"Base Color", "Alpha", "Emission Color", "Emission Strength"}
"""Inputs of a surface whose pictures are looked at."""
PLAIN: Final = {"Metallic": 0.0, "Roughness": 0.5}
"""What others are where a picture said it."""


def of(
    objects: Sequence[bpy.types.Object], cell: float
) -> tuple[list[bpy.types.Object], list[Any]]:
    """Objects to draw in the place of those, and all data they have brought into the file.

    What is smaller than ``cell``, in the world, may be missing.
    """
    depsgraph = bpy.context.evaluated_depsgraph_get()
    most = SMALL if normalize.count_triangles(objects) > MANY else sys.maxsize
    plain: dict[bpy.types.Material, bpy.types.Material] = {}
    drawn: list[bpy.types.Object] = []
    added: list[Any] = []
    for obj in objects:
        if obj.type != "MESH":
            drawn.append(obj)
            continue
        shown = obj.evaluated_get(depsgraph)
        thick = normalize.mesh_of(shown)
        is_large = normalize.count_triangles([shown]) > most
        mesh = _thinned(thick, shown.matrix_world, cell) if is_large else None
        if mesh is None:
            made = cast(bpy.types.Object, obj.copy())
            mesh = cast(bpy.types.Mesh, normalize.mesh_of(obj).copy())
            made.data = mesh
        else:
            made = bpy.data.objects.new(obj.name, mesh)
            for slot in obj.material_slots:
                mesh.materials.append(cast(bpy.types.Material, slot.material))
        for slot in made.material_slots:
            if slot.material is not None:
                if slot.material not in plain:
                    plain[slot.material] = _plain(slot.material)
                slot.material = plain[slot.material]
        drawn.append(made)
        added += [made, mesh]
    return drawn, [*added, *plain.values()]


def _thinned(mesh: bpy.types.Mesh, world: Matrix, cell: float) -> bpy.types.Mesh | None:
    """The mesh in the world with one vertex for all in a cell; None: too little is left."""
    matrix = np.array(world, dtype=np.float32)
    places: Floats = places_of(mesh) @ matrix[:3, :3].T + matrix[:3, 3]
    corners = corners_drawn(mesh)
    before = corner_vertices(mesh)[corners]
    size = float(np.ptp(places, axis=0).max())
    after = _representatives(places, min(cell, size / FEWEST) or 1.0)[before]
    a, b, c = after.T
    kept = np.flatnonzero((a != b) & (b != c) & (c != a))
    step = 1 + len(before) // TRIED
    if _area(places, after[kept]) < KEPT * step * _area(places, before[::step]):
        return None
    corners = corners[kept]
    used, vertices = np.unique(after[kept], return_inverse=True)
    made = bpy.data.meshes.new(mesh.name)
    made.vertices.add(len(used))
    made.vertices.foreach_set("co", places[used].ravel())
    made.loops.add(corners.size)
    made.loops.foreach_set("vertex_index", vertices.astype(np.int32).ravel())
    made.polygons.add(len(kept))
    made.polygons.foreach_set("loop_start", np.arange(0, corners.size, SIDES, dtype=np.int32))
    polygons = np.repeat(np.arange(len(mesh.polygons)), got(mesh.polygons, "loop_total"))
    made.polygons.foreach_set("material_index", slots_of(mesh)[polygons[corners[:, 0]]])
    _take_over(mesh, made, corners.ravel(), used)
    made.update(calc_edges=True)
    return made


def _representatives(places: Floats, cell: float) -> Integers:
    """(v,) the vertex that stands for all in its cell."""
    cells = ((places - places.min(axis=0)) / np.float32(cell)).astype(np.int64)
    x, y, z = cells.max(axis=0) + 1
    number = (cells[:, 0] * y + cells[:, 1]) * z + cells[:, 2]
    table = np.zeros(int(x * y * z), dtype=np.int64)
    table[number] = np.arange(len(places))
    return cast(Integers, table[number])


def _area(places: Floats, triangles: Numbers) -> float:
    a, b, c = (places[triangles[:, corner]] for corner in range(SIDES))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


def _take_over(
    mesh: bpy.types.Mesh, made: bpy.types.Mesh, corners: Numbers, vertices: Numbers
) -> None:
    """UV maps and colours, by name: materials look for them so."""
    for layer in mesh.uv_layers:
        uvs = got(layer.uv, "vector", 2, kind=np.float32)[corners]
        new = cast(bpy.types.MeshUVLoopLayer, made.uv_layers.new(name=layer.name, do_init=False))
        new.uv.foreach_set("vector", uvs.ravel())
        new.active_render = layer.active_render
    for colour in mesh.color_attributes:
        which = corners if colour.domain == "CORNER" else vertices
        values = got(cast(Any, colour).data, "color", 4, kind=np.float32)[which]
        attribute = made.color_attributes.new(colour.name, colour.data_type, colour.domain)
        cast(Any, attribute).data.foreach_set("color", values.ravel())
    if len(mesh.color_attributes):
        made.color_attributes.render_color_index = mesh.color_attributes.render_color_index


def _plain(material: bpy.types.Material) -> bpy.types.Material:
    """A copy with no pictures but those of its colours; the others would all be read."""
    made = cast(bpy.types.Material, material.copy())
    tree: Any = made.node_tree
    if tree is None:
        return made
    for node in tree.nodes:
        if node.type == "BSDF_PRINCIPLED":
            for socket in node.inputs:
                if socket.is_linked and socket.name not in COLOURS:
                    for link in list(socket.links):
                        tree.links.remove(link)
                    if socket.name in PLAIN:
                        socket.default_value = PLAIN[socket.name]
    output = tree.get_output_node("CYCLES")
    wanted = set() if output is None else {output, *_behind(output)}
    for node in [node for node in tree.nodes if node not in wanted]:
        tree.nodes.remove(node)
    return made


def _behind(node: Any) -> Iterator[Any]:
    """The nodes whose values come to it."""
    waiting, seen = [node], {node}
    while waiting:
        for socket in waiting.pop().inputs:
            for link in socket.links:
                if link.from_node not in seen:
                    seen.add(link.from_node)
                    waiting.append(link.from_node)
                    yield link.from_node

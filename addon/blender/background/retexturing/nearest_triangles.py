"""Which triangle is nearest to each of many places.

Geometry nodes are asked: they look for all places at once, on all cores. BVHTree looks for one at a
time, and Python takes longer to ask than it to find.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import bpy
import numpy as np
import numpy.typing as npt

from ...core.access import mesh_of, present, typed
from ...model.arrays import SIDES, Floats, Integers, Triangles, got

NAME: Final = "studio3d nearest"


class Search:
    """Looks among all triangles, or those ``which``."""

    def __init__(
        self, scene: bpy.types.Scene, asking: bpy.types.Object, which: Integers | None
    ) -> None:
        self._scene, self._asking, self._which = scene, asking, which

    def nearest(self, places: Floats) -> Integers:
        """(n,) triangle nearest to each of the (n, 3) places."""
        mesh = mesh_of(self._asking)
        mesh.clear_geometry()  # another mesh would have the tree of all triangles made anew
        mesh.vertices.add(len(places))
        mesh.vertices.foreach_set("co", places.astype(np.float32).ravel())
        mesh.update()
        layer = self._scene.view_layers[0]
        layer.update()
        shown = self._asking.evaluated_get(present(layer.depsgraph, "evaluated scene"))
        answer: Any = mesh_of(shown).attributes[NAME]
        found = got(answer.data, "value").astype(np.int64)
        return found if self._which is None else self._which[found]


@contextmanager
def search(
    triangles: Triangles, mesh: bpy.types.Mesh, which: Integers | None = None
) -> Iterator[Search]:
    """Look among the triangles of the mesh, or those ``which``, of which there is at least one."""
    are_its_polygons = len(triangles) == len(mesh.polygons) and mesh.shape_keys is None
    is_made = which is not None or not are_its_polygons
    shape = _only(triangles, which) if is_made else mesh
    there, asked = bpy.data.objects.new(NAME, shape), bpy.data.meshes.new(NAME)
    scene, asking = bpy.data.scenes.new(NAME), bpy.data.objects.new(NAME, asked)
    scene.collection.objects.link(asking)
    group = _nodes(there)
    typed(bpy.types.NodesModifier, asking.modifiers.new(NAME, "NODES")).node_group = group
    try:
        yield Search(scene, asking, which)
    finally:
        made = [shape] if is_made else []
        bpy.data.batch_remove([scene, there, asking, asked, group, *made])


def _only(triangles: Triangles, which: Integers | None) -> bpy.types.Mesh:
    """A mesh of those triangles and nothing else."""
    corners: Any = triangles.vertices if which is None else triangles.vertices[which]
    places, count = triangles.places, len(corners)
    corners = corners.ravel()
    if which is not None:
        used, corners = np.unique(corners, return_inverse=True)
        places = places[used]
    mesh = bpy.data.meshes.new(NAME)
    mesh.vertices.add(len(places))
    mesh.vertices.foreach_set("co", places.ravel())
    mesh.loops.add(SIDES * count)
    mesh.loops.foreach_set("vertex_index", corners.astype(np.int32).ravel())
    mesh.polygons.add(count)
    mesh.polygons.foreach_set("loop_start", _starts(count))
    mesh.update()
    return mesh


def _starts(count: int) -> npt.NDArray[np.int32]:
    return np.arange(0, SIDES * count, SIDES, dtype=np.int32)


def _nodes(obj: bpy.types.Object) -> Any:
    """A group that notes at each vertex which face of the object is the nearest."""
    group: Any = bpy.data.node_groups.new(NAME, "GeometryNodeTree")
    for way in ("INPUT", "OUTPUT"):
        group.interface.new_socket("Geometry", in_out=way, socket_type="NodeSocketGeometry")
    asked, told = group.nodes.new("NodeGroupInput"), group.nodes.new("NodeGroupOutput")
    there = group.nodes.new("GeometryNodeObjectInfo")
    there.inputs["Object"].default_value = obj
    look = group.nodes.new("GeometryNodeSampleNearest")
    look.domain = "FACE"
    note = group.nodes.new("GeometryNodeStoreNamedAttribute")
    note.data_type, note.domain = "INT", "POINT"
    note.inputs["Name"].default_value = NAME
    value = next(one for one in note.inputs if one.name == "Value" and one.enabled)
    group.links.new(there.outputs["Geometry"], look.inputs["Geometry"])
    group.links.new(look.outputs["Index"], value)
    group.links.new(asked.outputs["Geometry"], note.inputs["Geometry"])
    group.links.new(note.outputs["Geometry"], told.inputs["Geometry"])
    return group

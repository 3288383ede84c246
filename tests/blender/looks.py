"""What is seen of the objects in a scene, so that two scenes can be compared.

Objects of two files have other names, and their polygons may begin at another corner; what is
compared does not depend on that, nor on what an object's transform is and what its mesh.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from tests.blender.conftest import part

NEAR = 2e-4
"""Of the largest side: single precision, through several matrices and back."""
NEAR_NORMAL = 2e-2
"""Blender keeps normals in 16 bits, relative to those of the polygons."""
FLAT = 1e-5
"""Polygons with less area than this share of the largest side's square have no direction."""


@dataclass
class Look:
    """One object with a mesh. ``places`` by frame; corners in an order of their own."""

    places: dict[int, Any] = field(default_factory=dict)
    normals: Any = None
    """(c, 3) of the corners, in the world, at the first frame."""
    sizes: Any = None
    """(c,) area of each corner's polygon, in the world."""
    corners: Any = None
    """(c, 2) polygon and vertex."""
    edges: int = 0
    layers: dict[str, Any] = field(default_factory=dict)
    """UV maps and colors, by name: (c, n) and (v, n)."""
    materials: list[Any] = field(default_factory=list)
    """Of each polygon; see ``material_look``."""
    worn: list[str] = field(default_factory=list)
    """Name of each polygon's material."""
    keys: list[tuple[str, float]] = field(default_factory=list)


def seen(frames: Sequence[int]) -> dict[str, Look]:
    """Every mesh object of the scene, by name."""
    scene = bpy.context.scene
    found: dict[str, Look] = {}
    for frame in frames:
        scene.frame_set(frame)
        depsgraph = bpy.context.evaluated_depsgraph_get()
        for obj in scene.objects:
            if obj.type != "MESH":
                continue
            shown = obj.evaluated_get(depsgraph)
            if obj.name not in found:
                found[obj.name] = _look(obj, shown)
            found[obj.name].places[frame] = _places(shown.data, shown.matrix_world)
    return found


def _places(mesh: bpy.types.Mesh, world: Matrix) -> Any:
    flat = np.zeros(3 * len(mesh.vertices), dtype=np.float32)
    mesh.vertices.foreach_get("co", flat)
    matrix = np.array(world)
    return flat.reshape(-1, 3).astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]


def _look(obj: bpy.types.Object, shown: bpy.types.Object) -> Look:
    mesh: Any = shown.data
    polygons = np.array([p.index for p in mesh.polygons for _ in p.loop_indices], dtype=np.int64)
    loops = np.array([n for p in mesh.polygons for n in p.loop_indices], dtype=np.int64)
    vertices = np.array([mesh.loops[n].vertex_index for n in loops], dtype=np.int64)
    order = np.lexsort((vertices, polygons))
    look = Look(edges=len(mesh.edges))
    look.corners = np.stack([polygons, vertices], axis=1)[order] if len(order) else np.zeros((0, 2))
    look.normals, look.sizes = _directions(mesh, shown.matrix_world, loops[order], polygons[order])
    for layer in mesh.uv_layers:
        values = np.array([tuple(one.vector) for one in layer.uv]).reshape(-1, 2)
        look.layers[layer.name] = values[loops[order]]
    for attribute in mesh.color_attributes:
        values = np.array([tuple(one.color) for one in attribute.data]).reshape(-1, 4)
        of_corners = attribute.domain == "CORNER"
        look.layers[attribute.name] = values[loops[order]] if of_corners else values
    slots = [slot.material for slot in obj.material_slots]
    seen_materials = [None if one is None else material_look(one) for one in slots] or [None]
    look.materials = [seen_materials[polygon.material_index] for polygon in mesh.polygons]
    names = [slot.material.name if slot.material else "" for slot in obj.material_slots] or [""]
    look.worn = [names[polygon.material_index] for polygon in mesh.polygons]
    keys = getattr(obj.data, "shape_keys", None)
    if keys is not None and len(mesh.vertices):
        look.keys = [(key.name, round(key.value, 4)) for key in keys.key_blocks]
    return look


def _directions(mesh: Any, world: Matrix, loops: Any, polygons: Any) -> tuple[Any, Any]:
    """Normals of the corners in the world, and the areas of their polygons there."""
    normals = np.array([tuple(mesh.corner_normals[n].vector) for n in loops]).reshape(-1, 3)
    matrix = np.array(world)[:3, :3].astype(np.float64)
    # The inverse transposed, which a scale of nothing does not have: times the determinant.
    adjugate = np.stack([np.cross(matrix[(n + 1) % 3], matrix[(n + 2) % 3]) for n in range(3)])
    turned = normals @ adjugate.T * np.sign(np.linalg.det(matrix))
    lengths = np.linalg.norm(turned, axis=1, keepdims=True)
    areas = np.array([_area(polygon, mesh, matrix) for polygon in mesh.polygons] or [0.0])
    if abs(np.linalg.det(matrix)) <= FLAT * np.abs(matrix).max() ** 3:
        areas[:] = 0.0  # what is flat has no outside
    return turned / np.maximum(lengths, 1e-12), areas[polygons] if len(polygons) else polygons


def _area(polygon: Any, mesh: Any, matrix: Any) -> float:
    corners = np.array([tuple(mesh.vertices[v].co) for v in polygon.vertices]) @ matrix.T
    around = np.cross(corners - corners[0], np.roll(corners, -1, axis=0) - corners[0])
    return float(np.linalg.norm(around.sum(axis=0)) / 2)


def material_look(material: bpy.types.Material) -> Any:
    """Everything that decides what a material looks like, whatever it and its nodes are called."""
    tree = material.node_tree
    output = None if tree is None else tree.get_output_node("ALL")
    settings = (material.use_backface_culling, getattr(material, "surface_render_method", ""))
    if output is None:
        return settings
    return (*settings, _node_look(output))


def _node_look(node: Any) -> Any:
    own: tuple[Any, ...] = (node.type,)
    for name in ("blend_type", "operation", "uv_map", "layer_name", "space", "attribute_name"):
        if hasattr(node, name):
            own = (*own, getattr(node, name))
    if getattr(node, "image", None) is not None:
        own = (*own, image_look(node.image))
    return (*own, tuple(socket_look(socket) for socket in node.inputs if socket.enabled))


def socket_look(socket: Any) -> Any:
    """The value of a node's input, or all that feeds it."""
    links = [(_node_look(link.from_node), link.from_socket.name) for link in socket.links]
    if links:
        return socket.name, links
    value = getattr(socket, "default_value", None)
    if hasattr(value, "__iter__") and not isinstance(value, str):
        return socket.name, tuple(round(float(part), 4) for part in value)
    return socket.name, round(value, 4) if isinstance(value, float) else str(value)


def image_look(image: Any) -> tuple[Any, ...]:
    """Its pixels, and what they are read as."""
    pixels = tuple(round(part, 2) for part in image.pixels[:])
    return tuple(image.size), image.colorspace_settings.name, pixels


# -- comparing --------------------------------------------------------------------------------


def assert_same(
    original: Mapping[str, Look],
    copy: Mapping[str, Look],
    moved: Matrix | None = None,
    *,
    normals: bool = True,
    materials: bool = True,
) -> None:
    """Both are the same objects, by name, that look the same; ``copy`` is moved by a matrix."""
    assert sorted(copy) == sorted(original)
    matrix = np.array(moved or Matrix.Identity(4))
    for name, look in original.items():
        other = copy[name]
        assert other.edges == look.edges, name
        assert np.array_equal(other.corners, look.corners), f"{name}: polygons"
        _assert_places(name, look, other, matrix)
        if normals:
            _assert_normals(name, look, other)
        _assert_layers(name, look, other)
        assert other.keys == look.keys, name
        if materials:
            assert other.materials == look.materials, f"{name}: materials"


def _assert_places(name: str, look: Look, other: Look, matrix: Any) -> None:
    assert list(other.places) == list(look.places)
    for frame, places in look.places.items():
        expected = places @ matrix[:3, :3].T + matrix[:3, 3]
        assert other.places[frame].shape == expected.shape, name
        size = max(1.0, float(np.abs(expected).max(initial=0.0)))
        off = np.abs(other.places[frame] - expected).max(initial=0.0)
        assert off <= NEAR * size, f"{name} is off by {off:g} in frame {frame}"


def _assert_normals(name: str, look: Look, other: Look) -> None:
    size = max((np.ptp(p, axis=0).max() for p in look.places.values() if len(p)), default=0.0)
    solid = look.sizes > FLAT * float(size) ** 2
    off = np.abs(look.normals - other.normals)[solid].max(initial=0.0)
    assert off <= NEAR_NORMAL, f"{name}: normals are off by {off:g}"


def _assert_layers(name: str, look: Look, other: Look) -> None:
    assert sorted(other.layers) == sorted(look.layers), name
    for layer, values in look.layers.items():
        found = other.layers[layer]
        assert found.shape == values.shape, (name, layer)
        assert np.abs(found - values).max(initial=0.0) < 1e-4, (name, layer)


def bounds(looks: Iterable[Look]) -> tuple[Any, Any]:
    """Lowest and highest corner over all frames."""
    every = np.concatenate([np.zeros((0, 3)), *(p for look in looks for p in look.places.values())])
    return every.min(axis=0), every.max(axis=0)


def names_of_ours(among: Collection[str]) -> dict[str, str]:
    """What ours are called where the job is called Thing, by the names in the file."""
    if len(among) == 1:
        return dict.fromkeys(among, "Thing")
    naming = part("blender.model.naming")
    names = sorted(among, key=naming.natural)
    return dict(zip(names, naming.names_of_several("Thing", names), strict=True))

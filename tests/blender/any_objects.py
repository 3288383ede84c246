"""Any objects that an artist may select, as Hypothesis strategies; ``build`` makes them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import bpy
from hypothesis import strategies as st
from mathutils import Euler, Matrix, Vector

Draw = Callable[..., Any]
APART = 12.0
"""Metres between the objects, so that no surface lies on another's."""
FRAME = 10


@dataclass(frozen=True)
class Thing:
    """One object."""

    kind: str
    turned: float
    scale: tuple[float, float, float]
    parent: str
    """What it hangs on: an empty (perhaps stretched or moving), a mesh's vertices, a bone."""
    keyed: bool
    modifier: str
    shape_key: bool
    materials: tuple[str, ...]
    on_object: bool
    """Whether the object holds the first material, in its mesh's stead."""
    child: str


@dataclass(frozen=True)
class AnyObjects:
    """What is sent, and by which tool; the first is the one whose place the result takes."""

    things: tuple[Thing, ...]
    tool: str
    metres: float
    """In a unit of the scene."""


KINDS = ("cube", "drum", "grid", "twin", "text", "curve", "instance")
PARENTS = ("", "", "empty", "stretched", "moving", "vertex", "bone")
MODIFIERS = ("", "", "ARRAY", "MIRROR", "SUBSURF", "SOLIDIFY", "SIMPLE_DEFORM", "ARMATURE")
SHAPING = MODIFIERS[:-2]
"""For polygons of many corners: bent, they can be parted into triangles in more than one way."""
SIDES = st.sampled_from((1.0, 1.0, 0.5, 2.0, -1.0, 0.05))
MESHES = {"cube", "drum", "grid", "twin"}


@st.composite
def objects(draw: Draw) -> AnyObjects:
    """One object or several."""
    count = draw(st.sampled_from((1, 1, 2, 3)))
    things = tuple(draw(_thing(first=number == 0)) for number in range(count))
    tool = draw(st.sampled_from(("repair", "repair", "texture-model")))
    return AnyObjects(things, tool, draw(st.sampled_from((1.0, 1.0, 0.01))))


@st.composite
def _thing(draw: Draw, *, first: bool) -> Thing:
    kind = draw(st.sampled_from(KINDS[:3] + KINDS[4:] if first else KINDS))
    scale = draw(st.tuples(SIDES, SIDES, SIDES))
    materials = st.sampled_from(("", "plain", "picture", "other"))
    return Thing(
        kind,
        draw(st.sampled_from((0.0, 0.7, 2.0))),
        scale,
        draw(st.sampled_from(PARENTS)),
        draw(st.integers(0, 3)) == 3,
        draw(st.sampled_from(SHAPING if kind == "drum" else MODIFIERS)) if kind in MESHES else "",
        kind in MESHES and draw(st.integers(0, 3)) == 3,
        tuple(draw(st.lists(materials, min_size=1, max_size=2))) if kind in MESHES else (),
        draw(st.booleans()),
        draw(st.sampled_from(("", "", "OBJECT", "VERTEX"))) if kind in MESHES else "",
    )


def build(any_objects: AnyObjects) -> list[bpy.types.Object]:
    """Make them in the open file, the first one last: it becomes the active one."""
    scene = bpy.context.scene
    scene.unit_settings.scale_length = any_objects.metres
    palette = {"plain": _plain("Plain", (0.2, 0.4, 0.6, 1.0)), "picture": _with_picture()}
    palette["other"] = _plain("Other", (0.9, 0.1, 0.3, 1.0))
    made: list[bpy.types.Object] = []
    for number, thing in enumerate(any_objects.things):
        made.append(_build_one(thing, number, palette, made))
    scene.frame_set(FRAME)
    bpy.context.view_layer.update()
    return made[::-1]


def _build_one(
    thing: Thing, number: int, palette: dict[str, Any], before: list[bpy.types.Object]
) -> bpy.types.Object:
    obj = _shape(thing.kind, before)
    obj.name = f"Thing {number}"
    obj.location = (number * APART, 1.0, 2.0)
    obj.rotation_euler = Euler((thing.turned, 0.3, thing.turned))
    obj.scale = thing.scale
    if thing.kind in MESHES and thing.kind != "twin":
        _dress(obj, thing, palette)
    if thing.shape_key and obj.data.users == 1:
        obj.shape_key_add(name="Basis")
        key = obj.shape_key_add(name="Wide")
        for point in key.data:
            point.co.x *= 1.5
        key.value = 0.5
    if thing.modifier:
        _modify(obj, thing.modifier)
    if thing.parent:
        _hang(obj, thing.parent)
    if thing.keyed:
        obj.keyframe_insert("location", frame=1)
        obj.location.y += 1.0
        obj.keyframe_insert("location", frame=2 * FRAME)
    if thing.child:
        child: Any = bpy.data.objects.new(f"Child {number}", None)
        _link(child)
        child.parent, child.parent_type = obj, thing.child
        child.location = (0.5, 0.5, 0.5)
        if thing.child == "VERTEX":
            child.parent_vertices = (3, 0, 0)
    return obj


def _link(obj: bpy.types.Object) -> bpy.types.Object:
    bpy.context.scene.collection.objects.link(obj)
    return obj


def _shape(kind: str, before: list[bpy.types.Object]) -> bpy.types.Object:
    match kind:
        case "drum":
            bpy.ops.mesh.primitive_cylinder_add(vertices=7)
        case "grid":
            bpy.ops.mesh.primitive_grid_add(x_subdivisions=3, y_subdivisions=2)
        case "twin" if before and before[0].type == "MESH":
            return _link(bpy.data.objects.new("Twin", before[0].data))
        case "text":
            bpy.ops.object.text_add()
            bpy.context.object.data.body = "A"
            bpy.context.object.data.extrude = 0.2
        case "curve":
            bpy.ops.curve.primitive_bezier_circle_add()
            bpy.context.object.data.bevel_depth = 0.2
            bpy.context.object.data.bevel_resolution = 1
            bpy.context.object.data.resolution_u = 2
        case "instance":
            return _instance()
        case _:
            bpy.ops.mesh.primitive_cube_add()
    made: Any = bpy.context.object
    found: bpy.types.Object = made
    return found


def _instance() -> bpy.types.Object:
    kit = bpy.data.collections.new("Kit")
    bpy.ops.mesh.primitive_cone_add(vertices=5, location=(0.5, 0.0, 0.0))
    inner = bpy.context.object
    bpy.context.scene.collection.objects.unlink(inner)
    kit.objects.link(inner)
    empty: Any = bpy.data.objects.new("Kit", None)
    empty.instance_type, empty.instance_collection = "COLLECTION", kit
    return _link(empty)


def _dress(obj: Any, thing: Thing, palette: dict[str, Any]) -> None:
    for name in thing.materials:
        obj.data.materials.append(palette.get(name))
    for polygon in obj.data.polygons:
        polygon.material_index = polygon.index % max(1, len(thing.materials))
    if thing.on_object and thing.materials:
        slot = obj.material_slots[0]
        slot.link = "OBJECT"
        slot.material = palette["other"]


def _plain(name: str, color: tuple[float, ...]) -> Any:
    material: Any = bpy.data.materials.new(name)
    if bpy.app.version < (5, 0):  # later always on
        material.use_nodes = True
    material.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = color
    return material


def _with_picture() -> Any:
    """Two colors, left and right."""
    material = _plain("Picture", (1.0, 1.0, 1.0, 1.0))
    image: Any = bpy.data.images.new("Picture", 8, 8)
    row = [1.0, 0.0, 0.0, 1.0] * 4 + [0.0, 0.0, 1.0, 1.0] * 4
    image.pixels.foreach_set(row * 8)
    image.pack()
    nodes, links = material.node_tree.nodes, material.node_tree.links
    node = nodes.new("ShaderNodeTexImage")
    node.image = image
    links.new(node.outputs["Color"], nodes["Principled BSDF"].inputs["Base Color"])
    return material


def _modify(obj: Any, kind: str) -> None:
    modifier = obj.modifiers.new(kind, kind)
    if kind == "ARRAY":
        modifier.count = 2
        modifier.relative_offset_displace = (1.5, 0.0, 0.0)
    elif kind == "MIRROR":
        modifier.use_bisect_axis[0] = True  # or every face would lie on another
    elif kind == "SIMPLE_DEFORM":
        modifier.deform_method, modifier.factor = "TAPER", 0.5
    elif kind == "SOLIDIFY":
        modifier.thickness = 0.05
    elif kind == "ARMATURE":
        modifier.object = _rig()
        group = obj.vertex_groups.new(name=modifier.object.pose.bones[0].name)
        group.add(range(len(obj.data.vertices) // 2), 1.0, "ADD")


def _rig() -> Any:
    bpy.ops.object.armature_add()
    rig: Any = bpy.context.object
    rig.pose.bones[0].location.x = 0.5
    rig.pose.bones[0].keyframe_insert("location", frame=1)
    rig.pose.bones[0].location.x = 0.0
    rig.pose.bones[0].keyframe_insert("location", frame=2 * FRAME)
    return rig


def _hang(obj: Any, kind: str) -> None:
    holder: Any
    if kind == "bone":
        holder = _rig()
        obj.parent, obj.parent_type, obj.parent_bone = holder, "BONE", holder.data.bones[0].name
        return
    if kind == "vertex":
        bpy.ops.mesh.primitive_cube_add(location=(0.0, -40.0, 0.0))
        obj.parent, obj.parent_type = bpy.context.object, "VERTEX"
        obj.parent_vertices = (5, 0, 0)
        return
    holder = _link(bpy.data.objects.new("Holder", None))
    holder.rotation_euler = (0.2, 0.0, 0.4)
    if kind == "stretched":
        holder.scale = (1.0, 3.0, 0.5)
    if kind == "moving":
        holder.keyframe_insert("rotation_euler", frame=1)
        holder.rotation_euler.z += 1.0
        holder.keyframe_insert("rotation_euler", frame=2 * FRAME)
    obj.parent = holder
    obj.matrix_parent_inverse = Matrix.Translation(Vector((0.1, 0.2, 0.3)))

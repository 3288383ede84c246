"""What a delivered model has besides its shape is there once it is placed: as if imported alone.

Normals that were set, every take of its animation, colours and normal maps: of each, what Blender's
own importer makes of a file is compared with what is in the scene after preparing and placing it.
"""

import math
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import numpy as np
import pytest
from mathutils import Euler, Matrix, Vector

from tests.blender.conftest import part
from tests.blender.results import add_job, finish

DEGREES = 1.0
"""By which a normal may be off: Blender stores them rounded."""


def imported(path: Path) -> None:
    """Read the file into an empty scene with Blender's own importer."""
    bpy.ops.wm.read_homefile(use_empty=True)
    match path.suffix:
        case ".glb":
            bpy.ops.import_scene.gltf(filepath=str(path))
        case ".fbx" if "fbx_import" in dir(bpy.ops.wm):
            bpy.ops.wm.fbx_import(filepath=str(path))
        case ".fbx":
            bpy.ops.import_scene.fbx(filepath=str(path))
        case ".obj":
            bpy.ops.wm.obj_import(filepath=str(path))
        case ".ply":
            bpy.ops.wm.ply_import(filepath=str(path))
    bpy.context.view_layer.update()


@pytest.fixture
def placed(store: Any, tmp_path: Path) -> Callable[[Path], Vector]:
    """Prepares and places a file in an empty scene; returns the way it was moved."""

    def place(path: Path) -> Vector:
        bpy.ops.wm.read_homefile(use_empty=True)
        preparation = part("blender.background.preparation")
        model = preparation.import_files([path], "Thing")
        way = Vector(model.collection[part("blender.model.names").FILE_ORIGIN])
        blend = tmp_path / "thing.blend"
        preparation.write(model.collection, blend)
        bpy.ops.wm.read_homefile(use_empty=True)
        prepared = part("jobs.job").Prepared(blend, bpy.app.version, "Thing", 1, (1.0, 1.0, 1.0))
        job = finish(store, add_job(store, tmp_path), prepared)
        part("blender.placement.append_result").append_result(bpy.context, job)
        bpy.context.view_layer.update()
        return way

    return place


def exported(path: Path) -> Path:
    match path.suffix:
        case ".glb":
            bpy.ops.export_scene.gltf(filepath=str(path), export_animation_mode="ACTIONS")
        case ".fbx":
            bpy.ops.export_scene.fbx(filepath=str(path), path_mode="COPY", embed_textures=True)
        case ".obj":
            bpy.ops.wm.obj_export(filepath=str(path), export_colors=True)
        case ".ply":
            bpy.ops.wm.ply_export(filepath=str(path), export_normals=True, export_colors="SRGB")
    return path


def ball(name: str, scale: tuple[float, float, float], *, mesh: Any = None) -> Any:
    """A turned ball, its normals bent aside, each corner's differently."""
    if mesh is None:
        bpy.ops.mesh.primitive_uv_sphere_add(segments=6, ring_count=4)
        obj = bpy.context.object
        mesh = obj.data
        if bpy.app.version < (4, 1):
            mesh.use_auto_smooth = True
        bent = [
            Vector(polygon.normal) + (1.0 + 0.3 * math.sin(corner)) * Vector((0.3, 0.5, 0.8))
            for polygon in mesh.polygons
            for corner in polygon.loop_indices
        ]
        mesh.normals_split_custom_set([tuple(normal.normalized()) for normal in bent])
    else:
        obj = bpy.data.objects.new(name, mesh)
        bpy.context.scene.collection.objects.link(obj)
    obj.name = name
    obj.rotation_euler = Euler((0.5, 0.3, 0.2))
    obj.scale = scale
    return obj


def sheared() -> None:
    above = bpy.data.objects.new("Above", None)
    bpy.context.scene.collection.objects.link(above)
    above.scale, above.rotation_euler = (1.0, 3.0, 1.0), Euler((0.0, 0.0, 0.4))
    ball("Ball", (1.0, 1.0, 2.0)).parent = above


def shared() -> None:
    first = ball("Ball", (1.0, 1.0, 1.0))
    ball("Other", (-1.0, 1.0, 2.0), mesh=first.data).location.x = 4.0


SHAPES: dict[str, Callable[[], Any]] = {
    "as it is": lambda: ball("Ball", (1.0, 1.0, 1.0)),
    "stretched": lambda: ball("Ball", (1.0, 2.0, 5.0)),
    "mirrored": lambda: ball("Ball", (-1.0, 1.0, 1.0)),
    "both": lambda: ball("Ball", (-1.0, 2.0, 4.0)),
    "sheared": sheared,
    "shared": shared,
}


def corners() -> Any:
    """Of every corner in the scene: its place, the middle of its polygon, its normal."""
    rows: list[Any] = []
    for obj in bpy.context.scene.objects:
        if obj.type != "MESH":
            continue
        mesh, world = obj.data, obj.matrix_world
        turn = world.to_3x3().inverted().transposed()
        assert mesh.has_custom_normals
        for polygon in mesh.polygons:
            middle = world @ polygon.center
            for corner in polygon.loop_indices:
                place = world @ mesh.vertices[mesh.loops[corner].vertex_index].co
                normal = (turn @ mesh.corner_normals[corner].vector).normalized()
                rows.append(np.concatenate((place, middle, normal)))
    return np.array(rows)


def farthest_off(some: Any, others: Any) -> float:
    """The largest angle in degrees between normals of the same corner."""
    assert some.shape == others.shape
    worst = 0.0
    for row in some:
        same = others[np.abs(others[:, :6] - row[:6]).max(axis=1) < 1e-3]
        assert len(same) > 0
        worst = max(worst, math.degrees(math.acos(min(1.0, float((same[:, 6:] @ row[6:]).max())))))
    return worst


NORMALS = [
    *[(kind, name) for kind in (".glb", ".fbx") for name in SHAPES],
    *[(kind, "as it is") for kind in (".obj", ".ply")],
]


@pytest.mark.parametrize(("kind", "name"), NORMALS)
def test_normals_that_were_set(
    placed: Callable[[Path], Vector], tmp_path: Path, kind: str, name: str
) -> None:
    SHAPES[name]()
    path = exported(tmp_path / f"ball{kind}")
    imported(path)
    wanted = corners()
    wanted[:, :6] += np.tile(placed(path), 2)
    assert farthest_off(wanted, corners()) < DEGREES


@pytest.mark.parametrize("matrix", [
    Matrix.Diagonal((1.0, 2.0, 5.0, 1.0)),
    Matrix.Diagonal((-1.0, -1.0, -1.0, 1.0)),
    Matrix.Shear("XY", 4, (0.7, 0.2)),
])  # fmt: skip
def test_normals_of_what_is_sent_and_what_comes_back(extension: ModuleType, matrix: Matrix) -> None:
    """Polygons of any number of corners, flat ones and such that have shape keys among them."""
    obj = ball("Ball", (1.0, 1.0, 1.0))
    mesh = obj.data
    normals = [Vector(normal.vector) for normal in mesh.corner_normals]
    ends = [mesh.loops[corner].vertex_index for corner in range(len(mesh.loops))]
    wanted = {
        (polygon.index, ends[corner]): matrix.to_3x3().inverted().transposed() @ normals[corner]
        for polygon in mesh.polygons
        for corner in polygon.loop_indices
    }
    part("blender.background.export").bake(mesh, matrix)
    for polygon in mesh.polygons:
        facing = polygon.normal.dot(polygon.center)
        assert facing > 0.0
        for corner in polygon.loop_indices:
            now = mesh.corner_normals[corner].vector
            then = wanted[polygon.index, mesh.loops[corner].vertex_index]
            assert math.degrees(now.angle(then)) < DEGREES


def animate(obj: Any, moved: Any, takes: dict[str, tuple[float, float, float]]) -> None:
    """One action for each name: ``moved`` goes there from where it is; the first is in use."""
    obj.animation_data_create()
    start = moved.location.copy()
    for length, (name, way) in enumerate(takes.items(), 9):
        action = bpy.data.actions.new(name)
        action.use_fake_user = True
        obj.animation_data.action = action
        for frame, place in ((1, start), (length, start + Vector(way))):
            moved.location = place
            moved.keyframe_insert("location", frame=frame)
    obj.animation_data.action = bpy.data.actions[next(iter(takes))]


def rigged() -> None:
    bpy.ops.object.armature_add()
    rig = bpy.context.object
    rig.name = "Rig"
    bpy.ops.mesh.primitive_cube_add()
    body = bpy.context.object
    body.name, body.parent = "Body", rig
    body.modifiers.new("Armature", "ARMATURE").object = rig
    body.vertex_groups.new(name="Bone").add(range(8), 1.0, "REPLACE")
    takes = {"Walk": (0.0, 1.0, 0.0), "Run": (0.0, 2.0, 0.0), "Idle": (0.0, 0.5, 0.0)}
    animate(rig, rig.pose.bones["Bone"], takes)


def two_that_move() -> None:
    """Each take moves one of them and leaves the other where it is."""
    for name, x in (("Lid", 0.0), ("Drawer", 5.0)):
        bpy.ops.mesh.primitive_cube_add(location=(x, 0.0, 0.0))
        obj = bpy.context.object
        obj.name = name
        takes = {f"{name} up": (0.0, 0.0, 1.0), f"{name} down": (0.0, 0.0, -2.0)}
        animate(obj, obj, takes)


def with_shapes() -> None:
    """A rig whose body has a shape that is keyed: newer importers make one action of both."""
    rigged()
    body = bpy.data.objects["Body"]
    body.shape_key_add(name="Basis")
    smile = body.shape_key_add(name="Smile")
    smile.data[0].co.z += 1.0
    for frame in (1, 9):
        smile.value = float(frame > 1)
        smile.keyframe_insert("value", frame=frame)


def curves_of(action: Any) -> int:
    """Curves in the action along which something moves."""
    if hasattr(action, "layers"):
        strips = [strip for layer in action.layers for strip in layer.strips]
        curves = [curve for strip in strips for bag in strip.channelbags for curve in bag.fcurves]
    else:
        curves = list(action.fcurves)
    return sum(len({round(p.co[1], 4) for p in curve.keyframe_points}) > 1 for curve in curves)


def takes() -> dict[str, tuple[int, float, float]]:
    return {
        action.name: (curves_of(action), action.frame_range[0], action.frame_range[1])
        for action in bpy.data.actions
    }


def in_use() -> list[str]:
    """The actions that what is in the scene plays."""
    return sorted(
        obj.animation_data.action.name
        for obj in bpy.context.scene.objects
        if obj.animation_data is not None and obj.animation_data.action is not None
    )


@pytest.mark.parametrize("kind", [".glb", ".fbx"])
@pytest.mark.parametrize("make", [rigged, two_that_move, with_shapes])
def test_every_take(
    placed: Callable[[Path], Vector], tmp_path: Path, make: Callable[[], None], kind: str
) -> None:
    make()
    path = exported(tmp_path / f"moves{kind}")
    imported(path)
    wanted, used = takes(), in_use()
    assert len(wanted) >= (3 if make is not two_that_move else 2)
    placed(path)
    assert takes() == wanted
    assert in_use() == used
    bpy.data.orphans_purge(do_recursive=True)  # as saving the file does
    assert set(takes()) == set(wanted)


def test_takes_can_be_played(placed: Callable[[Path], Vector], tmp_path: Path) -> None:
    """Each lies on the rig, muted, for the artist to choose; none plays but the one in use."""
    rigged()
    path = exported(tmp_path / "moves.fbx")
    placed(path)
    (rig,) = [obj for obj in bpy.context.scene.objects if obj.type == "ARMATURE"]
    tracks = rig.animation_data.nla_tracks
    assert all(track.mute for track in tracks)
    other = next(iter(tracks))
    ends = set()
    for _ in ("as it came", "the other take"):
        bpy.context.scene.frame_set(30)
        ends.add(round(rig.pose.bones["Bone"].location.y, 3))
        rig.animation_data.action = None
        other.mute = False
    assert len(ends) == 2


def coloured() -> None:
    bpy.ops.mesh.primitive_cube_add()
    attributes = bpy.context.object.data.color_attributes
    made = [
        ("Color", "CORNER", "BYTE_COLOR"),
        ("Wear", "POINT", "FLOAT_COLOR"),
        ("Farbe ä", "CORNER", "FLOAT_COLOR"),
    ]
    for number, (name, domain, kind) in enumerate(made):
        for corner, entry in enumerate(attributes.new(name, kind, domain).data):
            entry.color = (corner % 3 / 2, 0.5, number / 2, 1.0)
    attributes.active_color_index, attributes.render_color_index = 1, 2


def colours() -> list[Any]:
    (obj,) = [obj for obj in bpy.data.objects if obj.type == "MESH"]
    attributes = obj.data.color_attributes
    found = [
        (item.name, item.domain, item.data_type, [tuple(entry.color) for entry in item.data])
        for item in attributes
    ]
    return [found, attributes.active_color_index, attributes.render_color_index]


@pytest.mark.parametrize("kind", [".glb", ".fbx", ".obj", ".ply"])
def test_colour_attributes(placed: Callable[[Path], Vector], tmp_path: Path, kind: str) -> None:
    coloured()
    if kind == ".glb":
        paint = bpy.data.materials.new("Paint")
        bpy.context.object.data.materials.append(paint)
    path = exported(tmp_path / f"box{kind}")
    imported(path)
    wanted = colours()
    assert wanted[0] or kind == ".glb"  # newer exporters leave out what no material uses
    placed(path)
    assert colours() == wanted


def bump_picture(path: Path) -> Any:
    image = bpy.data.images.new("bump", 8, 8)
    image.filepath_raw, image.file_format = str(path), "PNG"
    image.save()
    return image


def bumpy(picture: Path) -> None:
    """A box with a normal map of half the strength."""
    bpy.ops.mesh.primitive_cube_add()
    material = bpy.data.materials.new("Paint")
    if bpy.app.version < (5, 0):  # later always on
        material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    texture, bump = nodes.new("ShaderNodeTexImage"), nodes.new("ShaderNodeNormalMap")
    texture.image = bump_picture(picture)
    texture.image.colorspace_settings.name = "Non-Color"
    bump.inputs["Strength"].default_value = 0.5
    links.new(texture.outputs["Color"], bump.inputs["Color"])
    links.new(bump.outputs["Normal"], nodes["Principled BSDF"].inputs["Normal"])
    bpy.context.object.data.materials.append(material)


def normal_map() -> tuple[float, str, tuple[int, ...]]:
    """Strength, color space and size of the one that the scene's material has."""
    (obj,) = [obj for obj in bpy.data.objects if obj.type == "MESH"]
    nodes = obj.data.materials[0].node_tree.nodes
    bump = nodes["Principled BSDF"].inputs["Normal"].links[0].from_node
    image: Any = bump.inputs["Color"].links[0].from_node.image
    strength = round(bump.inputs["Strength"].default_value, 4)
    return strength, image.colorspace_settings.name, tuple(image.size)


@pytest.mark.parametrize("kind", [".glb", ".fbx"])
def test_normal_maps(placed: Callable[[Path], Vector], tmp_path: Path, kind: str) -> None:
    bumpy(tmp_path / "höcker.png")
    path = exported(tmp_path / f"box{kind}")
    imported(path)
    wanted = normal_map()
    assert wanted[1:] == ("Non-Color", (8, 8))
    placed(path)
    assert normal_map() == wanted


OBJ = """mtllib box.mtl
v 0 0 0
v 1 0 0
v 0 0 1
vt 0 0
vt 1 0
vt 0 1
usemtl Paint
f 1/1 2/2 3/3
"""


@pytest.mark.parametrize("statement", [
    "map_Bump -bm 0.5", "bump -bm 0.5", "norm -bm 0.5", "map_Pn -bm 0.5", "norm -clamp on -bm 0.5",
])  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-8-sig"])
def test_normal_maps_of_obj(
    placed: Callable[[Path], Vector], tmp_path: Path, statement: str, encoding: str
) -> None:
    """However the file is written: as Blender reads ``map_Bump`` written as it likes it."""
    bump_picture(tmp_path / "höcker.png")
    path = tmp_path / "box.obj"
    path.write_bytes(OBJ.encode(encoding))
    mtl = f"newmtl Paint\nKd 1 1 1\n{statement} höcker.png\n"
    path.with_suffix(".mtl").write_bytes(mtl.encode(encoding))
    placed(path)
    assert normal_map() == (0.5, "Non-Color", (8, 8))

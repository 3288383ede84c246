"""What results are called, how they turn, and what two imports of one result have in common."""

import math
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.results import finish
from tests.blender.test_placement import order, place
from tests.blender.test_prepare import append, export, prepare


@pytest.mark.parametrize(("own", "names"), [
    (["material_0", "Material.001"], ["Lamp 1", "Lamp 2"]),
    (["part_0", "Seat", "part_1"], ["Lamp 1", "Lamp Seat", "Lamp 2"]),
    (["Leg", "Leg.001", "Leg.002"], ["Lamp Leg", "Lamp Leg 2", "Lamp Leg 3"]),
    (["tripo_node_5f0b51d4-d4c8-4f1e-9f54-dd0d2f8b3d55", "Mesh12"], ["Lamp 1", "Lamp 2"]),
    (["0f3a9cde", "7", "Image_0"], ["Lamp 1", "Lamp 2", "Lamp 3"]),
    (["lamp shade", "Shade"], ["lamp shade", "Lamp Shade"]),
    (["Лампа", "灯罩"], ["Lamp Лампа", "Lamp 灯罩"]),
])  # fmt: skip
def test_what_says_nothing_is_counted(
    extension: ModuleType, own: list[str], names: list[str]
) -> None:
    assert part("blender.model.naming").names_of_several("Lamp", own) == names


def picture(name: str, value: float) -> bpy.types.Image:
    image = bpy.data.images.new(name, 8, 8)
    image.pixels.foreach_set([value, value / 2, 0.1, 1.0] * 64)
    image.update()
    image.pack()
    return image


def dressed(name: str, value: float, *inputs: str) -> bpy.types.Material:
    """A material with a picture for each of the shader's inputs."""
    material: Any = part("blender.model.shading").new_material(name)
    tree = material.node_tree
    shader = tree.nodes["Principled BSDF"]
    for number, socket in enumerate(inputs):
        texture = tree.nodes.new("ShaderNodeTexImage")
        texture.image = picture(f"Image_{number}", value + 0.1 * number)
        output = texture.outputs["Color"]
        if socket == "Normal":
            normal = tree.nodes.new("ShaderNodeNormalMap")
            tree.links.new(output, normal.inputs["Color"])
            output = normal.outputs["Normal"]
        tree.links.new(output, shader.inputs[socket])
    made: bpy.types.Material = material
    return made


def add_model(*materials: bpy.types.Material) -> None:
    """A box for each material."""
    for number, material in enumerate(materials):
        bpy.ops.mesh.primitive_cube_add(location=(3.0 * number, 0.0, 0.0))
        bpy.context.object.name = f"model_{number}"
        bpy.context.object.data.materials.append(material)


@pytest.mark.parametrize("keyed", [False, True])
def test_it_turns_by_angles_unless_it_is_animated(
    extension: ModuleType, tmp_path: Path, *, keyed: bool
) -> None:
    bpy.ops.mesh.primitive_cube_add()
    mesh = bpy.context.object.data
    other = bpy.data.objects.new("Other", mesh)  # what shares a mesh keeps its transform
    other.location.x, other.rotation_euler.z = 5.0, math.pi / 3
    bpy.context.scene.collection.objects.link(other)
    if keyed:
        other.keyframe_insert("rotation_euler", frame=1)
        other.rotation_euler.z = 0.0
        other.keyframe_insert("rotation_euler", frame=20)
    report = prepare(tmp_path, export("glb", tmp_path))
    collection = append(tmp_path, report)
    bpy.context.scene.frame_set(1)
    modes = {obj.rotation_mode for obj in collection.all_objects}
    turned = next(obj for obj in collection.all_objects if "Other" in obj.name)
    turns = turned.matrix_world.to_euler().z
    assert turns == pytest.approx(math.pi / 3, abs=1e-3)
    assert modes == ({"XYZ", "QUATERNION"} if keyed else {"XYZ"})


# -- two imports of one result -------------------------------------------------------------------


@pytest.fixture(scope="module")
def result(extension: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Two boxes with pictures, as prepared."""
    folder = tmp_path_factory.mktemp("result")
    bpy.ops.wm.read_homefile(use_empty=True)
    add_model(
        dressed("material_0", 0.2, "Base Color", "Normal"), dressed("material_1", 0.6, "Base Color")
    )
    report = prepare(folder, export("glb", folder))
    bpy.ops.wm.read_homefile(use_empty=True)
    return part("jobs.job").Prepared(
        folder / "out.blend",
        bpy.app.version,
        report["collection"],
        report["triangles"],
        tuple(report["dimensions"]),
    )


def test_names_come_from_the_job(result: Any) -> None:
    libraries: Any = bpy.data.libraries
    with libraries.load(str(result.path)) as (_, wanted):
        wanted.collections = [result.collection]
    objects = sorted(wanted.collections[0].all_objects, key=lambda obj: str(obj.name))
    assert [obj.name for obj in objects] == ["Brass Lamp 1", "Brass Lamp 2"]
    assert [obj.data.name for obj in objects] == ["Brass Lamp 1", "Brass Lamp 2"]
    names = [material.name for obj in objects for material in obj.data.materials]
    assert names == ["Brass Lamp 1", "Brass Lamp 2"]
    assert sorted(image.name for image in bpy.data.images if image.users) == [
        "Brass Lamp 1 Color",
        "Brass Lamp 1 Normal",
        "Brass Lamp 2 Color",
    ]


@pytest.fixture
def job(store: Any, result: Any) -> Any:
    """That result, ready to be placed."""
    plan = part("jobs.planner").plan_one("tencent-rapid", {"prompt": "a brass lamp"})
    queued = part("blender.runtime.submission").submit(bpy.context, plan)
    return finish(store, queued, result)


def counts() -> tuple[int, int, int]:
    kinds: tuple[Any, ...] = (bpy.data.materials, bpy.data.images, bpy.data.node_groups)
    found = [sum(1 for one in kind if one.users) for kind in kinds]
    return found[0], found[1], found[2]


def materials_of(obj: Any) -> set[Any]:
    collection = obj.users_collection[0]
    return {slot.material for one in collection.objects for slot in one.material_slots}


def test_a_second_import_shares_materials_and_pictures(job: Any) -> None:
    first = place(job)
    before = counts()
    second = place(job)
    assert counts() == before
    assert first.data != second.data
    assert materials_of(first) == materials_of(second)
    assert not [m.name for m in bpy.data.materials if m.name.endswith(".001")]


def change_value(material: Any) -> None:
    shader = material.node_tree.nodes["Principled BSDF"]
    shader.inputs["Roughness"].default_value = 0.123


def add_node(material: Any) -> None:
    material.node_tree.nodes.new("ShaderNodeHueSaturation")


def cut_link(material: Any) -> None:
    links = material.node_tree.links
    links.remove(links[0])


def change_setting(material: Any) -> None:
    material.use_backface_culling = not material.use_backface_culling


def repeat_less(material: Any) -> None:
    next(n for n in material.node_tree.nodes if n.type == "TEX_IMAGE").extension = "CLIP"


def animate(material: Any) -> None:
    material.keyframe_insert("diffuse_color", frame=1)


def paint(material: Any) -> None:
    image = next(n for n in material.node_tree.nodes if n.type == "TEX_IMAGE").image
    image.pixels[0] = 0.9
    image.update()


def paint_and_pack(material: Any) -> None:
    paint(material)
    next(n for n in material.node_tree.nodes if n.type == "TEX_IMAGE").image.pack()


def read_otherwise(material: Any) -> None:
    image = next(n for n in material.node_tree.nodes if n.type == "TEX_IMAGE").image
    image.colorspace_settings.name = "Non-Color" if image.name.endswith("Color") else "sRGB"


EDITS: tuple[Callable[[Any], None], ...] = (
    change_value, add_node, cut_link, change_setting, repeat_less, animate, paint, paint_and_pack,
    read_otherwise,
)  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_what_the_artist_changed_is_not_shared(job: Any, edit: Callable[[Any], None]) -> None:
    first = place(job)
    edited, other = sorted(materials_of(first), key=lambda one: str(one.name))
    edit(edited)
    second = place(job)
    assert edited not in materials_of(second)
    assert other in materials_of(second)
    again = place(job)  # the untouched copy is there to be shared
    assert materials_of(again) == materials_of(second)


def test_where_nodes_lie_makes_no_difference(job: Any) -> None:
    first = place(job)
    for material in materials_of(first):
        for node in material.node_tree.nodes:
            node.location.x += 100.0
        material.name = f"My {material.name}"
    assert materials_of(place(job)) == materials_of(first)


def test_other_jobs_share_nothing(store: Any, job: Any, tmp_path: Path) -> None:
    first = place(job)
    other = order(store, tmp_path)
    store.change(other.id, other.state, prepared=job.prepared)
    assert not materials_of(place(store.get(other.id))) & materials_of(first)

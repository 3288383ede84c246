"""Results as assets: marked in the open file, or saved into a library by a background Blender."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import pytest
from mathutils import Vector

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import make_blend, ops, ready_job
from tests.blender.round_trips import bounds, select
from tests.blender.test_make_asset import load
from tests.patience import seconds, until

LIBRARY = "Our Props"


@pytest.fixture
def preferences(store: Any) -> Iterator[Any]:
    """The extension's preferences with an author and a license; as before afterwards."""
    chosen = part("blender.settings.preferences").preferences_of(bpy.context)
    chosen.asset_author, chosen.asset_license = "Ada", "CC0"
    yield chosen
    for name in ("asset_author", "asset_license", "asset_library", "asset_catalog"):
        chosen.property_unset(name)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Path]:
    """A folder that is an asset library of Blender's preferences."""
    folder = tmp_path / "libräry"
    folder.mkdir()
    libraries: Any = bpy.context.preferences.filepaths.asset_libraries
    libraries.new(name=LIBRARY, directory=str(folder))
    before = len(libraries)
    yield folder
    for one in list(libraries)[before - 1 :]:
        libraries.remove(one)


def place(job: Any) -> Any:
    ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    return bpy.context.view_layer.objects.active


def save(**options: Any) -> None:
    """Press the button and wait for the background Blender."""
    assert ops.studio3d.save_asset("EXEC_DEFAULT", **options) == {"FINISHED"}
    until(lambda: not goes_on(), usual=120, what="the saved asset")


def goes_on() -> bool:
    """Look once; tells whether anything is still being saved."""
    tasks = part("blender.runtime.background_tasks")
    tasks.look(may_change=True)
    going_on: bool = tasks.any_left()
    return going_on


def remark_on(job: Any) -> str:
    remark: str = part("blender.snapshot.snapshot").current().row(job.id).remark
    return remark


def catalogs(folder: Path) -> dict[str, str]:
    """Ids by path, as the library's file has them."""
    lines = (folder / "blender_assets.cats.txt").read_text("utf-8").splitlines()
    found = [line.split(":") for line in lines if line.count(":") == 2]
    return {path: catalog for catalog, path, _ in found}


def has_preview(item: bpy.types.ID) -> bool:
    """Whether there is a preview that shows something."""
    pixels = list(item.preview.image_pixels_float)
    return len(set(pixels)) > 1


# -- in the open file ------------------------------------------------------------------------


def test_a_result_is_marked_with_what_is_known_of_it(
    store: Any, preferences: Any, tmp_path: Path
) -> None:
    job = ready_job(store, tmp_path, prompt="a lamp of brass with the old, old look")
    lamp = place(job)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    assert ops.studio3d.mark_asset("EXEC_DEFAULT", True, job_id=job.id) == {"FINISHED"}
    data = lamp.asset_data
    assert data.description == "a lamp of brass with the old, old look"
    assert [tag.name for tag in data.tags] == ["lamp", "brass", "old", "look", "Hunyuan Rapid"]
    assert (data.author, data.license) == ("Ada", "CC0")
    assert data.catalog_id == catalogs(tmp_path)["Generated"]


def test_its_preview_is_the_picture_that_came_with_it(
    store: Any, preferences: Any, tmp_path: Path
) -> None:
    image = bpy.data.images.new("thumbnail", 64, 64, alpha=True)
    image.pixels.foreach_set([0.0, 1.0, 0.0, 1.0] * 32 * 64 + [1.0, 0.0, 0.0, 1.0] * 32 * 64)
    image.filepath_raw, image.file_format = str(tmp_path / "thumbnail.png"), "PNG"
    image.save()
    job = ready_job(store, tmp_path)
    file = part("jobs.job").ResultFile(tmp_path / "thumbnail.png", "IMAGE")
    store.change(job.id, job.state, files=(file,))
    lamp = place(job)
    assert ops.studio3d.mark_asset("EXEC_DEFAULT", True) == {"FINISHED"}  # the active object's
    assert has_preview(lamp)
    red, green = (list(lamp.preview.image_pixels_float)[at::4] for at in (0, 1))
    assert max(red) > 0.9
    assert max(green) > 0.9


def test_several_objects_are_one_asset_if_they_have_a_collection(
    store: Any, preferences: Any, tmp_path: Path
) -> None:
    job = ready_job(store, tmp_path)
    store.change(job.id, job.state, prepared=make_blend(tmp_path / "p.blend", "Parts", 1.0, 2.0))
    place(job)
    ops.studio3d.mark_asset("EXEC_DEFAULT", True, job_id=job.id)
    assert [c.name for c in bpy.data.collections if c.asset_data] == ["Brass Lamp"]
    assert not [o for o in bpy.data.objects if o.asset_data]
    select(bpy.data.collections["Brass Lamp"].objects[0])
    ops.studio3d.mark_asset("EXEC_DEFAULT", True, job_id=job.id)
    assert [bool(o.asset_data) for o in bpy.data.collections["Brass Lamp"].objects] == [True, False]


def test_what_was_not_generated_is_not_taken(store: Any) -> None:
    bpy.ops.mesh.primitive_cube_add()
    assert ops.studio3d.mark_asset("EXEC_DEFAULT", True) == {"CANCELLED"}
    assert ops.studio3d.save_asset("EXEC_DEFAULT") == {"CANCELLED"}
    assert not bpy.context.object.asset_data


def test_the_objects_menu_offers_it_for_results(store: Any, tmp_path: Path) -> None:
    def entries() -> set[str]:
        layout = RecordingLayout()
        menu: Any = bpy.types.STUDIO3D_MT_object
        menu.draw(SimpleNamespace(layout=layout), bpy.context)
        return {"studio3d.mark_asset", "studio3d.save_asset"} & set(layout.buttons())

    bpy.ops.mesh.primitive_cube_add()
    assert entries() == set()
    place(ready_job(store, tmp_path))
    assert entries() == {"studio3d.mark_asset", "studio3d.save_asset"}


# -- into a library --------------------------------------------------------------------------


@pytest.mark.parametrize("metres", [1.0, 0.01])
def test_a_library_lists_the_asset_as_the_artist_has_it(
    store: Any, preferences: Any, library: Path, tmp_path: Path, metres: float
) -> None:
    bpy.context.scene.unit_settings.scale_length = metres
    job = ready_job(store, tmp_path)
    lamp = place(job)
    parent = bpy.data.objects.new("Shelf", None)
    parent.location = (9.0, 9.0, 9.0)
    bpy.context.scene.collection.objects.link(parent)
    lamp.parent = parent
    lamp.location, lamp.scale = (4.0, 5.0, 6.0), (1.0, 1.0, 2.0)
    lamp.name = "Läselampe"
    bpy.context.view_layer.update()
    save(job_id=job.id, library=str(library), catalog="Props/Lamps", tags="warm, brass ,")
    assert remark_on(job) == f"Saved as L-selampe.blend in {LIBRARY}"
    assert not lamp.asset_data  # the open file is left alone
    assert not list(Path(bpy.app.tempdir).glob("asset-*.blend"))

    bpy.ops.wm.read_homefile(use_empty=True)
    (asset,) = load(library / "L-selampe.blend", "objects", assets_only=True)
    data = asset.asset_data
    assert (asset.name, data.description) == ("Läselampe", "a brass lamp")
    assert [tag.name for tag in data.tags] == ["warm", "brass"]
    assert (data.author, data.license) == ("Ada", "CC0")
    assert data.catalog_id == catalogs(library)["Props/Lamps"]
    assert "Props" in catalogs(library)
    assert has_preview(asset)
    assert asset["studio3d_job"] == job.id
    bpy.context.scene.collection.objects.link(asset)
    low, high = bounds(asset)
    assert (low - Vector((-1.0, -1.0, 0.0))).length < 1e-4
    assert (high - Vector((1.0, 1.0, 4.0))).length < 1e-4
    assert (asset.parent, tuple(asset.location), tuple(asset.scale)) == (None, (0,) * 3, (1,) * 3)
    assert [o.name for o in bpy.data.objects] == ["Läselampe"]


def test_what_is_in_no_scene_is_saved_as_it_was_made_ready(
    store: Any, preferences: Any, library: Path, tmp_path: Path
) -> None:
    job = ready_job(store, tmp_path)
    store.change(job.id, job.state, prepared=make_blend(tmp_path / "p.blend", "Parts", 1.0, 2.0))
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    save(job_id=job.id, library=str(library), catalog="")
    assert (tmp_path / "p.blend").is_file()
    assert [path.name for path in library.iterdir()] == ["Brass-Lamp.blend"]
    (asset,) = load(library / "Brass-Lamp.blend", "collections", assets_only=True)
    assert (asset.name, len(asset.objects)) == ("Brass Lamp", 2)
    assert {tag.name for tag in asset.asset_data.tags} == {"brass", "lamp", "Hunyuan Rapid"}
    assert has_preview(asset)


@pytest.mark.oldest_and_newest
@pytest.mark.fault(
    "Two Blenders save an asset of the same name into one library at once",
    "Both are there, each whole and with its catalog",
)
def test_two_save_the_same_name_at_once(store: Any, library: Path, tmp_path: Path) -> None:
    both = []
    for size in (1.0, 2.0):
        (tmp_path / str(size)).mkdir()
        prepared = make_blend(tmp_path / str(size) / "p.blend", "Lamp", size)
        order = {
            "kind": "saved",
            "name": "Lamp",
            "blend": str(prepared.path),
            "collection": prepared.collection,
            "objects": [],
            "matrices": [],
            "scale": 1.0,
            "metadata": part("blender.scene.assets").Metadata("a lamp").to_json(),
            "library": str(library),
            "catalog": f"Lamps/{size:.0f} m",
        }
        command = part("blender.runtime.worker_host").asset_command()
        both.append(part("worker.script_process").ScriptProcess(command, order, seconds(60)))
    try:
        reports = [until(one.report, usual=60, what="the report of one") for one in both]
    finally:
        for one in both:
            one.end()
    assert sorted(path.name for path in library.iterdir()) == [
        "Lamp-2.blend",
        "Lamp.blend",
        "blender_assets.cats.txt",
    ]
    assert {"Lamps", "Lamps/1 m", "Lamps/2 m"} <= catalogs(library).keys()
    for size, report in zip((1, 2), reports, strict=True):
        bpy.ops.wm.read_homefile(use_empty=True)
        (asset,) = load(Path(report["blend"]), "objects", assets_only=True)
        assert asset.asset_data.catalog_id == catalogs(library)[f"Lamps/{size} m"]
        assert asset.dimensions.z == pytest.approx(size)


def test_a_result_does_not_take_its_original_along(
    store: Any, preferences: Any, library: Path, tmp_path: Path
) -> None:
    lamp = place(ready_job(store, tmp_path))
    bpy.ops.mesh.primitive_cube_add()
    original = bpy.context.object
    original.name = "Secret"
    part("blender.scene.object_links").link(lamp, [original])
    select(lamp)
    save(library=str(library))
    bpy.ops.wm.read_homefile(use_empty=True)
    load(library / "Brass-Lamp.blend", "objects")
    assert [o.name for o in bpy.data.objects] == ["Brass Lamp"]


def linked_material(file: Path) -> tuple[Any, Any]:
    """A material with a picture, linked from a file."""
    image: Any = bpy.data.images.new("Paint", 8, 8)
    material: Any = bpy.data.materials.new("Paint")
    material.use_nodes = True
    material.node_tree.nodes.new("ShaderNodeTexImage").image = image
    bpy.data.libraries.write(str(file), {material})
    bpy.data.batch_remove([material, image])
    libraries: Any = bpy.data.libraries
    with libraries.load(str(file), link=True) as (_, wanted):
        wanted.materials = ["Paint"]
    return wanted.materials[0], bpy.data.images["Paint"]


def test_the_asset_is_what_is_seen(
    store: Any, preferences: Any, library: Path, tmp_path: Path
) -> None:
    """Painted, in the shape another object gives it, with a material of another file."""
    lamp = place(ready_job(store, tmp_path))
    material, image = linked_material(tmp_path / "materials.blend")
    image.pixels.foreach_set([0.0, 1.0, 0.0, 1.0] * 64)
    lamp.data.materials.clear()
    lamp.data.materials.append(None)
    lamp.material_slots[0].link = "OBJECT"
    lamp.material_slots[0].material = material
    bpy.ops.object.armature_add()
    rig = bpy.context.object
    rig.pose.bones[0].scale = (1, 3, 1)
    lamp.modifiers.new("Rig", "ARMATURE").object = rig
    lamp.vertex_groups.new(name="Bone").add(range(8), 1.0, "ADD")
    lamp.parent = rig
    select(lamp)
    assert bounds(lamp)[1].z == pytest.approx(2.0)
    save(library=str(library))
    bpy.ops.wm.read_homefile(use_empty=True)
    (asset,) = load(library / "Brass-Lamp.blend", "objects")
    bpy.context.scene.collection.objects.link(asset)
    bpy.context.view_layer.update()
    assert [obj.name for obj in bpy.data.objects] == ["Brass Lamp"]
    assert len(bpy.data.libraries) == 1  # the asset's own
    assert asset["studio3d_job"]
    assert asset.dimensions.z == pytest.approx(6.0, rel=1e-3)
    (node,) = (
        node
        for node in asset.material_slots[0].material.node_tree.nodes
        if node.type == "TEX_IMAGE"
    )
    assert node.image.packed_file is not None
    assert tuple(node.image.pixels[:4]) == (0.0, 1.0, 0.0, 1.0)


@pytest.mark.fault(
    "A file stands where the asset library should be", "Told with the job; the file is left alone"
)
def test_a_library_that_cannot_be_written_is_told(
    store: Any, preferences: Any, library: Path, tmp_path: Path
) -> None:
    job = ready_job(store, tmp_path)
    place(job)
    library.rmdir()
    library.write_text("a file in the way")
    save(job_id=job.id, library=str(library))
    assert "The library cannot be written to" in remark_on(job)
    assert library.read_text() == "a file in the way"


def test_our_own_folder_is_added_to_the_preferences_on_request_only(
    store: Any, preferences: Any, library: Path, tmp_path: Path
) -> None:
    libraries: Any = bpy.context.preferences.filepaths.asset_libraries
    asset_libraries = part("blender.runtime.asset_libraries")
    preferences.asset_library = str(tmp_path / "own")
    names = [(one.name, one.known) for one in asset_libraries.all_of(bpy.context)]
    assert names[0] == ("3D AI Studio", False)
    assert (LIBRARY, True) in names
    place(ready_job(store, tmp_path))
    save()
    assert [path.name for path in (tmp_path / "own").glob("*.blend")] == ["Brass-Lamp.blend"]
    assert "3D AI Studio" not in libraries
    assert ops.studio3d.add_library("EXEC_DEFAULT") == {"FINISHED"}
    assert Path(libraries["3D AI Studio"].path) == tmp_path / "own"
    with pytest.raises(RuntimeError, match="already"):
        ops.studio3d.add_library("EXEC_DEFAULT")
    assert asset_libraries.own(bpy.context).known


def test_what_the_asset_lacks_is_told(store: Any, library: Path, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    lamp = place(job)
    material = bpy.data.materials.new("Wood")
    material.use_nodes = True
    picture = bpy.data.images.new("wood", 8, 8)
    picture.filepath_raw, picture.file_format = str(tmp_path / "wood.png"), "PNG"
    picture.save()
    picture.source = "FILE"
    (tmp_path / "wood.png").unlink()
    picture.reload()
    material.node_tree.nodes.new("ShaderNodeTexImage").image = picture
    lamp.data.materials.append(material)
    save(job_id=job.id, library=str(library))
    assert "The texture wood.png is missing." in remark_on(job)


@pytest.mark.fault(
    "The extension is disabled while it saves assets",
    "The saving ends and leaves nothing half done",
)
def test_saving_ends_with_the_extension(store: Any, library: Path, tmp_path: Path) -> None:
    place(ready_job(store, tmp_path))
    for _ in range(2):
        ops.studio3d.save_asset("EXEC_DEFAULT", library=str(library))
    assert goes_on()
    part("blender.core.memory").end()
    assert not goes_on()
    assert not list(Path(bpy.app.tempdir).glob("asset-*.blend"))
    assert not list(library.glob("*.blend"))

"""What a recipe does with a result on this computer: reduced, accompanied, named, written."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import ops, own_home
from tests.patience import seconds
from tests.sandboxes import Sandbox
from tests.till import Till

pytestmark = pytest.mark.oldest_and_newest


def painted_ball(path: Path, side: int = 64) -> Path:
    """A GLB of about four thousand triangles with a picture of that many pixels along a side."""
    bpy.ops.mesh.primitive_uv_sphere_add(segments=64, ring_count=32)
    material = bpy.data.materials.new("Painted")
    material.use_nodes = True
    tree = material.node_tree
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = bpy.data.images.new("paint", side, side)
    texture.image.pixels[:] = [0.8, 0.1, 0.2, 1.0] * side * side
    texture.image.pack()
    tree.links.new(texture.outputs["Color"], tree.nodes["Principled BSDF"].inputs["Base Color"])
    bpy.context.object.data.materials.append(material)
    bpy.ops.export_scene.gltf(filepath=str(path), export_format="GLB")
    bpy.ops.wm.read_homefile(use_empty=True)
    return path


def arrive(folder: Path, model: Path, steps: str, name: str = "Barrel") -> dict[str, Any]:
    """Prepare the model as the worker does, with the steps; returns the report."""
    post = part("recipes.post").parse_post(steps)
    order = {
        "files": [str(model)],
        "to": str(folder / "out.blend"),
        "report": str(folder / "report.json"),
        "name": name,
        "preview": str(folder / "preview.png"),
        "then": {"post": post.local(), "to": str(folder / "made"), "stem": name, "before": []},
    }
    (folder / "job.json").write_text(json.dumps(order))
    command = part("blender.runtime.worker_host").prepare_command()
    call = [*command, "--", str(folder / "job.json")]
    subprocess.run(call, check=True, timeout=seconds(120), stdout=subprocess.DEVNULL)
    report: dict[str, Any] = json.loads((folder / "report.json").read_text())
    assert report["ok"], report
    return report


def names_in(path: Path) -> dict[str, int]:
    """The meshes that an engine finds in a file, with their triangles."""
    bpy.ops.wm.read_homefile(use_empty=True)
    if path.suffix == ".fbx":
        bpy.ops.import_scene.fbx(filepath=str(path))
    else:
        bpy.ops.import_scene.gltf(filepath=str(path))
    return dict(meshes(bpy.data.objects))


def meshes(objects: Any) -> Iterator[tuple[str, int]]:
    for obj in objects:
        if obj.type == "MESH":
            obj.data.calc_loop_triangles()
            yield obj.name, len(obj.data.loop_triangles)


def test_a_game_prop_is_light_and_has_levels_and_a_hull(
    extension: ModuleType, tmp_path: Path
) -> None:
    ball = painted_ball(tmp_path / "ball.glb")
    steps = "triangles=1000; texture-size=256; lods=0.5,0.25; collision=unreal; export=glb,fbx"
    report = arrive(tmp_path, ball, steps)
    assert report["left_out"] == []
    assert 900 < report["triangles"] <= 1000
    assert (tmp_path / "preview.png").is_file()
    made = {path.name for path in (tmp_path / "made").iterdir()}
    levels = {f"Barrel-lod{n}.{suffix}" for n in (1, 2) for suffix in ("glb", "fbx")}
    assert made == {"Barrel.glb", "Barrel.fbx", *levels}
    for suffix in ("glb", "fbx"):
        found = names_in(tmp_path / "made" / f"Barrel.{suffix}")
        assert set(found) == {"Barrel", "UCX_Barrel_00"}
        assert found["Barrel"] == report["triangles"]
        levels_found = names_in(tmp_path / "made" / f"Barrel-lod2.{suffix}")
        assert set(levels_found) == {"Barrel_LOD2"}
        quarter = pytest.approx(report["triangles"] * 0.25, rel=0.1)
        assert levels_found["Barrel_LOD2"] == quarter
    bpy.ops.wm.read_homefile(use_empty=True)
    libraries: Any = bpy.data.libraries
    with libraries.load(str(tmp_path / "out.blend"), link=False) as (_, wanted):
        wanted.collections = ["Barrel"]
    (barrel,) = bpy.data.collections["Barrel"].objects
    others = {
        obj.name: obj for one in bpy.data.collections["Barrel"].children for obj in one.objects
    }
    assert set(others) == {"Barrel_LOD1", "Barrel_LOD2", "UCX_Barrel_00"}
    assert all(obj["studio3d_follows"] == barrel for obj in others.values())
    assert all(one.hide_viewport for one in bpy.data.collections["Barrel"].children)
    assert not any(obj.data.validate() for obj in [barrel, *others.values()])
    hull = others["UCX_Barrel_00"].data
    hull.calc_loop_triangles()
    assert {len(polygon.vertices) for polygon in hull.polygons} == {3}
    middle = barrel.data.vertices[0].co.copy() * 0
    middle.z = 1.0
    assert all((face.center - middle).dot(face.normal) > 0 for face in hull.polygons)


def test_pictures_are_made_smaller_and_stay_what_they_show(
    extension: ModuleType, tmp_path: Path
) -> None:
    arrive(tmp_path, painted_ball(tmp_path / "ball.glb", side=512), "texture-size=256; export=glb")
    names_in(tmp_path / "made" / "Barrel.glb")
    (image,) = [one for one in bpy.data.images if one.size[0]]
    assert list(image.size) == [256, 256]
    assert list(image.pixels[:3]) == pytest.approx([0.8, 0.1, 0.2], abs=0.02)


@pytest.mark.parametrize(
    ("engine", "names"),
    [
        ("unity", {"Barrel_LOD0", "Barrel_LOD1", "Barrel_Collider"}),
        ("godot", {"Barrel", "Barrel-convcolonly"}),
    ],
)
def test_names_are_those_of_the_engine(
    extension: ModuleType, tmp_path: Path, engine: str, names: set[str]
) -> None:
    steps = f"lods=0.5; collision={engine}; export=fbx,stl"
    arrive(tmp_path, painted_ball(tmp_path / "ball.glb"), steps)
    assert set(names_in(tmp_path / "made" / "Barrel.fbx")) == names
    assert (tmp_path / "made" / "Barrel.stl").is_file()


def test_what_cannot_be_done_is_said_and_the_result_is_kept(
    extension: ModuleType, tmp_path: Path
) -> None:
    """A plane has no body, so it has no hull; it is written all the same, and for slicers too."""
    bpy.ops.mesh.primitive_plane_add()
    bpy.ops.export_scene.gltf(filepath=str(tmp_path / "plane.glb"), export_format="GLB")
    report = arrive(
        tmp_path, tmp_path / "plane.glb", "collision=godot; print-check; export=glb,stl"
    )
    said = [part("catalog.messages").unpack(one) for one in report["left_out"]]
    assert len(said) == 2
    assert "is flat: it has no collision shape. Nothing was charged for it." in said[0]
    assert said[1].startswith("Barrel does not print as it is")
    assert {path.name for path in (tmp_path / "made").iterdir()} == {"Barrel.glb", "Barrel.stl"}


@pytest.fixture
def account(extension: ModuleType, tmp_path: Path, sandbox: Sandbox) -> Iterator[Any]:
    """A job list of the test's own, and the sandbox as account."""
    environment = {"STUDIO3D_API_KEY": sandbox.key, "STUDIO3D_API_URL": sandbox.address}
    with own_home(tmp_path, **environment) as store:
        yield store


def then_of_scene() -> Any:
    return part("blender.settings.properties").settings_of(bpy.context).then


def steps_in_use() -> str:
    return str(part("blender.settings.recipe_settings").steps_of(then_of_scene()))


def test_a_recipe_is_ordered_with_its_paid_steps_and_places_what_it_made(
    account: Any, tmp_path: Path
) -> None:
    """Textures travel over a retopology that the recipe orders; files lie beside the results."""
    api = part("api")
    recipes = part("recipes.saved").Recipes(tmp_path / "home" / "recipes")
    steps = "topology(face_level=low); textures=1024; lods=0.5; collision=godot; export=glb; asset"
    recipes.save("Crate für alle", steps)
    assert api.recipes() == ("game-prop", "hero", "print", "draft", "Crate für alle")
    own = api.estimate("tencent-rapid", prompt="a crate")
    price = api.estimate("tencent-rapid", recipe="Crate für alle", prompt="a crate")
    assert price > own
    with pytest.raises(api.InvalidRequest, match="the budget is 40"):
        api.submit("tencent-rapid", recipe="Crate für alle", budget=40, prompt="a crate")
    with pytest.raises(api.InvalidRequest, match='no recipe "crate"'):
        api.submit("tencent-rapid", recipe="crate", prompt="a crate")
    assert account.all() == []
    job = api.submit("tencent-rapid", recipe="Crate für alle", budget=price, prompt="a crate")
    (done,) = api.wait(job, timeout=seconds(400))
    assert done.ok, [(one.operation, one.failure) for one in account.all()]
    assert {path.name for path in done.made} == {"a-crate.glb", "a-crate-lod1.glb"}
    steps_done = account.order_of(account.get(job))
    assert [one.operation for one in steps_done][0::2] == ["tencent-rapid", "topology"]
    assert sum(one.estimate for one in steps_done) == price
    api.place(job)
    operator("place")(job_id=job)
    (crate,) = [obj for obj in bpy.data.objects if obj.select_get() and obj.type == "MESH"]
    assert bpy.context.view_layer.objects.active == crate
    assert crate.asset_data is not None
    assert any(node.type == "TEX_IMAGE" for node in crate.data.materials[0].node_tree.nodes), (
        "the look of the model before was not baked"
    )
    crate.location.x += 3.0
    for collection in bpy.data.collections:
        collection.hide_viewport = False
    bpy.context.view_layer.update()
    followers = [obj for obj in crate.children if obj.type == "MESH"]
    assert {obj.name.partition(".")[0] for obj in followers} == {
        "a crate_LOD1",
        "a crate-convcolonly",
    }
    assert all(
        obj.matrix_world.translation.x == pytest.approx(crate.matrix_world.translation.x)
        for obj in followers
    )


@pytest.mark.fault(
    "A paid step of a recipe fails at the service",
    "Its credits come back; the model before it gets the steps on this computer by one click",
)
def test_an_order_ends_with_the_model_before_a_step_that_failed(
    account: Any, sandbox: Sandbox
) -> None:
    api = part("api")
    Till(sandbox).trouble("task-failed", times=1, skip=2)  # of what was ordered, the last
    job = api.submit("tencent-rapid", then="topology; triangles=50; export=stl", prompt="a crate")
    (failed,) = api.wait(job, timeout=seconds(400))
    assert not failed.ok
    jobs = account.order_of(account.get(job))
    assert [one.state for one in jobs] == ["READY", "READY", "FAILED"], jobs
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    layout = RecordingLayout()
    part("blender.panels.jobs").draw_list(layout, bpy.context)
    assert layout.buttons().count("studio3d.finish_without") == 1
    assert operator("finish_without")(job_id=job) == {"FINISHED"}
    (done,) = api.wait(jobs[0].id, timeout=seconds(400))
    assert done.ok
    assert {path.suffix for path in done.made} == {".stl"}
    operator("place")(job_id=jobs[0].id)
    (crate,) = [obj for obj in bpy.data.objects if obj.select_get() and obj.type == "MESH"]
    (told,) = account.get(jobs[0].id).prepared.left_out  # so coarse it cannot become
    ((_, triangles),) = meshes([crate])
    assert told == f"It has {triangles} triangles: it cannot be reduced to 50."
    assert len(account.all()) == 3  # and nothing was ordered
    assert operator("finish_without")(job_id=job) == {"CANCELLED"}


def operator(name: str) -> Any:
    return getattr(ops.studio3d, name)


def test_what_a_recipe_says_can_be_changed_saved_and_taken_back(
    extension: ModuleType, tmp_path: Path
) -> None:
    with own_home(tmp_path):
        ops.studio3d.use_recipe(name="game-prop")
        shipped = part("recipes.recipe").SHIPPED["game-prop"].steps
        parse = part("recipes.post").parse_post
        assert parse(steps_in_use()) == parse(shipped)
        then = then_of_scene()
        changed = part("blender.settings.recipe_settings").is_changed
        assert not changed(then)
        then.triangles, then.collision = 2500, "unity"
        assert changed(then)
        ops.studio3d.add_then(step="clean")
        ops.studio3d.remove_then(step="lods")
        tools = part("blender.settings.properties").settings_of(bpy.context)
        tools.repair.topology = "quads"
        ops.studio3d.add_then_order(operation="repair")
        ops.studio3d.add_then_order(operation="optimize")
        ops.studio3d.remove_then_order(index=1)
        assert steps_in_use() == (
            "repair(topology=quads); clean; triangles=2500; texture-set=2048; collision=unity; "
            "export=glb,fbx"
        )
        assert ops.studio3d.save_recipe(name="game-prop") == {"CANCELLED"}
        ops.studio3d.save_recipe(name="Our Props")
        ops.studio3d.use_recipe(name="")
        assert steps_in_use() == ""
        ops.studio3d.use_recipe(name="Our Props")
        assert then_of_scene().label == "Our Props"
        assert "texture-set=2048" in steps_in_use()
        ops.studio3d.remove_recipe(name="Our Props")
        assert ops.studio3d.use_recipe(name="Our Props") == {"CANCELLED"}


def test_price_and_blocker_are_those_of_the_whole_order(
    extension: ModuleType, tmp_path: Path
) -> None:
    with own_home(tmp_path):
        properties = part("blender.settings.properties")
        chosen = properties.settings_of(bpy.context)
        chosen.prompt = "a crate"
        (plain,) = properties.generate_drafts(chosen)
        ops.studio3d.add_then_order(operation="repair")
        (draft,) = properties.generate_drafts(chosen)
        repair = part("catalog").estimate(part("catalog").build_request(
            "repair", {"model_file": "m.glb"}, None))  # fmt: skip
        assert draft.estimate().total == plain.estimate().total + repair.total
        assert draft.problems() == ()
        preflight = part("blender.runtime.preflight")
        chosen.then.budget = draft.estimate().total - 1
        trouble = preflight._over_budget(properties.generate_drafts(chosen))
        assert "the budget is" in trouble.message
        chosen.then.budget += 1
        assert preflight._over_budget(properties.generate_drafts(chosen)) is None
        ops.studio3d.add_then(step="lods")
        chosen.then.lods = "2"
        (problem,) = properties.generate_drafts(chosen)[0].problems()
        assert "between 0 and 1" in problem.message

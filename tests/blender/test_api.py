"""The scripting interface, and the examples as they are printed."""

import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from scripts.build import ROOT
from tests.blender.conftest import part
from tests.blender.results import own_home, ready_job
from tests.documents.blocks import BLOCKS
from tests.patience import seconds
from tests.sandboxes import Sandbox

EXAMPLES = ROOT / "examples"


@pytest.fixture
def account(extension: ModuleType, tmp_path: Path, sandbox: Sandbox) -> Iterator[Any]:
    """A job list of the test's own, and the sandbox as account."""
    environment = {"STUDIO3D_API_KEY": sandbox.key, "STUDIO3D_API_URL": sandbox.address}
    with own_home(tmp_path, **environment) as store:
        yield store


def run_example(name: str, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run an example as Blender's --python does."""
    monkeypatch.setattr(sys, "argv", ["blender", "--", *arguments])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")


def test_submit_wait_result_and_place(account: Any, tmp_path: Path) -> None:
    api = part("api")
    assert api.estimate("tencent-rapid", prompt="a chair", enable_pbr=True) == 55
    assert api.estimate("tripo", prompt="a chair", version="3.2") is None
    with pytest.raises(api.Failed, match="agree_to_unknown_price"):
        api.submit("tripo", prompt="a chair", version="3.2")
    seen: list[str] = []
    job = api.submit("tencent-rapid", prompt="a wooden chair", name="Stuhl")
    (done,) = api.wait(
        job, timeout=seconds(240), progress=lambda results: seen.append(results[0].state)
    )
    assert done.ok, done.failure
    assert seen[0] == "QUEUED"
    assert seen[-1] == "READY"
    assert done.blend is not None
    assert done.blend.is_file()
    assert done.model is not None
    assert done.model in done.files
    before = bpy.context.scene.cursor.location.copy()
    objects = api.place(job, location=(3.0, 0.0, 0.0))
    assert [round(value, 3) for value in objects[0].location] == [3.0, 0.0, 0.0]
    assert bpy.context.scene.cursor.location == before
    assert api.result(job).state == "PLACED"
    assert api.place(job) != objects


@pytest.mark.oldest_and_newest
def test_the_snippets_of_the_pages_run(account: Any) -> None:
    (snippet,) = (one for one in BLOCKS if one.kind == "python" and one.page.stem == "scripting")
    names: dict[str, Any] = {}
    exec(compile(snippet.text, snippet.place, "exec"), names)  # noqa: S102 - as a reader does
    assert names["chair"].ok
    (placed,) = bpy.context.scene.objects
    assert [round(value, 3) for value in placed.location] == [2.0, 0.0, 0.0]


def test_what_cannot_be_ordered_is_refused_before_it_is_queued(account: Any) -> None:
    api = part("api")
    with pytest.raises(api.InvalidRequest, match="needs a prompt or an image"):
        api.submit("tencent-rapid")
    with pytest.raises(api.UnknownOperation):
        api.submit("tencent-rapids", prompt="a")
    assert account.all() == []


def test_several_results_of_one_wish_are_one_order(account: Any) -> None:
    """Priced and queued together, in a row of one height."""
    api = part("api")
    wish = {"engines": ["tripo"], "variations": 2, "prompt": "a chair"}
    assert api.estimate("tencent-rapid", **wish) == 2 * 35 + 2 * 40
    ids = api.submit_all("tencent-rapid", **wish)
    jobs = [account.get(one) for one in ids]
    assert [job.operation for job in jobs] == ["tencent-rapid"] * 2 + ["tripo"] * 2
    assert {job.origin.alternative.orders for job in jobs} == {tuple(ids)}
    for wrong in ({"variations": 5}, {"engines": ["repair"]}):
        with pytest.raises(api.Failed):
            api.submit_all("tencent-rapid", prompt="a chair", **wrong)
    with pytest.raises(api.Failed, match="one result is ordered at a time"):
        api.submit_all("repair", variations=2, model_url="a.glb")
    with pytest.raises(api.InvalidRequest, match="has no field"):
        api.submit_all("tencent-rapid", engines=["trellis"], prompt="a chair")
    assert len(account.all()) == len(ids)


def test_an_order_with_a_model_ahead_is_checked_as_a_whole(account: Any, tmp_path: Path) -> None:
    api = part("api")
    model = tmp_path / "box.glb"
    assert api.estimate("bake-texture", original_url=model, retopo_url="other.glb") == 25
    with pytest.raises(api.InvalidRequest, match=r"no file .*box\.glb"):
        api.submit("topology", file_url=model)
    write_box(model)
    with pytest.raises(api.InvalidRequest, match="prompt or an image"):
        api.submit("texture-edit", file_url=model)
    assert account.all() == []


@pytest.mark.oldest_and_newest
def test_a_model_goes_ahead_where_an_address_is_taken(account: Any, tmp_path: Path) -> None:
    api = part("api")
    model = tmp_path / "box.glb"
    write_box(model)
    assert api.estimate("topology", model_file=model) == 110
    (done,) = api.wait(api.submit("topology", model_file=model), timeout=seconds(240))
    assert done.ok, done.failure
    assert (done.operation, done.name) == ("topology", "box")
    assert [job.operation for job in account.everything()] == ["convert", "topology"]
    assert api.place(done.id)


def write_box(path: Path) -> None:
    bpy.ops.mesh.primitive_cube_add()
    bpy.ops.export_scene.gltf(filepath=str(path), use_selection=True)


def test_without_a_key_it_says_so(extension: ModuleType, tmp_path: Path) -> None:
    with own_home(tmp_path):
        api = part("api")
        with pytest.raises(api.Failed, match="No API key"):
            api.submit("tencent-rapid", prompt="a chair")


def test_waiting_ends_in_time_and_what_is_not_there_cannot_be_placed(
    extension: ModuleType, tmp_path: Path, sandbox: Sandbox
) -> None:
    with own_home(tmp_path, STUDIO3D_API_KEY="not-the-right-one", STUDIO3D_API_URL=sandbox.address):
        api = part("api")
        job = api.submit("tencent-rapid", prompt="a chair")
        with pytest.raises(api.Failed, match="has not ended"):
            api.place(job)
        (result,) = api.wait(job, timeout=seconds(60))
        assert not result.ok
        assert "key" in result.failure
        with pytest.raises(api.Failed, match="key"):
            api.place(job)


def test_a_placed_result_is_placed_whatever_was_the_matter_before(
    store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a result that could not take its place nothing is left to be said; it is in the scene."""
    api, job, state = part("api"), ready_job(store, tmp_path), part("jobs.states").State
    trouble = part("jobs.job").Failure("place_failed", "It could not be placed.")
    store.change(job.id, state.READY, failure=trouble)
    assert api.place(job.id)
    assert (store.get(job.id).state, store.get(job.id).failure) == ("PLACED", None)
    other = ready_job(store, tmp_path, name="Another")

    def busy(*_: Any, **__: Any) -> None:
        raise part("jobs.schema").StoreBusy("The job list is busy.")

    monkeypatch.setattr(type(part("blender.core.session").store()), "change", busy)
    assert api.place(other.id)  # the watch notes it later


@pytest.mark.oldest_and_newest
def test_one_model(account: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blend = tmp_path / "ein Stuhl 椅.blend"
    run_example("one_model.py", "a wooden chair", str(blend), monkeypatch=monkeypatch)
    bpy.ops.wm.open_mainfile(filepath=str(blend))
    assert bpy.data.objects["a wooden chair"]["studio3d_operation"] == "tencent-rapid"


@pytest.mark.oldest_and_newest
def test_row_of_models(account: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blend = tmp_path / "row.blend"
    run_example("row_of_models.py", str(blend), "a cup", "a vase", monkeypatch=monkeypatch)
    bpy.ops.wm.open_mainfile(filepath=str(blend))
    assert bpy.data.objects["a cup"].location.x == 0
    assert bpy.data.objects["a vase"].location.x == 2.5


@pytest.mark.oldest_and_newest
def test_pictures_to_glb(account: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures, models = tmp_path / "pictures", tmp_path / "models"
    pictures.mkdir()
    image = bpy.data.images.new("disc", 128, 128)
    pixels = [1.0] * (128 * 128 * 4)
    for y in range(32, 96):
        for x in range(32, 96):
            start = (y * 128 + x) * 4
            pixels[start : start + 3] = [0.7, 0.2, 0.1]
    image.pixels.foreach_set(pixels)
    image.filepath_raw, image.file_format = str(pictures / "a disc.png"), "PNG"
    image.save()
    run_example("pictures_to_glb.py", str(pictures), str(models), monkeypatch=monkeypatch)
    (made,) = models.iterdir()
    assert made.name == "a disc.glb"
    assert made.read_bytes()[:4] == b"glTF"

"""Operations that do not exist, declared in the installed extension: the sidebar shows them."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import PACKAGE, part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import own_home
from tests.blender.test_image_panel import paint

ops: Any = bpy.ops  # the stubs know no operators of extensions

DECLARED = '''
"""A second flow, and a group that nobody knows yet."""

from ..conditions import Is, Mode
from ..fields import Choice, Field, Kind
from ..group import Group
from ..operation import AssetType, Operation, Route
from ..prices import Price, PriceLine
from .common import VERSION, image, prompt
from .mesh_tools import MODEL_FILE

_SIZE = Field("size", Kind.CHOICE, "Size", "How large it becomes", default="small",
    choices=(Choice("small", "Small"), Choice("large", "Large")))
_PRICE = Price((
    PriceLine(12, "small", Is("size", "small")),
    PriceLine(34, "large", Is("size", "large")),
))


def _made(name: str, group: Group, results: tuple[AssetType, ...], **more: str) -> Operation:
    return Operation(
        name=name,
        label=name.title(),
        summary=f"Nobody offers a {name}",
        group=group,
        routes=(Route(f"/v1/{name}/"),),
        fields=(prompt(), image(), _SIZE),
        price=_PRICE,
        results=results,
        seconds=(1, 2),
        **more,
    )


RELIEF = _made("relief", Group.FLOW, (AssetType.MODEL,), button="Make Relief")
SKETCH = _made("sketch", Group("PAPER", "On paper", 8, panel="Paper", icon="GREASEPENCIL"),
    (AssetType.IMAGE,))


def _open(name: str, group: Group, source: Field, result: AssetType) -> Operation:
    version = Field("version", Kind.CHOICE, "Version", "Of the tool", default="1",
        choices=(Choice("1", "1"),), pattern=VERSION, pattern_example="2", unverified=True)
    return Operation(name, name.title(), f"Nobody offers a {name}", group, (Route(f"/v1/{name}/"),),
        (source, version), Price((PriceLine(7, name),)), (result,), (1, 2))


POLISH = _open("polish", Group.MESH_TOOL, MODEL_FILE, AssetType.MODEL)
VARNISH = _open("varnish", Group.IMAGE_TOOL, image(), AssetType.IMAGE)
CHARM = _open("charm", Group.FLOW, image(), AssetType.MODEL)
BROOCH = _open("brooch", Group.GENERATE, prompt(), AssetType.MODEL)
STATUE = _open("statue", Group.GENERATE, image(), AssetType.MODEL)
DOODLE = _open("doodle", Group.IMAGE, prompt(), AssetType.IMAGE)
'''


def enable_anew(modules: dict[str, ModuleType]) -> dict[str, ModuleType]:
    """Enable the extension with ``modules`` as the ones loaded; returns those loaded before."""
    bpy.ops.preferences.addon_disable(module=PACKAGE)
    loaded = {
        name: one for name, one in sys.modules.items() if f"{name}.".startswith(f"{PACKAGE}.")
    }
    for name in loaded:
        del sys.modules[name]
    sys.modules.update(modules)
    bpy.ops.preferences.addon_enable(module=PACKAGE)
    return loaded


@pytest.fixture
def store(extension: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A job list of the test's own, in an extension that has the operations above."""
    module = Path(str(extension.__file__)).parent / "catalog" / "declared" / "made_up.py"
    module.write_text(DECLARED, encoding="utf-8")
    usual = enable_anew({})
    try:
        with own_home(tmp_path, STUDIO3D_API_KEY="test-key") as opened:
            for name in ("nudge", "check", "ensure"):
                monkeypatch.setattr(part("blender.runtime.worker_host"), name, lambda: None)
            part("blender.runtime.build_snapshot").refresh(bpy.context)
            yield opened
    finally:
        module.unlink()
        enable_anew(usual)


@pytest.fixture
def settings(store: Any) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context)


def draw(panel: str) -> RecordingLayout:
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    layout = RecordingLayout()
    drawn: Any = getattr(bpy.types, f"STUDIO3D_PT_{panel}")
    if hasattr(drawn, "draw_header"):
        drawn.draw_header(SimpleNamespace(layout=layout), bpy.context)
    drawn.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout


def shown(layout: RecordingLayout) -> list[str]:
    return [name for _, name in layout.properties]


def test_a_second_flow_is_a_choice_in_the_panel_of_the_first(store: Any, settings: Any) -> None:
    panel: Any = bpy.types.STUDIO3D_PT_miniature
    assert panel.bl_label == "Flows"
    first = draw("miniature")
    assert shown(first)[:2] == ["miniature_operation", "image"]
    assert first.texts[-1] == "Make Miniature"
    settings.miniature_operation = "relief"
    layout = draw("miniature")
    assert shown(layout)[:3] == ["miniature_operation", "request_mode", "prompt"]
    assert {"size", "where"} <= set(shown(layout))  # a model is placed
    assert layout.texts[-1] == "Make Relief"
    settings.relief.request_mode, settings.relief.image = "IMAGE", "/pictures/chair.png"
    layout = draw("miniature")
    assert "image" in shown(layout)
    assert "prompt" not in shown(layout)
    assert "12 credits" in layout.text
    settings.relief.request_mode, settings.relief.prompt = "TEXT", "a coat of arms"
    assert ops.studio3d.make_miniature() == {"FINISHED"}
    (job,) = store.all()
    assert (job.operation, job.mode, job.estimate) == ("relief", "TEXT", 12)
    assert job.wants_prepared


def test_a_new_group_has_a_panel_a_button_and_presets(store: Any, settings: Any) -> None:
    panel: Any = bpy.types.STUDIO3D_PT_paper
    assert (panel.bl_label, panel.bl_order) == ("Sketch", 8)
    layout = draw("paper")
    assert layout.icons[0] == "GREASEPENCIL"
    assert shown(layout) == ["request_mode", "prompt", "size", "paper"]  # nothing to place
    settings.sketch.prompt, settings.sketch.size = "a horse", "large"
    assert ops.studio3d.make_paper.get_rna_type().name == "Sketch"
    assert ops.studio3d.make_paper() == {"FINISHED"}
    (job,) = store.all()
    assert (job.operation, job.estimate, job.wants_prepared) == ("sketch", 34, False)
    presets: Any = bpy.types.STUDIO3D_PT_paper_presets
    assert presets.operation().name == "sketch"
    assert ops.studio3d.add_paper_preset(name="Large") == {"FINISHED"}
    assert [Path(found).name for found in bpy.utils.preset_paths("studio3d/sketch")] == ["sketch"]
    assert ops.studio3d.add_paper_preset(name="Large", remove_name=True) == {"FINISHED"}


PICTURE = "https://example.org/chair.png"
WITH_VERSIONS = ("polish", "varnish", "charm", "brooch", "statue", "doodle")


def again(store: Any) -> Any:
    request = part("catalog").build_request("charm", {"image": PICTURE, "version": "2"})
    address = part("blender.core.account").current().address
    job = store.add(request, name="a", estimate=7, service_address=address, folder=Path("/results"))
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    return partial(ops.studio3d.run_again, job_id=job.id)


def doodled(store: Any, folder: Path) -> str:
    """A picture that the made-up engine made from words."""
    state, result_file = part("jobs.states").State, part("jobs.job").ResultFile
    request = part("catalog").build_request("doodle", {"prompt": "a bird"})
    job = store.add(request, name="a", estimate=7, service_address=PICTURE, folder=folder)
    for step in (state.SUBMITTING, state.PENDING, state.DOWNLOADING):
        store.change(job.id, step)
    picture = paint(folder / "doodle.png")
    store.change(job.id, state.READY, files=(result_file(picture, "IMAGE"),))
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    return str(picture)


def picked(store: Any) -> Any:
    picture = doodled(store, Path(bpy.app.tempdir))
    ops.studio3d.pick_candidate(picture=picture)
    return ops.studio3d.candidates_to_3d


def test_an_engine_that_takes_no_pictures_says_so(
    store: Any, settings: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    picture = doodled(store, tmp_path)
    before = len(store.all())
    assert ops.studio3d.more_like_this(picture=picture) == {"CANCELLED"}
    assert "Doodle takes no pictures to start from" in capfd.readouterr().out
    assert len(store.all()) == before


WAYS: dict[str, Callable[[Any], Any]] = {
    "Generate": lambda _: ops.studio3d.generate,
    "its dialog": lambda _: ops.studio3d.generate_dialog,
    "Image": lambda _: ops.studio3d.generate_picture,
    "the menu of images": lambda _: partial(ops.studio3d.edit_image, tool="varnish"),
    "Miniature": lambda _: ops.studio3d.make_miniature,
    "Tools": lambda _: ops.studio3d.send,
    "the menu of objects": lambda _: partial(ops.studio3d.use_tool, tool="polish"),
    "its question for a file": lambda _: partial(ops.studio3d.use_tool_for_file, tool="polish"),
    "Run Again": again,
    "Candidates": lambda _: ops.studio3d.make_candidates,
    "picked candidates": picked,
}


@pytest.fixture
def cube_and_picture(tmp_path: Path) -> tuple[Any, Any]:
    """A selected mesh, and an empty that shows a picture."""
    bpy.ops.mesh.primitive_cube_add()
    picture = bpy.data.images.new("red", 128, 128)
    picture.filepath_raw, picture.file_format = str(tmp_path / "red.png"), "PNG"
    picture.save()
    shown: Any = bpy.data.objects.new("Shown", None)
    shown.empty_display_type, shown.data = "IMAGE", picture
    bpy.context.scene.collection.objects.link(shown)
    return bpy.context.object, shown


def test_whatever_asks_for_it_nobody_pays_an_unknown_price_unasked(
    store: Any, settings: Any, cube_and_picture: tuple[Any, Any]
) -> None:
    settings.engine_text, settings.prompt = "brooch", "a bird"
    settings.picture_operation, settings.pictures.image = "varnish", PICTURE
    settings.miniature_operation, settings.charm.image = "charm", PICTURE
    settings.tool = "polish"
    settings.candidate_engine, settings.candidates, settings.engine_image = "doodle", 2, "statue"
    cube, shown = cube_and_picture
    for way, find in WAYS.items():
        bpy.context.view_layer.objects.active = shown if "images" in way else cube
        choose_version(settings, "2")
        order = find(store)
        before = {job.id for job in store.all()}
        with pytest.raises(RuntimeError, match=r"Version 2 costs is not known.*agree_to_unknown"):
            order()
        assert {job.id for job in store.all()} == before, way
        assert order(agree_to_unknown_price=True) == {"FINISHED"}, way
        made = [job for job in store.all() if job.id not in before]
        assert {job.values["version"] for job in made} == {"2"}, way


def test_a_version_that_is_not_named_is_not_taken_for_the_usual_one(
    store: Any, settings: Any, cube_and_picture: tuple[Any, Any]
) -> None:
    settings.engine_text, settings.prompt = "brooch", "a bird"
    settings.tool = "polish"
    choose_version(settings, " ")
    for panel in ("generate", "tools"):
        assert "Give Version a value, such as 2." in draw(panel).text
        assert "Price not known" in draw(panel).text
    for order in (ops.studio3d.generate, ops.studio3d.send):
        with pytest.raises(RuntimeError, match="Give Version a value"):
            order(agree_to_unknown_price=True)
    assert ops.studio3d.use_tool(tool="polish") == {"CANCELLED"}
    assert store.all() == []
    settings.brooch.version = settings.polish.version = "1"
    for order in (ops.studio3d.generate, ops.studio3d.send):
        assert order() == {"FINISHED"}
    assert [job.values["version"] for job in store.all()] == ["1", "1"]


def choose_version(settings: Any, version: str) -> None:
    for name in WITH_VERSIONS:
        own = getattr(settings, name)
        own.version, own.version_other = "OTHER", version


def test_nothing_of_it_stays(extension: ModuleType) -> None:
    panel: Any = bpy.types.STUDIO3D_PT_miniature
    assert panel.bl_label == "Miniature"
    assert "miniature_operation" not in shown(draw("miniature"))
    assert not hasattr(bpy.types, "STUDIO3D_PT_paper")

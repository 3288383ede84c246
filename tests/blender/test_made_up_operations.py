"""Operations that do not exist, declared in the installed extension: the sidebar shows them."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import PACKAGE, part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import own_home

ops: Any = bpy.ops  # the stubs know no operators of extensions

DECLARED = '''
"""A second flow, and a group that nobody knows yet."""

from ..conditions import Is, Mode
from ..fields import Choice, Field, Kind
from ..group import Group
from ..operation import AssetType, Operation, Route
from ..prices import Price, PriceLine
from .common import image, prompt

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
    module = Path(str(extension.__file__)).parent / "catalog" / "operations" / "made_up.py"
    module.write_text(DECLARED, encoding="utf-8")
    usual = enable_anew({})
    try:
        with own_home(tmp_path, STUDIO3D_API_KEY="test-key") as opened:
            for name in ("nudge", "check", "ensure"):
                monkeypatch.setattr(part("blender.runtime.worker_host"), name, lambda: None)
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


def test_nothing_of_it_stays(extension: ModuleType) -> None:
    panel: Any = bpy.types.STUDIO3D_PT_miniature
    assert panel.bl_label == "Miniature"
    assert "miniature_operation" not in shown(draw("miniature"))
    assert not hasattr(bpy.types, "STUDIO3D_PT_paper")

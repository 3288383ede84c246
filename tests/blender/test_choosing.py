"""Goals, the choice of engines, what a new file takes over, and clicks that come twice."""

import re
from types import ModuleType, SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.round_trips import select

ops: Any = bpy.ops  # the stubs know no operators of extensions


@pytest.fixture
def settings(store: Any) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context)


def modes() -> list[Any]:
    return list(part("blender.settings.properties").generate_modes())


VIEWS = {view: f"https://example.org/{view}.png" for view in ("front", "left")}


def start(settings: Any, mode: str) -> None:
    """Let there be something to start from."""
    settings.mode, settings.prompt = mode, "a chair"
    settings.image = "https://example.org/a.png"
    for view, address in VIEWS.items():
        setattr(settings.views, view, address)


def test_every_goal_is_served_from_every_start(settings: Any) -> None:
    """The settings can be ordered at a known price, and a draft is the cheapest of all."""
    declared, goals = part("catalog.goals"), part("blender.settings.goals")
    draft_of = part("blender.settings.properties").generate_draft
    for mode in modes():
        start(settings, mode.value)
        prices = {}
        for goal in declared.GOALS:
            assert ops.studio3d.use_goal(goal=goal.name) == {"FINISHED"}
            draft = draft_of(settings)
            way = goals.way_to(goal, mode)
            assert draft.operation == way.operation
            assert draft.problems() == (), f"{goal.label} {mode}"
            assert draft.estimate().is_known
            for name, value in way.values.items():
                assert draft.values[name] == value, f"{goal.label} {mode} {name}"
            prices[goal.name] = draft.estimate().total
            assert goals.draft_for(settings, way).estimate().total == prices[goal.name]
        assert min(prices.values()) == prices["draft"], prices


def test_goals_stand_in_the_presets_with_a_sentence_each(settings: Any) -> None:
    layout = RecordingLayout()
    part("blender.panels.presets").draw_goals(layout, bpy.context)
    for goal in part("catalog.goals").GOALS:
        assert goal.label in layout.texts
        assert goal.sentence in layout.text
    assert layout.text.count(" credits") == len(part("catalog.goals").GOALS)


@pytest.mark.parametrize("panel", ["engines", "picture_engines"])
def test_the_choice_says_price_time_and_purpose(settings: Any, panel: str) -> None:
    for mode in modes():
        settings.mode = mode.value
        layout = RecordingLayout()
        drawn: Any = getattr(bpy.types, f"STUDIO3D_PT_{panel}")
        drawn.draw(SimpleNamespace(layout=layout), bpy.context)
        switches = [name for _, name in layout.properties if name == "is_compared"]
        choices = [name for _, name in layout.properties if name != "is_compared"]
        assert len(choices) == len(layout.labels) > 1
        assert len(switches) == (len(choices) if panel == "engines" else 0)
        assert set(choices) <= {f"engine_{mode.lower()}", "picture_operation"}
        for line in layout.labels:
            assert re.fullmatch(r"\d+ credits, \d+:\d\d to \d+:\d\d min: [A-Z].+", line), line


def test_the_panel_shows_the_chosen_engine(settings: Any) -> None:
    settings.mode, settings.engine_image = "IMAGE", "trellis"
    layout = RecordingLayout()
    bpy.types.STUDIO3D_PT_generate.draw(SimpleNamespace(layout=layout), bpy.context)
    assert "STUDIO3D_PT_engines" in layout.popovers
    assert "TRELLIS.2" in layout.texts


def test_a_new_file_takes_over_what_is_set_but_no_content(settings: Any) -> None:
    carried = part("blender.settings.carried_over")
    settings.mode, settings.engine_image, settings.tool = "IMAGE", "trellis", "optimize"
    settings.trellis.use_seed, settings.trellis.seed = True, 9
    settings.placement.size_by, settings.placement.metres = "HEIGHT", 0.075
    settings.prompt, settings.image = "a chair", "//a.png"
    settings.pictures.prompt = "a lamp"
    settings.texture_model.style_image = "//style.png"
    carried.keep(bpy.context.scene)
    fresh = bpy.data.scenes.new("Fresh")
    own = bpy.data.scenes.new("Own")
    own.studio3d.tool = "repair"
    for scene in (fresh, own):
        carried.restore(scene)
    taken = fresh.studio3d
    assert (taken.mode, taken.engine_image, taken.tool) == ("IMAGE", "trellis", "optimize")
    assert (taken.trellis.use_seed, taken.trellis.seed) == (True, 9)
    assert (taken.placement.size_by, taken.placement.metres) == ("HEIGHT", pytest.approx(0.075))
    assert (taken.prompt, taken.image, taken.pictures.prompt) == ("", "", "")
    assert taken.texture_model.style_image == ""
    assert (own.studio3d.mode, own.studio3d.tool) == ("TEXT", "repair")


class Clicked(SimpleNamespace):
    """An operator that a person has called, for what it calls in turn."""

    def __init__(self) -> None:
        super().__init__(clicked=True, agree_to_unknown_price=False, said=[])

    def report(self, _kind: set[str], words: str) -> None:
        self.said.append(words)


def later() -> None:
    """Let more than a second pass since the last order."""
    recent = part("blender.runtime.recent_orders")
    part("blender.core.memory").of(recent._Last).at -= 2 * recent.WITHIN


def order(settings: Any) -> set[str]:
    """As the Generate button does it for a click."""
    draft = part("blender.settings.properties").generate_draft(settings)
    ended: set[str] = part("blender.operators.ordering").place_order(Clicked(), bpy.context, draft)
    return ended


def send(settings: Any) -> set[str]:
    """As the button of the Tools panel does it for a click."""
    ordered = part("blender.runtime.tool_orders").order_of(bpy.context)
    operator = part("blender.operators.send").SendingOperator
    clicked = Clicked()
    clicked.is_refused = operator.is_refused.__get__(clicked)
    ended: set[str] = operator.send(clicked, bpy.context, ordered)
    return ended


@pytest.mark.fault("A button is clicked twice", "One order")
@pytest.mark.parametrize("click", [order, send])
def test_two_clicks_within_a_second_are_one_order(store: Any, settings: Any, click: Any) -> None:
    bpy.ops.mesh.primitive_cube_add()
    select(bpy.context.object)
    settings.prompt, settings.tool = "a chair", "optimize"
    settings.chain.clear()
    assert click(settings) == {"FINISHED"}
    assert click(settings) == {"CANCELLED"}
    assert len(store.all()) == 1
    later()
    assert click(settings) == {"FINISHED"}
    assert len(store.all()) == 2


def test_other_settings_and_scripts_are_orders_of_their_own(store: Any, settings: Any) -> None:
    settings.prompt = "a chair"
    order(settings)
    settings.prompt = "a table"
    assert order(settings) == {"FINISHED"}
    for _ in range(2):
        assert ops.studio3d.generate() == {"FINISHED"}
    assert len(store.all()) == 4


def test_a_name_is_used_once_and_never_sent(store: Any, settings: Any) -> None:
    names = part("blender.settings.interface_state").interface_state_of(bpy.context).order_names
    settings.prompt, names.generate = "an ornate wooden treasure chest with iron", " Loot "
    ops.studio3d.generate()
    ops.studio3d.generate()
    named, usual = reversed(store.all())
    assert (named.name, names.generate) == ("Loot", "")
    assert usual.name == "an ornate wooden treasure chest with…"
    assert dict(named.values) == dict(usual.values)


def test_every_form_has_a_place_for_the_name(extension: ModuleType, settings: Any) -> None:
    names = part("blender.settings.interface_state").interface_state_of(bpy.context).order_names
    for panel, field in (("generate", "generate"), ("image", "image"), ("miniature", "miniature")):
        layout = RecordingLayout()
        getattr(bpy.types, f"STUDIO3D_PT_{panel}").draw(SimpleNamespace(layout=layout), bpy.context)
        assert (names, field) in layout.properties, panel

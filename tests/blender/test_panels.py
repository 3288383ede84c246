"""What the panels show, and that drawing writes nothing."""

import ast
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import PACKAGE, part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import ADDRESS, own_home

PREVIEWS = "blender/widgets/previews.py"
LAYOUT_ATTRIBUTES = {
    "operator_context",
    "ui_units_x",
    "active",
    "alignment",
    "enabled",
    "scale_y",
    "use_property_decorate",
    "use_property_split",
}


@pytest.fixture
def settings(store: Any) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context)


def draw(panel: str, **options: Any) -> RecordingLayout:
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    layout = RecordingLayout(**options)
    drawn: Any = getattr(bpy.types, f"STUDIO3D_PT_{panel}")
    drawn.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout


def test_drawing_assigns_to_layouts_only(extension: ModuleType) -> None:
    """Blender lets panels read only, and enforces it only where there is a window."""
    package = Path(str(extension.__file__)).parent
    sources = [
        *(package / "blender" / "panels").glob("*.py"),
        # Not the previews: they keep Blender's collection of pictures, and draw nothing.
        *(set((package / "blender" / "widgets").glob("*.py")) - {package / PREVIEWS}),
    ]
    assert len(sources) > 5
    for source in sources:
        tree = ast.parse(source.read_text(encoding="utf-8"))
        assert list(writes(tree)) == [], source.name
        called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert not called & {"setattr", "delattr", "open"}, source.name
        assert not [name for name in called if name.startswith("bpy.ops.")], source.name


def writes(tree: ast.AST) -> Iterator[str]:
    """Assignments to anything but a layout."""
    assignments = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    targets = [target for node in assignments for target in node.targets]
    targets += [node.target for node in ast.walk(tree) if isinstance(node, ast.AugAssign)]
    for target in targets:
        is_layout = isinstance(target, ast.Attribute) and target.attr in LAYOUT_ATTRIBUTES
        if isinstance(target, ast.Attribute | ast.Subscript) and not is_layout:
            yield ast.unparse(target)


def test_the_check_of_drawing_finds_writes() -> None:
    tree = ast.parse(
        "scene.prompt = 'x'\nscene['a'] = 1\nrow.active = True\nx += 1\n"
        "row.operator('a.b').job_id = ''"
    )
    assert list(writes(tree)) == ["scene.prompt", "scene['a']", "row.operator('a.b').job_id"]


def test_every_field_of_every_engine_is_drawn(settings: Any) -> None:
    properties, names = (
        part("blender.settings.properties"),
        part("blender.settings.field_properties"),
    )
    for mode in properties.generate_modes():
        settings.mode = mode.value
        for engine in properties.engines(mode):
            setattr(settings, properties.engine_property(mode), engine.name)
            drawn = {name for _, name in draw("generate").properties}
            draft = properties.generate_draft(settings)
            for field in draft.visible_fields():
                assert drawn & set(names.define(field)), f"{engine.name} {mode} {field.name}"


def test_rare_fields_are_in_the_advanced_part(settings: Any) -> None:
    settings.mode, settings.engine_image = "IMAGE", "trellis"
    shown = {name for _, name in draw("generate", open_panels=False).properties}
    assert {"image", "resolution", "textures", "texture_size"} <= shown
    assert not {"steps", "seed", "use_seed", "decimation_target"} & shown


def test_without_a_key_it_can_be_entered_right_there(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    assert "key" not in {name for _, name in draw("generate").properties}
    monkeypatch.delitem(os.environ, "STUDIO3D_API_KEY")
    part("blender.core.account").forget()
    layout = draw("generate")
    assert "API key" in layout.text
    assert (preferences, "key") in layout.properties
    assert "wm.url_open" in layout.buttons()


def test_offline_says_so_with_the_way_to_the_switch(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "studio3d.show_online_access" not in draw("generate").buttons()
    monkeypatch.setitem(os.environ, "STUDIO3D_API_URL", "https://service.invalid")
    part("blender.core.account").forget()
    layout = draw("generate")
    assert part("blender.core.account").online().reason in layout.text
    assert "studio3d.show_online_access" in layout.buttons()


def test_price_and_what_is_wrong_stand_above_the_button(store: Any, settings: Any) -> None:
    store.save_wallet(ADDRESS, part("service.answers").Wallet(Decimal("9965.00"), 3))
    settings.prompt = "a chair"
    assert draw("generate").labels[-2:] == ["35 of 9 965 credits", "35 credits Hunyuan Rapid"]
    settings.prompt = "x" * 900
    assert "900 of 1 024 characters" in draw("generate").text
    settings.prompt = "x" * 1130
    text = draw("generate").text
    assert "106 characters too many" in text
    assert "Prompt is 1 130 characters; the service takes 1 024." in text


def make_job(store: Any, name: str, *states: str, **changes: Any) -> Any:
    """A job brought to the last of the states, one by one."""
    request = part("catalog").build_request("tencent-rapid", {"prompt": name})
    job = store.add(
        request, name=name, estimate=35, service_address=ADDRESS, folder=Path("/results")
    )
    for state in states:
        last = changes if state == states[-1] else {}
        job = store.change(job.id, part("jobs.states").State(state), **last)
    return job


SUBMITTED = ("SUBMITTING", "PENDING")


def test_an_empty_list_says_so(store: Any) -> None:
    assert draw("jobs").labels == ["Nothing generated yet"]


def test_a_running_job_shows_progress_and_can_be_stopped(store: Any) -> None:
    job = make_job(store, "sword", *SUBMITTED, "RUNNING", progress=40, task_id="t")
    layout = draw("jobs")
    ((text, factor),) = layout.bars
    assert text.startswith("Generating 40 %  0:0")
    assert text.endswith(" of about 1:45")  # the middle of what the catalogue says
    assert factor == 0.4
    assert "Hunyuan Rapid, about 35 credits" in layout.text
    assert layout.buttons(job.id) == ["studio3d.cancel", "studio3d.job_menu"]


def test_the_time_to_expect_grows_and_is_not_promised_for_ever(store: Any) -> None:
    job = make_job(store, "sword", *SUBMITTED, task_id="t")
    words = part("blender.widgets.job_times").progress_time
    shortest, longest = part("catalog").get(job.operation).seconds
    duration = part("blender.widgets.job_times").duration
    assert words(job, job.created_at + shortest).endswith(duration((shortest + longest) / 2))
    assert words(job, job.created_at + longest - 1).endswith(f"of about {duration(longest)}")
    assert words(job, job.created_at + longest + 1) == duration(longest + 1)


def test_each_job_says_what_became_of_its_credits_and_the_month_is_added_up(store: Any) -> None:
    assert "This month" not in draw("jobs").text
    refunded = part("jobs.job").Failure(
        "task_failed", "No.", "", part("service.errors").Charged.REFUNDED
    )
    sent = {"submitted_at": time.time()}
    for words, states, changes in (
        ("35 credits refunded", (*SUBMITTED, "FAILED"), {"failure": refunded, "task_id": "t"}),
        ("unknown whether 35 credits were charged", ("SUBMITTING", "UNKNOWN"), {}),
        ("nothing charged", ("ABANDONED",), {"submitted_at": None}),
        ("about 35 credits", (*SUBMITTED, "EXPIRED"), {"task_id": "t"}),
        ("40 credits instead of 35", (*SUBMITTED, "EXPIRED"), {"task_id": "t", "charged": 40}),
        (", 35 credits", (*SUBMITTED, "EXPIRED"), {"task_id": "t", "charged": 35}),
    ):
        job = make_job(store, words, *states, **{**sent, **changes})
        assert words in part("blender.panels.jobs").facts(entry_of(job.id)), words
    assert draw("jobs").labels[-1] == ("This month about 110 credits, 35 refunded, 35 unknown")


def entry_of(job_id: str) -> Any:
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    return part("blender.snapshot.snapshot").current().entry(job_id)


def test_a_failed_job_says_why_and_what_next(store: Any) -> None:
    failure = part("jobs.job").Failure(
        "refused", "The prompt was refused.", "Change it.", part("service.errors").Charged.REFUNDED
    )
    job = make_job(store, "castle", *SUBMITTED, "FAILED", failure=failure, task_id="t")
    layout = draw("jobs")
    for words in ("castle", "Failed", failure.message, failure.hint, failure.credits):
        assert words in layout.text
    assert layout.buttons(job.id) == ["studio3d.remove", "studio3d.retry", "studio3d.job_menu"]


def test_an_unanswered_submit_waits_for_a_decision(store: Any) -> None:
    job = make_job(store, "dragon", "SUBMITTING", "UNKNOWN")
    assert draw("jobs").buttons(job.id) == [
        "studio3d.remove",
        "studio3d.job_menu",
        "studio3d.retry",
    ]


def test_a_result_can_be_imported_and_again(store: Any) -> None:
    prepared = part("jobs.job").Prepared(
        Path("/results/car.blend"), bpy.app.version, "car", 12, (1.0, 1.0, 1.0)
    )
    job = make_job(store, "car", *SUBMITTED, "DOWNLOADING", "READY", task_id="t", prepared=prepared)
    assert draw("jobs").buttons(job.id) == [
        "studio3d.remove",
        "studio3d.job_menu",
        "studio3d.place",
    ]
    store.change(job.id, part("jobs.states").State.PLACED)
    assert draw("jobs").buttons(job.id) == []  # it is among the results
    assert draw("jobs").labels[0] == "Nothing under way"
    actions = ["studio3d.place", "studio3d.job_menu"]
    assert draw("jobs_popup").buttons(job.id) == ["studio3d.remove", *actions]  # it was undone
    car = bpy.data.objects.new("car", None)
    bpy.context.scene.collection.objects.link(car)
    car["studio3d_job"] = job.id
    assert draw("jobs_popup").buttons(job.id) == ["studio3d.remove", "studio3d.frame", *actions]


def test_what_was_left_out_of_a_result_is_said_with_its_job(store: Any) -> None:
    words = "The texture wood.png is missing."
    prepared = part("jobs.job").Prepared(
        Path("/results/car.blend"), bpy.app.version, "car", 12, (1.0, 1.0, 1.0), left_out=(words,)
    )
    states = (*SUBMITTED, "DOWNLOADING", "READY")
    job = make_job(store, "car", *states, task_id="t", prepared=prepared)
    assert "wood.png" in draw("jobs").text
    store.change(job.id, part("jobs.states").State.PLACED)
    assert "wood.png" in draw("jobs").text


def test_a_result_that_blender_does_not_read_is_no_trouble(store: Any) -> None:
    jobs, states = part("jobs.job"), (*SUBMITTED, "DOWNLOADING", "PREPARING", "READY")
    file = jobs.ResultFile(Path("/results/car.3mf"), "3D_MODEL")
    failure = jobs.Failure(jobs.NO_READER, "It is a 3MF file.", "It lies in /results.")
    job = make_job(store, "car", *states, task_id="t", files=(file,), failure=failure)
    layout = draw("jobs")
    assert layout.buttons(job.id) == [
        "studio3d.remove",
        "studio3d.retry",
        "studio3d.job_menu",
        "studio3d.open_job_folder",
    ]
    for words in ("Finished", "It is a 3MF file.", "It lies in /results."):
        assert words in layout.text
    assert draw("results").buttons(job.id)[0] == "studio3d.open_job_folder"
    usdz = jobs.ResultFile(Path("/results/car.usdz"), "3D_MODEL")
    store.change(job.id, job.state, files=(usdz,))
    assert draw("jobs").buttons(job.id)[-1] == "studio3d.convert_kept"
    with pytest.raises(RuntimeError, match="It is a 3MF file"):
        bpy.ops.studio3d.place("EXEC_DEFAULT", True, job_id=job.id)
    assert store.get(job.id).is_kept


def test_a_result_fetched_elsewhere_is_prepared_first(store: Any) -> None:
    file = part("jobs.job").ResultFile(Path("/results/car.glb"), "3D_MODEL")
    picture = part("jobs.job").ResultFile(Path("/results/car.png"), "IMAGE")
    states = (*SUBMITTED, "DOWNLOADING", "READY")
    model = make_job(store, "car", *states, task_id="t", files=(file,))
    image = make_job(store, "picture", *states, task_id="t", files=(picture,))
    assert draw("jobs").buttons() == []  # nobody waits for them here
    assert draw("results").buttons(model.id) == ["studio3d.retry", "studio3d.job_menu"]
    assert part("blender.settings.job_choices").retry_state(model) == "PREPARING"
    assert draw("results").buttons(image.id) == ["studio3d.show_pictures", "studio3d.job_menu"]


def test_a_long_list_shows_the_newest_and_all_that_wait(store: Any) -> None:
    waiting = make_job(store, "oldest, still waiting")
    ended = [make_job(store, f"ended {number}", "ABANDONED") for number in range(16)]
    state = part("blender.settings.interface_state").interface_state_of(bpy.context)

    def shown() -> list[str]:
        known = {waiting.name, *(job.name for job in ended)}
        return [label for label in draw("jobs").labels if label in known]

    assert shown() == [f"ended {number}" for number in range(15, 3, -1)] + [waiting.name]
    state.show_all_jobs = True
    try:
        assert len(shown()) == 17
    finally:
        state.show_all_jobs = False


@pytest.mark.parametrize("width", [30.0, 75.0, 200.0])
def test_wrapped_lines_fit_and_lose_nothing(extension: ModuleType, width: float) -> None:
    text = "Look at the balance:\nhttps://example.org/a/very/long/address before you send it again."

    def measure(line: str) -> float:
        return 7.0 * len(line)

    lines = part("blender.widgets.text").wrap(text, width, measure)
    assert all(measure(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(text.split())


def test_without_a_key_there_are_three_steps_and_a_sandbox(
    extension: ModuleType, tmp_path: Path
) -> None:
    with own_home(tmp_path):
        part("blender.runtime.build_snapshot").refresh(bpy.context)
        layout = draw("generate")
    assert layout.labels.index("1.") < layout.labels.index("2.") < layout.labels.index("3.")
    assert layout.buttons()[:2] == ["wm.url_open", "studio3d.check_connection"]
    assert layout.operators[0][1].url.startswith("https://www.3daistudio.com/")
    names = [name for _, name in layout.properties]
    assert names.index("key") < names.index("service_address")
    assert "stand-ins, not the service's" in layout.text


def test_a_refused_key_brings_the_steps_back(store: Any) -> None:
    assert "wm.url_open" not in draw("generate").buttons()
    failure = part("jobs.job").Failure("api_key_expired", "The key has expired.", "Make a new one.")
    store.save_wallet(ADDRESS, None, failure)
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    layout = draw("generate")
    assert "The key has expired. Make a new one." in layout.text
    assert "wm.url_open" in layout.buttons()
    trouble = part("jobs.job").Failure("network_trouble", "The service cannot be reached.")
    store.save_wallet(ADDRESS, None, trouble)
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    assert "wm.url_open" not in draw("generate").buttons()


class WithLayout:
    """Preferences as they are while they draw: Blender gives them a layout only then."""

    def __init__(self, preferences: Any, layout: RecordingLayout) -> None:
        self.preferences = preferences
        self.layout = layout

    def __getattr__(self, name: str) -> Any:
        return getattr(self.preferences, name)


def test_preferences_show_key_source_and_account(store: Any) -> None:
    store.save_wallet(ADDRESS, part("service.answers").Wallet(Decimal("9965.00"), 3))
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    layout = RecordingLayout()
    part("blender.panels.preferences").STUDIO3D_preferences.draw(
        WithLayout(preferences, layout), bpy.context
    )
    assert "From the environment variable STUDIO3D_API_KEY" in layout.text
    assert f"In use, from the environment: {ADDRESS}" in layout.text
    assert "9 965 credits, 3 submissions a minute" in layout.text
    assert [name for _, name in layout.properties] == [
        "key",
        "service_address",
        "downloads_folder",
        "place_when_ready",
        "frame_placed",
        "show_spots",
        "cache_limit",
        "asset_library",
        "asset_catalog",
        "asset_author",
        "asset_license",
        "confirm_above",
    ]


@dataclass(kw_only=True)
class Sidebar(RecordingLayout):
    """Notes which properties stand beside their labels, and not below or across them."""

    beside: dict[str, bool]
    use_property_split: bool = True

    def row(self, **_options: Any) -> "Sidebar":
        return replace(self)

    column = split = box = row

    def prop(self, owner: Any, name: str, **options: Any) -> None:
        super().prop(owner, name, **options)
        self.beside[name] = self.use_property_split


def tools_at(width: int) -> dict[str, bool]:
    """Which settings of the Tools panel stand beside their labels at that width."""
    view = SimpleNamespace(region_to_view=lambda x, y: (x, y))
    region = SimpleNamespace(type="UI", width=width, view2d=view)
    known = {name: getattr(bpy.context, name) for name in CONTEXT}
    layout = Sidebar(beside={})
    panel: Any = bpy.types.STUDIO3D_PT_tools
    panel.draw(
        SimpleNamespace(layout=layout),
        SimpleNamespace(**known, region=region, area=None, region_popup=None),
    )
    return layout.beside


CONTEXT = ("scene", "view_layer", "active_object", "selected_objects", "preferences")


def test_what_has_no_room_beside_its_label_is_not_cut_off(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without a window there are neither letters to measure nor a scale.
    text = part("blender.widgets.text")
    monkeypatch.setattr(text, "_unit", lambda _context: text.UNIT)
    monkeypatch.setattr(text, "_measure", lambda _context: lambda words: 7.0 * len(words))
    bpy.ops.mesh.primitive_cube_add()
    settings.tool = "texture-model"
    names = {"tool", "apply_modifiers", "texture_quality", "pbr", "image", "uv_map"}
    wide, narrow = tools_at(600), tools_at(200)
    assert {name for name in names if wide[name]} == names
    assert {name for name in names if narrow[name]} == {"pbr"}

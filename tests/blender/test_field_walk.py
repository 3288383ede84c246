"""Every field of the catalogue, set as a user sets it: in its panel, while the panel shows it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.field_samples import choose_unit, enter, samples, wanted
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import own_home


@pytest.fixture(autouse=True)
def _home(extension: ModuleType, tmp_path: Path) -> Iterator[None]:
    with own_home(tmp_path, STUDIO3D_API_KEY="test-key"):
        part("blender.runtime.build_snapshot").refresh(bpy.context)
        yield


class Shown:
    """A property group that takes a value only while the panel draws the property."""

    def __init__(self, group: Any, draw: Callable[[], RecordingLayout]) -> None:
        self.__dict__.update(group=group, draw=draw)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.group, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if getattr(self.group, name) == value:
            return  # a user leaves alone what is right already
        drawn = {found for owner, found in self.draw().properties if owner == self.group}
        assert name in drawn, f"{name} cannot be set: the panel shows {sorted(drawn)}"
        setattr(self.group, name, value)


class Form:
    """A panel with one of its operations chosen, in one of its modes."""

    def __init__(self, settings: Any, operation: Any, mode: Any) -> None:
        self.settings, self.operation = settings, operation
        properties, groups = part("blender.settings.properties"), part("catalog").Group
        orders = part("blender.operators.generate")
        ids = part("blender.core.ids")
        match operation.group:
            case groups.GENERATE:
                self.panel, self.button = "generate", orders.STUDIO3D_OT_generate
                self.choose("mode", mode.value)
                self.choose(properties.engine_property(mode), operation.name)
            case groups.IMAGE | groups.IMAGE_TOOL:
                self.panel, self.button = "image", orders.STUDIO3D_OT_generate_picture
                self.choose("picture_operation", operation.name)
            case groups.MESH_TOOL:
                self.panel, self.button = "tools", None
                self.choose("tool", operation.name)
            case group:
                named = ids.of_group(group)
                self.panel = named.panel.removeprefix("STUDIO3D_PT_")
                self.button = getattr(bpy.types, ids.rna_name(named.order))
                if properties.has_choice(group):
                    self.choose(properties.choice_property(group), operation.name)
                if properties.has_modes(operation):
                    own = properties.group_of(settings, operation)
                    setattr(Shown(own, self.draw), properties.REQUEST_MODE, mode.value)

    def draw(self) -> RecordingLayout:
        layout = RecordingLayout()
        drawn: Any = getattr(bpy.types, f"STUDIO3D_PT_{self.panel}")
        drawn.draw(SimpleNamespace(layout=layout), bpy.context)
        return layout

    def choose(self, name: str, value: str) -> None:
        setattr(Shown(self.settings, self.draw), name, value)

    def enter(self, values: dict[str, Any]) -> None:
        units = self.operation.units()  # they are the scene's
        for name in units.intersection(values):
            choose_unit(self.settings.id_data, values[name])
        for name in (name for name in values if name not in units):
            value, field = values[name], self.operation.field(name)
            home = part("blender.settings.properties").home_of(self.settings, self.operation, field)
            enter(Shown(home, self.draw), field, value)

    def draft(self) -> Any:
        """What the panel's button would order."""
        if self.button is None:
            return part("blender.runtime.tool_orders").order_of(bpy.context).drafts[-1]
        return self.button.draft(self.settings)


def needed(operation: Any, mode: Any) -> dict[str, Any]:
    """What a request in this mode cannot do without; models are the selected objects."""
    return {
        field.name: samples(field)[0]
        for field in settable(operation, mode)
        if (field.source and field.source == mode) or (field.required and field.when is None)
    }


def settable(operation: Any, mode: Any) -> list[Any]:
    """The fields that are set in a panel."""
    taken = by_selection(operation)
    return [f for f in operation.fields if operation.belongs(f, mode) and f.name not in taken]


def by_selection(operation: Any) -> set[str]:
    """Names of the fields that a tool has from the selected objects: models and their format."""
    models = {field.name for field in operation.fields if field.kind is part("catalog").Kind.MODEL}
    is_tool = operation.group is part("catalog").Group.MESH_TOOL
    return models | (operation.model_formats() if is_tool else set())


def cases() -> Iterator[tuple[Any, Any, Any, Any, dict[str, Any]]]:
    """Every operation, mode, field and sample value, with what has to be set beside it."""
    for operation in part("catalog").operations():
        for mode in operation.modes or (None,):
            for field in settable(operation, mode):
                beside = wanted(field.when, operation, mode)
                if beside is not None:
                    for value in samples(field):
                        yield operation, mode, field, value, needed(operation, mode) | beside


def test_every_field_can_be_set_in_its_panel_and_arrives_in_the_request(
    extension: ModuleType,
) -> None:
    seen: set[tuple[str, str]] = set()
    for operation, mode, field, value, beside in cases():
        where = f"{operation.name} {mode} {field.name}={value!r}"
        scene = bpy.data.scenes.new("fresh")
        with bpy.context.temp_override(scene=scene):
            form = Form(
                part("blender.settings.properties").settings_of(bpy.context), operation, mode
            )
            form.enter(beside | {field.name: value})
            draft = form.draft()
        assert (draft.operation, draft.mode) == (operation, mode), where
        assert draft.values.get(field.name) == value, where
        problems = {problem.message for problem in draft.problems()}
        assert problems <= {rule.message for rule in operation.rules}, where
        if not problems:
            assert draft.request().values[field.name] == value, where
        seen.add((operation.name, field.name))
        bpy.data.scenes.remove(scene)
    assert seen == {
        (operation.name, field.name)
        for operation in part("catalog").operations()
        for field in operation.fields
        if field.name not in by_selection(operation)
    }


def test_what_the_selection_or_a_single_choice_decides_is_not_asked(
    extension: ModuleType,
) -> None:
    settings = part("blender.settings.properties").settings_of(bpy.context)
    for tool, name, sent in (
        ("topology", "file_type", "GLB"),
        ("bake-texture", "output_format", "glb"),
        ("render", "lighting", "studio"),
    ):
        form = Form(settings, part("catalog").get(tool), part("catalog").Mode.MODEL)
        assert name not in {found for _, found in form.draw().properties}
        plan = part("blender.runtime.tool_orders").order_of(bpy.context).plan()
        assert plan.last.request.values[name] == sent


def test_every_model_a_tool_takes_is_a_selected_object(extension: ModuleType) -> None:
    for operation in part("catalog").operations(part("catalog").Group.MESH_TOOL):
        Form(part("blender.settings.properties").settings_of(bpy.context), operation, None)
        (step,) = part("blender.runtime.tool_orders").order_of(bpy.context).steps
        models = {field.name for field in operation.model_fields()}
        assert models, operation.name
        assert all(step.values[name] for name in models), operation.name


def test_what_the_panel_does_not_show_cannot_be_set(extension: ModuleType) -> None:
    properties, catalog = part("blender.settings.properties"), part("catalog")
    settings = properties.settings_of(bpy.context)
    form = Form(settings, catalog.get("trellis"), catalog.Mode.IMAGE)
    form.enter({"textures": False})
    with pytest.raises(AssertionError, match="texture_size cannot be set"):
        form.enter({"texture_size": "4096"})

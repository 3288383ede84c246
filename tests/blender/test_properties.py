"""The sidebar's settings: how they are named, typed, kept, and read."""

import ast
import math
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.field_samples import PICTURE


@pytest.fixture
def settings(extension: ModuleType) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context)


@pytest.mark.parametrize(
    ("operation", "mode", "field"),
    [
        ("tripo", "TEXT", "version"),
        ("tencent_pro", "TEXT", "model"),
        ("miniature", "IMAGE", "scale"),
    ],
)
def test_another_value_that_is_left_empty_is_not_the_default(
    settings: Any, operation: str, mode: str, field: str
) -> None:
    """What was chosen is something else, and may cost something else."""
    declared = part("catalog").get(operation.replace("_", "-"))
    group = getattr(settings, operation)
    setattr(group, field, "OTHER")
    for empty in ("", "  "):
        setattr(group, f"{field}_other", empty)
        draft = part("blender.settings.properties").draft_of(settings, declared, mode)
        assert any(problem.field == field for problem in draft.problems())


def test_every_unit_of_length_is_known(extension: ModuleType) -> None:
    metres = part("blender.core.units").METRES
    declared = {
        choice.value
        for operation in part("catalog").operations()
        for name in operation.units()
        for choice in operation.field(name).choices
    }
    assert declared == set(metres)


@pytest.mark.parametrize(
    ("system", "unit", "scale", "entered", "sent"),
    [
        ("METRIC", "CENTIMETERS", 1.0, 0.125, (12.5, "cm")),
        ("METRIC", "MILLIMETERS", 0.001, 40.0, (40.0, "mm")),
        ("METRIC", "ADAPTIVE", 1.0, 2.0, (2.0, "m")),
        ("METRIC", "KILOMETERS", 1.0, 2.0, (200.0, "cm")),
        ("IMPERIAL", "INCHES", 1.0, 0.254, (10.0, "in")),
        ("IMPERIAL", "FEET", 1.0, 0.3048, (30.48, "cm")),
        ("NONE", "METERS", 0.01, 3.0, (3.0, "m")),
    ],
)
def test_a_length_is_that_of_the_scene(
    settings: Any, system: str, unit: str, scale: float, entered: float, sent: tuple[float, str]
) -> None:
    units = bpy.context.scene.unit_settings
    units.system = system
    if system != "NONE":
        units.length_unit = unit
    units.scale_length = scale
    settings.repair.use_target_height, settings.repair.target_height = True, entered
    repair = part("catalog").get("repair")
    values = part("blender.settings.properties").draft_of(settings, repair, "MODEL").values
    assert (values["target_height"], values["unit"]) == sent
    assert settings.repair.bl_rna.properties["target_height"].subtype == "DISTANCE"
    settings.repair.use_target_height = False
    assert (
        "unit" not in part("blender.settings.properties").draft_of(settings, repair, "MODEL").values
    )


@pytest.mark.parametrize(
    ("shown", "entered", "sent"),
    [
        ("CENTIMETERS", "5, 7.5", ("5", "7.5")),
        ("METERS", "5 cm, 100mm,1", ("0.05", "0.1", "1")),
        ("MILLIMETERS", "2 in", ("50.8",)),
        ("METERS", "tall, 1.2.3, __import__('os')", ("tall", "1.2.3", "__import__('os')")),
    ],
)
def test_lengths_written_down_may_have_units(
    settings: Any, shown: str, entered: str, sent: tuple[str, ...]
) -> None:
    bpy.context.scene.unit_settings.length_unit = shown
    settings.volume.target_heights = entered
    volume = part("catalog").get("volume")
    draft = part("blender.settings.properties").draft_of(
        settings, volume, part("catalog").Mode.MODEL
    )
    assert draft.values["target_heights"] == sent


def test_properties_are_named_and_described(extension: ModuleType) -> None:
    properties = part("blender.settings.properties")
    own = [p for group in properties.CLASSES for p in group.bl_rna.properties if p.is_runtime]
    assert own
    assert [p.identifier for p in own if not p.identifier.isidentifier()] == []
    described = [p for p in own if p.type not in {"POINTER", "COLLECTION"}]
    assert [p.identifier for p in described if not p.name or not p.description] == []
    assert [p.identifier for p in described if p.description.endswith(".")] == []


TYPES = {"BOOLEAN": "bool", "ENUM": "str", "FLOAT": "float", "INT": "int", "STRING": "str"}
"""What a property of the kind has, as one writes it."""


def type_of(known: Any) -> str:
    if known.type == "COLLECTION":
        return f"bpy.types.bpy_prop_collection_idprop[{known.fixed_type.identifier}]"
    return TYPES[known.type] if known.type in TYPES else str(known.fixed_type.identifier)


def test_the_settings_are_typed_as_they_are_defined(extension: ModuleType) -> None:
    """Their definitions are computed; for other classes ``tests/package`` compares the source."""
    properties = part("blender.settings.properties")
    source = ast.parse(Path(str(properties.__file__)).read_text(encoding="utf-8"))
    (typed,) = (
        n for n in ast.walk(source) if isinstance(n, ast.ClassDef) and n.name == "SceneSettings"
    )
    declared = {
        one.target.id: ast.unparse(one.annotation)
        for one in typed.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }
    known = properties.SceneSettings.bl_rna.properties
    assert declared
    for name in ("views", "pictures"):  # the fields of these groups are computed as well
        assert declared.pop(name) == "bpy.types.PropertyGroup"
        assert known[name].type == "POINTER"
    assert declared == {name: type_of(known[name]) for name in declared}


def test_a_hidden_field_is_not_sent(settings: Any) -> None:
    settings.mode, settings.engine_image, settings.image = "IMAGE", "trellis", PICTURE
    settings.trellis.texture_size = "4096"
    assert (
        part("blender.settings.properties")
        .generate_draft(settings)
        .request()
        .values["texture_size"]
    )
    settings.trellis.textures = False
    draft = part("blender.settings.properties").generate_draft(settings)
    assert "texture_size" not in draft.values
    assert draft.request().values["textures"] is False


def test_an_optional_number_is_sent_only_when_switched_on(settings: Any) -> None:
    settings.mode, settings.engine_image, settings.image = "IMAGE", "trellis", PICTURE
    settings.trellis.seed = 7
    assert "seed" not in part("blender.settings.properties").generate_draft(settings).values
    settings.trellis.use_seed = True
    assert part("blender.settings.properties").generate_draft(settings).values["seed"] == 7


def test_ticking_a_number_shows_where_it_sensibly_begins(settings: Any) -> None:
    shown: dict[str, dict[str, float]] = {}
    for operation in part("catalog").operations():
        group = part("blender.settings.properties").group_of(settings, operation)
        numbers = [field for field in operation.fields if field.start is not None]
        shown[operation.name] = {field.name: getattr(group, field.name) for field in numbers}
        for field in numbers:
            begins = shown[operation.name][field.name]
            assert math.isclose(begins, field.start, rel_tol=1e-6), (operation.name, field.name)
    assert shown["tripo"]["face_limit"] == 50_000
    assert shown["tripo-p1"]["face_limit"] == 5_000
    assert shown["optimize"]["max_texture_size"] == 2048
    assert shown["miniature"]["scale_height_cm"] == 10.0
    assert math.isclose(shown["repair"]["target_height"], 0.1, rel_tol=1e-6)  # meters: 10 cm


def test_automatic_is_a_choice_that_is_not_sent(settings: Any) -> None:
    properties, catalog = part("blender.settings.properties"), part("catalog")

    def chosen(operation: str) -> Any:
        tool = catalog.get(operation)
        return properties.draft_of(settings, tool, catalog.Mode.MODEL).values

    assert {"polygon_type", "face_level"}.isdisjoint(chosen("topology"))
    settings.topology.face_level = "low"
    assert chosen("topology")["face_level"] == "low"
    assert "ground_shadow" not in chosen("render")
    for said, sent in (("ON", True), ("OFF", False)):
        settings.render.ground_shadow = said
        assert chosen("render")["ground_shadow"] is sent


def test_prompt_and_picture_stay_when_the_engine_changes(settings: Any) -> None:
    generate_draft = part("blender.settings.properties").generate_draft
    settings.prompt, settings.image = "a chair", PICTURE
    for engine in ("tencent-rapid", "tencent-pro", "tripo"):
        settings.engine_text = engine
        draft = generate_draft(settings)
        assert (draft.operation.name, draft.values["prompt"]) == (engine, "a chair")
    settings.mode = "IMAGE"
    draft = generate_draft(settings)
    assert draft.values["image"] == PICTURE
    assert "prompt" not in draft.values


def test_each_mode_offers_its_engines_and_keeps_its_choice(settings: Any) -> None:
    properties, mode = part("blender.settings.properties"), part("catalog").Mode
    assert "trellis" not in [engine.name for engine in properties.engines(mode.TEXT)]
    assert "trellis" in [engine.name for engine in properties.engines(mode.IMAGE)]
    settings.engine_text, settings.engine_image = "tencent-pro", "trellis"
    names = []
    for chosen in ("TEXT", "IMAGE", "TEXT"):
        settings.mode = chosen
        names.append(properties.engine_of(settings).name)
    assert names == ["tencent-pro", "trellis", "tencent-pro"]


def test_only_views_the_engine_version_has_are_offered(settings: Any) -> None:
    settings.mode, settings.engine_multi_view = "MULTI_VIEW", "tencent-pro"

    def offered() -> tuple[str, ...]:
        draft = part("blender.settings.properties").generate_draft(settings)
        field = draft.operation.field("multi_view_images")
        views: tuple[str, ...] = part("blender.settings.draft").offered_views(draft, field)
        return views

    assert offered() == ("front", "left", "right", "back")
    settings.tencent_pro.model = "3.1"
    assert "top" in offered()
    settings.views.top = PICTURE
    settings.tencent_pro.model = "3.0"
    assert offered() == ("front", "left", "right", "back", "top")


@pytest.mark.parametrize(
    ("entered", "read"),
    [
        ("//chair.png", "{folder}{sep}chair.png"),
        (' "/pictures/my chair.png" ', "/pictures/my chair.png"),
        ("https://example.org/a.png", "https://example.org/a.png"),
    ],
)
def test_paths_are_understood_as_pasted(
    settings: Any, tmp_path: Path, entered: str, read: str
) -> None:
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    settings.mode, settings.image = "IMAGE", entered
    draft = part("blender.settings.properties").generate_draft(settings)
    assert draft.values["image"] == read.format(folder=tmp_path, sep=os.sep)


def test_settings_are_saved_with_the_file(extension: ModuleType, tmp_path: Path) -> None:
    settings_of = part("blender.settings.properties").settings_of
    settings_of(bpy.context).prompt = "a chair"
    settings_of(bpy.context).tencent_pro.face_count = 60_000
    path = str(tmp_path / "scene.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.read_homefile(use_empty=True)
    assert settings_of(bpy.context).prompt == ""
    bpy.ops.wm.open_mainfile(filepath=path)
    assert settings_of(bpy.context).prompt == "a chair"
    assert settings_of(bpy.context).tencent_pro.face_count == 60_000

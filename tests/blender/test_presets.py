"""Presets of an operation: saved and recalled by Blender's own means."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import own_home

ops: Any = bpy.ops  # the stubs know no operators of extensions

PANELS = ("model", "image", "miniature")


@pytest.fixture
def settings(extension: ModuleType, tmp_path: Path) -> Iterator[Any]:
    with own_home(tmp_path):
        yield part("blender.settings.properties").settings_of(bpy.context)


def preset_file(operation: str, name: str) -> Path:
    folder = bpy.utils.user_resource("SCRIPTS", path=f"presets/studio3d/{operation}")
    return Path(folder) / f"{name}.py"


def recall(operation: str, name: str, panel: str) -> None:
    ops.script.execute_preset(
        filepath=str(preset_file(operation, name)), menu_idname=f"STUDIO3D_PT_{panel}_presets"
    )


def test_settings_are_saved_recalled_and_removed(settings: Any) -> None:
    settings.mode, settings.engine_image = "IMAGE", "trellis"
    own = settings.trellis
    own.resolution, own.use_seed, own.seed, own.textures = "1536", True, 7, False
    settings.image = "/pictures/chair.png"
    ops.studio3d.add_model_preset(name="Fine")
    try:
        assert "chair.png" not in preset_file("trellis", "Fine").read_text()
        own.resolution, own.use_seed, own.seed, own.textures = "512", False, 0, True
        settings.image = "/pictures/lamp.png"
        recall("trellis", "Fine", "model")
        assert (own.resolution, own.use_seed, own.seed, own.textures) == ("1536", True, 7, False)
        assert settings.image == "/pictures/lamp.png"
    finally:
        ops.studio3d.add_model_preset(name="Fine", remove_name=True)
    assert not preset_file("trellis", "Fine").exists()


def test_each_operation_has_its_own_presets(settings: Any) -> None:
    settings.picture_operation = "remove-bg"
    settings.remove_bg.quality = "high"
    settings.miniature.preset = "realistic_animal"
    ops.studio3d.add_image_preset(name="Careful")
    ops.studio3d.add_miniature_preset(name="Pet")
    settings.remove_bg.quality = "low"
    settings.miniature.preset = "realistic_object"
    recall("remove-bg", "Careful", "image")
    recall("miniature", "Pet", "miniature")
    assert (settings.remove_bg.quality, settings.miniature.preset) == ("high", "realistic_animal")


@pytest.mark.parametrize("panel", PANELS)
def test_the_menu_knows_folder_and_operators(settings: Any, panel: str) -> None:
    found: Any = getattr(bpy.types, f"STUDIO3D_PT_{panel}_presets")
    assert found.preset_add_operator == f"studio3d.add_{panel}_preset"
    operation = found.operation()
    assert part("blender.settings.presets").folder(operation) == f"studio3d/{operation.name}"


def test_before_the_first_preset_one_can_be_added(settings: Any) -> None:
    settings.mode, settings.engine_text = "TEXT", "tripo-p1"
    assert bpy.utils.preset_paths("studio3d/tripo-p1") == []
    layout = RecordingLayout()
    presets = part("blender.panels.presets")
    presets._draw_empty(layout, bpy.context, "studio3d.add_model_preset")
    ((operator, given),) = layout.operators
    assert (operator, given.name) == ("studio3d.add_model_preset", "New Preset")
    assert getattr(ops.studio3d, operator.partition(".")[2])(name=given.name) == {"FINISHED"}
    assert preset_file("tripo-p1", "New_Preset").is_file()


def test_a_preset_holds_every_setting_of_every_operation(settings: Any) -> None:
    presets, names = part("blender.settings.presets"), part("blender.settings.field_properties")
    for operation in part("catalog").operations():
        held = presets.values(operation)
        for path in held:
            group, _, name = path.removeprefix(presets.SETTINGS).rpartition(".")
            assert hasattr(getattr(settings, group), name), path
        kept = {path.rpartition(".")[2] for path in held}
        for field in operation.fields:
            is_start = field.source is not None or field.kind in presets.NOT_KEPT
            is_unit = field.name in operation.units()  # the scene has it
            assert is_start or is_unit or kept >= set(names.define(field)), field.name

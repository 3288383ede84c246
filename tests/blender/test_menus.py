"""Entries in Blender's menus: the Add menu, the image editor and an image's context menu."""

from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.dialogs import dialog
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import ready_job

ops: Any = bpy.ops  # the stubs know no operators of extensions


@pytest.fixture
def settings(store: Any) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context)


def add_reference() -> None:
    """What Blender makes of a picture dropped onto the viewport, as the active object."""
    empty: Any = bpy.data.objects.new("reference", None)
    empty.empty_display_type = "IMAGE"
    empty.data = bpy.data.images.new("reference", 4, 4)
    bpy.context.scene.collection.objects.link(empty)
    bpy.context.view_layer.objects.active = empty


def test_the_add_menu_offers_results_once_more(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    layout = RecordingLayout()
    menu: Any = bpy.types.STUDIO3D_MT_add
    menu.draw(SimpleNamespace(layout=layout), bpy.context)
    assert layout.buttons() == ["studio3d.generate_dialog", "studio3d.import_as_new"]
    assert layout.buttons(job.id) == ["studio3d.import_as_new"]


def test_the_dialog_orders_what_the_sidebar_would(store: Any, settings: Any) -> None:
    assert ops.studio3d.generate_dialog() == {"CANCELLED"}
    assert store.all() == []
    settings.prompt = "a red chair"
    assert ops.studio3d.generate_dialog() == {"FINISHED"}
    assert [job.name for job in store.all()] == ["a red chair"]


def test_the_dialog_has_the_fields_and_the_price(settings: Any) -> None:
    layout = dialog("generate_dialog", "STUDIO3D_OT_generate_dialog")
    assert {"mode", "prompt", "engine_text", "enable_pbr"} <= {
        name for _, name in layout.properties
    }
    assert "35 credits" in layout.text


def test_an_image_on_an_empty_starts_a_model(settings: Any) -> None:
    with pytest.raises(RuntimeError, match="no image here"):
        ops.studio3d.use_image()
    add_reference()
    assert ops.studio3d.use_image() == {"FINISHED"}
    assert settings.mode == "IMAGE"
    assert Path(settings.image).read_bytes().startswith(b"\x89PNG")


def entries_of_objects() -> list[str]:
    layout = RecordingLayout()
    part("blender.panels.menus").draw_object(SimpleNamespace(layout=layout), bpy.context)
    return layout.menus


def test_the_context_menu_has_what_the_object_can_be_used_for(settings: Any) -> None:
    assert entries_of_objects() == []
    add_reference()
    assert entries_of_objects() == ["STUDIO3D_MT_image"]
    bpy.ops.mesh.primitive_cube_add()
    assert entries_of_objects() == ["STUDIO3D_MT_object"]
    bpy.ops.object.camera_add()
    assert entries_of_objects() == []


def in_menu(name: str) -> list[tuple[str, str]]:
    """Operator and tool of each entry."""
    layout = RecordingLayout()
    menu: Any = getattr(bpy.types, name)
    menu.draw(SimpleNamespace(layout=layout), bpy.context)
    return [(entry, getattr(given, "tool", "")) for entry, given in layout.operators]


def test_every_tool_of_the_catalogue_has_an_entry(extension: ModuleType) -> None:
    catalog = part("catalog")

    def tools(group: str) -> set[str]:
        return {tool.name for tool in catalog.operations(getattr(catalog.Group, group))}

    objects, images = in_menu("STUDIO3D_MT_object"), in_menu("STUDIO3D_MT_image")
    assert {tool for name, tool in objects if name == "studio3d.use_tool"} == tools("MESH_TOOL")
    assert ("studio3d.views_from_object", "") in objects
    edits = {tool for name, tool in images if name == "studio3d.edit_image"}
    assert edits - tools("IMAGE") == tools("IMAGE_TOOL")
    assert len(edits & tools("IMAGE")) == 1  # any engine, which is chosen in the dialog
    assert ("studio3d.use_image", "") in images


def test_the_dialog_of_a_tool_has_its_settings_and_price(settings: Any) -> None:
    bpy.ops.mesh.primitive_cube_add()
    settings.chain.add().tool = "convert"  # the panel's steps are another matter
    layout = dialog("use_tool", "STUDIO3D_OT_use_tool", "repair")
    assert {"tool", "quality"} <= {name for _, name in layout.properties}
    assert "Cube" in layout.text
    assert " credits" in layout.text


def test_a_tool_takes_the_selection_whatever_the_panel_is_set_to(store: Any, settings: Any) -> None:
    with pytest.raises(RuntimeError, match="Select an object first"):
        ops.studio3d.use_tool(tool="repair")
    bpy.ops.mesh.primitive_cube_add()
    settings.tool = "convert"
    settings.chain.add().tool = "convert"
    assert ops.studio3d.use_tool(tool="bake-texture") == {"CANCELLED"}  # it takes two objects
    assert ops.studio3d.use_tool(tool="repair") == {"FINISHED"}
    assert [job.operation for job in store.all()] == ["repair"]
    assert settings.tool == "convert"


def test_what_went_while_the_file_was_chosen_is_said(
    store: Any, settings: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    """Blender asks no operator again whether it can be used when its file browser is confirmed."""
    assert ops.studio3d.use_tool_for_file(tool="convert", filepath="//a.fbx") == {"CANCELLED"}
    assert "Select an object first" in capfd.readouterr().out
    assert store.all() == []


def test_an_image_goes_to_a_tool_and_nothing_of_the_file_changes(store: Any, settings: Any) -> None:
    assert ops.studio3d.edit_image(tool="remove-bg") == {"CANCELLED"}  # no image at hand
    add_reference()
    assert ops.studio3d.edit_image(tool="remove-bg") == {"FINISHED"}
    (job,) = store.all()
    assert (job.operation, job.name) == ("remove-bg", "reference")
    picture = Path(job.request.values["image"])
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert settings.pictures.image == ""
    layout = dialog("edit_image", "STUDIO3D_OT_edit_image", "remove-bg")
    assert {"tool", "quality", "image"} <= {name for _, name in layout.properties}
    assert "4 credits" in layout.text


def test_blenders_menus_are_left_as_they_were(extension: ModuleType) -> None:
    menus = part("blender.panels.menus")

    def ours() -> list[str]:
        return [
            name
            for name, draw in menus.ENTRIES
            if draw in getattr(getattr(bpy.types, name).draw, "_draw_funcs", ())
        ]

    everywhere = [name for name, _ in menus.ENTRIES]
    assert ours() == everywhere
    menus.unregister()
    try:
        assert ours() == []
    finally:
        menus.register()
    assert ours() == everywhere

"""Entries in Blender's menus: the Add menu, the image editor and an image's context menu."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import own_home, ready_job

ops: Any = bpy.ops  # the stubs know no operators of extensions


@pytest.fixture
def store(extension: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with own_home(tmp_path, STUDIO3D_API_KEY="test-key") as opened:
        for name in ("nudge", "check", "ensure"):  # the jobs are to stay where the test puts them
            monkeypatch.setattr(part("blender.worker_host"), name, lambda: None)
        part("blender.refresh").refresh(bpy.context)
        yield opened


@pytest.fixture
def settings(store: Any) -> Any:
    return part("blender.properties").settings_of(bpy.context)


def add_reference() -> None:
    """What Blender makes of a picture dropped onto the viewport, as the active object."""
    empty: Any = bpy.data.objects.new("reference", None)
    empty.empty_display_type = "IMAGE"
    empty.data = bpy.data.images.new("reference", 4, 4)
    bpy.context.scene.collection.objects.link(empty)
    bpy.context.view_layer.objects.active = empty


def test_the_add_menu_offers_results_once_more(store: Any, tmp_path: Path) -> None:
    job = ready_job(store, tmp_path)
    part("blender.refresh").refresh(bpy.context)
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
    layout = RecordingLayout()
    dialog = part("blender.operators.generate_dialog").STUDIO3D_OT_generate_dialog
    dialog.draw(SimpleNamespace(layout=layout), bpy.context)
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


def test_only_pictures_get_the_entry_in_the_context_menu(settings: Any) -> None:
    menus = part("blender.menus")

    def entries() -> list[str]:
        layout = RecordingLayout()
        menus.draw_object(SimpleNamespace(layout=layout), bpy.context)
        return layout.buttons()

    assert entries() == []
    add_reference()
    assert entries() == ["studio3d.use_image"]


def test_blenders_menus_are_left_as_they_were(extension: ModuleType) -> None:
    menus = part("blender.menus")

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

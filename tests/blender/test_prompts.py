"""Long prompts from texts of the file, and the history of what was sent."""

from types import SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout

ops: Any = bpy.ops  # the stubs know no operators of extensions


@pytest.fixture
def settings(store: Any) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context)


def test_a_long_prompt_is_written_in_a_text(store: Any, settings: Any) -> None:
    settings.prompt = "a castle"
    ops.studio3d.prompt_as_text(target="studio3d.prompt")
    text = settings.prompt_text
    assert text.as_string() == "a castle"
    text.write("\nwith four towers")
    ops.studio3d.generate()
    assert store.all()[0].values["prompt"] == "a castle\nwith four towers"
    text.from_string("  \n")
    with pytest.raises(RuntimeError, match="Write a prompt first"):
        ops.studio3d.generate()
    ops.studio3d.set_prompt(target="studio3d.prompt")
    ops.studio3d.generate()
    assert store.all()[0].values["prompt"] == "a castle"
    assert [one.name for one in bpy.data.texts] == [text.name]


def test_the_length_of_a_text_is_always_shown(settings: Any) -> None:
    def shown() -> str:
        layout = RecordingLayout()
        panel: Any = bpy.types.STUDIO3D_PT_generate
        panel.draw(SimpleNamespace(layout=layout), bpy.context)
        return layout.text

    settings.prompt = "a castle"
    assert "characters" not in shown()
    ops.studio3d.prompt_as_text(target="studio3d.prompt")
    assert "8 of 1 024 characters" in shown()


def test_any_text_of_the_file_can_be_the_prompt(store: Any, settings: Any) -> None:
    bpy.data.texts.new("notes").write("a brass lamp")
    ops.studio3d.set_prompt(target="studio3d.pictures.prompt", text="notes")
    assert settings.prompt_text is None
    ops.studio3d.generate_picture()
    assert store.all()[0].values["prompt"] == "a brass lamp"
    bpy.data.texts.remove(bpy.data.texts["notes"])
    assert (
        part("blender.settings.panel_drafts").picture_draft(settings).values.get("prompt") is None
    )


def test_a_removed_text_leaves_the_field(settings: Any) -> None:
    settings.prompt = "a chair"
    ops.studio3d.prompt_as_text(target="studio3d.prompt")
    bpy.data.texts.remove(settings.prompt_text)
    assert (
        part("blender.settings.properties").generate_draft(settings).values["prompt"] == "a chair"
    )


def test_what_was_sent_comes_first_in_the_history(store: Any, settings: Any) -> None:
    history = part("blender.settings.prompt_history")
    assert history.read() == []
    for prompt in ("a chair", "ein Stuhl aus Nußbaum", "a chair"):
        settings.prompt = prompt
        ops.studio3d.generate()
    assert history.read() == ["a chair", "ein Stuhl aus Nußbaum"]
    assert (
        part("blender.core.paths").places().prompts.parent
        == part("blender.core.paths").places().root
    )
    ops.studio3d.set_prompt(target="studio3d.prompt", prompt=history.read()[1])
    assert settings.prompt == "ein Stuhl aus Nußbaum"


def test_the_history_has_an_end_and_survives_damage(store: Any, settings: Any) -> None:
    history, places = part("blender.settings.prompt_history"), part("blender.core.paths").places()
    build_request = part("catalog").build_request
    for number in range(history.MOST + 5):
        history.remember(build_request("tencent-rapid", {"prompt": f"chair {number}"}))
    assert len(history.read()) == history.MOST
    assert history.read()[0] == f"chair {history.MOST + 4}"
    for damage in ("[1, ", '{"a": 1}', ""):
        places.prompts.write_text(damage)
        assert history.read() == []
    history.remember(build_request("tencent-rapid", {"prompt": "a lamp"}))
    assert history.read() == ["a lamp"]


def test_the_menu_offers_texts_and_earlier_prompts(store: Any, settings: Any) -> None:
    bpy.data.texts.new("notes")
    layout = RecordingLayout()
    draw_menu = part("blender.operators.prompt_sources")._draw_menu
    draw_menu(layout, "studio3d.prompt", ["a chair"], is_text=True)
    entries = [
        (name, getattr(given, "text", ""), getattr(given, "prompt", ""))
        for name, given in layout.operators
    ]
    assert entries == [
        ("studio3d.prompt_as_text", "", ""),
        ("studio3d.set_prompt", "", ""),
        ("studio3d.set_prompt", "notes", ""),
        ("studio3d.set_prompt", "", "a chair"),
    ]
    assert {given.target for _, given in layout.operators} == {"studio3d.prompt"}

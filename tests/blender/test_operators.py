"""What Blender's search finds, and that every operator says what it does."""

from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part

FOUND_BY_SEARCH = {
    # With these one can work without the sidebar: from the search, a shortcut or Quick Favorites.
    "studio3d.generate",
    "studio3d.generate_dialog",
    "studio3d.generate_picture",
    "studio3d.make_candidates",
    "studio3d.more_like_this",
    "studio3d.candidates_to_3d",
    "studio3d.make_miniature",
    "studio3d.send",
    "studio3d.use_tool",
    "studio3d.use_image",
    "studio3d.edit_image",
    "studio3d.views_from_object",
    "studio3d.swap",
    "studio3d.keep",
    "studio3d.show_jobs",
    "studio3d.about",
    "studio3d.copy_diagnostics",
}


def classes() -> dict[str, Any]:
    """Our operators' classes by identifier."""
    ids = part("blender.core.ids")
    of_groups = [
        ids.of_group(group) for group in part("blender.settings.properties").panel_groups()
    ]
    names = [
        *ids.OperatorId,
        *(name for each in of_groups for name in (each.order, each.add_preset)),
    ]
    return {str(one): getattr(bpy.types, ids.rna_name(one)) for one in names}


def options_of(cls: Any) -> set[str]:
    """An operator's options; one without is found and does nothing to the file."""
    return getattr(cls, "bl_options", set())


def test_the_search_finds_what_people_look_for_and_no_helpers(extension: ModuleType) -> None:
    found = {name for name, cls in classes().items() if "INTERNAL" not in options_of(cls)}
    of_groups = map(
        part("blender.core.ids").of_group, part("blender.settings.properties").panel_groups()
    )
    assert found == FOUND_BY_SEARCH | {made.order for made in of_groups}


def test_every_operator_has_a_label_and_says_what_it_does(extension: ModuleType) -> None:
    for name, cls in classes().items():
        rna = part("blender.core.ids").operator(name).get_rna_type()
        assert rna.name, name
        text = rna.description
        assert text or "description" in vars(cls), name
        assert text == text.strip(), name
        assert not text.endswith("."), name
        assert text[:1] == text[:1].upper(), name


@pytest.mark.parametrize("name", sorted(FOUND_BY_SEARCH))
def test_what_the_search_finds_says_why_it_cannot(extension: ModuleType, name: str) -> None:
    """In an empty file, without a key: each can either run or tells what is missing."""
    operator = part("blender.core.ids").operator(name)
    if operator.poll():
        return
    with pytest.raises(RuntimeError) as refused:
        operator()
    assert "context is incorrect" not in str(refused.value)


def test_no_shortcut_is_taken(extension: ModuleType) -> None:
    """Every key has an owner in Blender: people choose their own."""
    configurations = bpy.context.window_manager.keyconfigs
    taken = [
        item.idname
        for configuration in (configurations.addon, configurations.default)
        if configuration is not None
        for keymap in configuration.keymaps
        for item in keymap.keymap_items
        if item.idname.startswith("studio3d.")
    ]
    assert taken == []

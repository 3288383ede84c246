"""What the Image panel and the panels of groups ask for; ``properties`` has it for Generate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from ...catalog import Group, Mode, Operation, get, operations
from .properties import (
    REQUEST_MODE,
    SceneSettings,
    choice_property,
    draft_of,
    engine_of,
    group_of,
    has_choice,
    has_modes,
    settings_of,
)

if TYPE_CHECKING:
    from .draft import Draft


def picture_operation_of(settings: SceneSettings) -> Operation:
    """The chosen picture engine or picture tool."""
    return get(settings.picture_operation)


def picture_draft(settings: SceneSettings) -> Draft:
    """What the Image panel asks for: an edit where pictures are given, else a new picture."""
    edit = picture_form(settings)
    if edit.has_source() or Mode.TEXT not in edit.operation.modes:
        return edit
    return draft_of(settings, edit.operation, Mode.TEXT)


def picture_form(settings: SceneSettings) -> Draft:
    """What the Image panel has fields for: the prompt, and pictures whether given or not."""
    return draft_of(settings, picture_operation_of(settings), Mode.IMAGE)


def group_title(group: Group) -> str:
    """What the group's panel is called."""
    offered = operations(group)
    return group.panel if len(offered) > 1 else offered[0].label


def group_action(group: Group) -> str:
    """What the group's button is called where there is no panel, as in a search."""
    offered = operations(group)
    return group.panel if len(offered) > 1 else offered[0].action


def group_operation(settings: SceneSettings, group: Group) -> Operation:
    """The chosen operation of the group."""
    if has_choice(group):
        return get(getattr(settings, choice_property(group)))
    return operations(group)[0]


def group_draft(settings: SceneSettings, group: Group) -> Draft:
    """What the group's panel asks for."""
    operation = group_operation(settings, group)
    mode = next(iter(operation.modes), None)
    if has_modes(operation):
        mode = Mode(getattr(group_of(settings, operation), REQUEST_MODE))
    return draft_of(settings, operation, mode)


def model_operation() -> Operation:
    """What the Generate panel shows."""
    return engine_of(settings_of(bpy.context))


def image_operation() -> Operation:
    """What the Image panel shows."""
    return picture_operation_of(settings_of(bpy.context))


def operation_of_group(group: Group) -> Operation:
    """What the group's panel shows."""
    return group_operation(settings_of(bpy.context), group)

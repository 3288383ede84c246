"""What the Image and the Miniature panel ask for; ``properties`` has the same for Generate."""

from typing import Final

from ..catalog import Group, Mode, Operation, get, operations
from .draft import Draft
from .properties import SceneSettings, draft_of

MINIATURE: Final[Operation] = operations(Group.FLOW)[0]
"""The flow that the Miniature panel is for."""


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


def miniature_draft(settings: SceneSettings) -> Draft:
    """What the Miniature panel asks for."""
    return draft_of(settings, MINIATURE, Mode.IMAGE)

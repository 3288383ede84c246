"""The pictures that were made, each with what can be done with it."""

from typing import Final

import bpy

from ...catalog import Choice, Group, Kind, Mode, get, operations
from ...jobs.candidates import is_candidate
from ...jobs.job import Job
from ..core import ids
from ..core.access import call_with
from ..core.rna_enums import Icon
from ..core.translation import translate
from ..settings.field_properties import view_name
from ..snapshot import snapshot
from . import previews
from .picture_results import job_of_picture, pictures_of, source_of
from .text import GAP_UNITS, button_units, room_units

PICTURE_UNITS: Final = 5.0
"""Height of a picture, in widgets."""

COLUMNS: Final = 2
MENU_UNITS: Final = 1.0
"""Width of a button that has but an icon."""

USE: Final = "Use for 3D…"
MENU_ICON: Final[Icon] = "DOWNARROW_HLT"


def draw_pictures(layout: bpy.types.UILayout, context: bpy.types.Context, job: Job) -> None:
    """The job's pictures; what was made of another picture stands beside that."""
    pictures, source = pictures_of(job)[:MOST_SHOWN], source_of(job)
    columns = 1 if source else min(COLUMNS, len(pictures))
    if room_units(context) / columns < button_units(context, translate(USE)) + MENU_UNITS:
        columns = 1
    share = room_units(context) / columns - (columns - 1) * GAP_UNITS
    for start in range(0, len(pictures), columns):
        line = layout.split(factor=1 / columns) if columns > 1 else layout.column()
        for picture in pictures[start : start + columns]:
            cell = line.column(align=True)
            if source:
                _draw_beside(cell, source, str(picture))
            else:
                draw_picture(cell, str(picture), PICTURE_UNITS)
            _draw_buttons(cell, context, str(picture), share)


MOST_SHOWN: Final = 24
"""Of the pictures, however many came; the folder has all."""


def draw_before_and_after(
    layout: bpy.types.UILayout, source: str, picture: str, units: float
) -> None:
    """A picture beside the one it was made from, on the same ground."""
    halves = layout.split(factor=0.5)
    for title, path in (("Before", source), ("After", picture)):
        half = halves.column(align=True)
        draw_picture(half, path, units)
        words = half.row()
        words.alignment = "CENTER"
        words.label(text=title)


def draw_picture(layout: bpy.types.UILayout, picture: str, units: float) -> None:
    icon = previews.on_ground(picture)
    if icon:
        layout.template_icon(icon_value=icon, scale=units)


def _draw_beside(layout: bpy.types.UILayout, source: str, picture: str) -> None:
    draw_before_and_after(layout.box(), source, picture, PICTURE_UNITS)
    call_with(
        layout.operator(ids.OperatorId.COMPARE_PICTURES, text="Compare…", icon="ARROW_LEFTRIGHT"),
        picture=picture,
    )


def _draw_buttons(
    layout: bpy.types.UILayout, context: bpy.types.Context, picture: str, units: float
) -> None:
    """All there is to do where there is room for it, else the first, and a menu of the others."""
    changes = _changes(picture)
    texts = (translate(USE), *(f"{label}…" for label, _ in changes))
    widest = max(button_units(context, text) for text in texts)
    line = layout.row(align=True)
    call_with(line.operator(ids.OperatorId.USE_PICTURE, text=USE), filepath=picture)
    if units < 2 * widest:
        call_with(
            line.operator(ids.OperatorId.PICTURE_MENU, text="", icon=MENU_ICON), picture=picture
        )
        return
    call_with(line.operator(ids.OperatorId.SAVE_PICTURE, text="Save As…"), picture=picture)
    for start in range(0, len(changes), COLUMNS):
        line = layout.row(align=True)
        for label, tool in changes[start : start + COLUMNS]:
            _draw_change(line, picture, label, tool)
    line = layout.row(align=True)
    line.label(text="Use as")
    for view in common_views():
        _draw_view(line, picture, view, text=translate(view.label))


def draw_actions(layout: bpy.types.UILayout, picture: str) -> None:
    """All that can be done with a picture, as entries of a menu; "" is the image at hand."""
    layout.operator_context = "INVOKE_DEFAULT"
    if picture:
        call_with(
            layout.operator(ids.OperatorId.USE_PICTURE, text=USE, icon="MESH_MONKEY"),
            filepath=picture,
        )
    else:
        layout.operator(
            ids.OperatorId.USE_IMAGE, text="Generate 3D from Image…", icon="MESH_MONKEY"
        )
    if _engine_of(picture):
        call_with(
            layout.operator(ids.OperatorId.MORE_LIKE_THIS, icon="IMAGE_REFERENCE"), picture=picture
        )
    for view in common_views():
        text = translate("Use as {view}…", view=translate(view.label))
        _draw_view(layout, picture, view, text=text)
    layout.separator()
    for label, tool in _changes(picture):
        _draw_change(layout, picture, label, tool)
    if picture:
        layout.separator()
        call_with(
            layout.operator(ids.OperatorId.SAVE_PICTURE, text="Save As…", icon="FILE_TICK"),
            picture=picture,
        )


def _changes(picture: str) -> list[tuple[str, str]]:
    """What changes a picture: how it is called, and the operation.

    With words the engine that made it does, else the first there is.
    """
    engine = _engine_of(picture) or operations(Group.IMAGE)[0].name
    edit = (translate("Edit with Prompt"), engine)
    tools = operations(Group.IMAGE_TOOL)
    return [edit, *((translate(tool.label), tool.name) for tool in tools)]


def _engine_of(picture: str) -> str:
    """The engine that made it from words and takes pictures; "" if none of those shown did."""
    job = job_of_picture(snapshot.current(), picture)
    if job is None or not is_candidate(job) or get(job.operation).reference_field is None:
        return ""
    return job.operation


def _draw_change(layout: bpy.types.UILayout, picture: str, label: str, tool: str) -> None:
    call_with(
        layout.operator(ids.OperatorId.EDIT_IMAGE, text=f"{label}…", translate=False),
        tool=tool,
        location=picture,
    )


def common_views() -> tuple[Choice, ...]:
    """The sides of an object that every engine takes pictures of."""
    fields = [
        field
        for engine in operations(Group.GENERATE)
        for field in engine.fields
        if field.source is Mode.MULTI_VIEW and field.kind is Kind.VIEWS
    ]
    taken = [{choice.value for choice in field.choices} for field in fields]
    first = fields[0].choices if fields else ()
    return tuple(choice for choice in first if all(choice.value in one for one in taken))


def _draw_view(layout: bpy.types.UILayout, picture: str, view: Choice, *, text: str) -> None:
    call_with(
        layout.operator(ids.OperatorId.USE_AS_VIEW, text=text, translate=False),
        view=view_name(view),
        filepath=picture,
    )

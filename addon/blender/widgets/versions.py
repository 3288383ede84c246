"""The strip of an object's versions: a picture of each, the shown one marked."""

from typing import Final

import bpy

from ..core import ids
from ..core.access import call_with
from ..core.translation import translate
from ..scene.provenance import JOB
from ..scene.versions import ORIGINAL, Version
from ..settings import job_choices
from ..snapshot import snapshot
from . import previews
from .text import button_units, columns_of

PICTURE_UNITS: Final = 3.5
"""Side of a version's picture, in widgets."""

BOX_UNITS: Final = 0.5
"""What a box takes from the width, in widgets."""


def draw_versions(
    layout: bpy.types.UILayout, context: bpy.types.Context, found: tuple[Version, ...]
) -> None:
    """All versions, oldest first, each at its place whichever is shown."""
    # As many as there is room for with whole words.
    widest = max(button_units(context, translate(version.label)) for version in found)
    columns = columns_of(context, max(PICTURE_UNITS, widest), indent=BOX_UNITS)
    for start in range(0, len(found), columns):
        line = layout.split(factor=1 / columns)
        for number in range(start, start + columns):
            cell = line.column(align=True)
            if number < len(found):
                _draw_version(cell, found, number)
    layout.operator(ids.OperatorId.KEEP, text="Keep Only This…")


def _draw_version(layout: bpy.types.UILayout, found: tuple[Version, ...], number: int) -> None:
    version = found[number]
    icon = previews.of_result(_picture(found, version))
    layout.template_icon(icon_value=icon, scale=PICTURE_UNITS)
    call_with(
        layout.operator(
            ids.OperatorId.SHOW_VERSION,
            text=translate(version.label),
            translate=False,
            depress=version.is_shown,
        ),
        version=version.object.name,
    )


def _picture(found: tuple[Version, ...], version: Version) -> str:
    """A file with a small picture of the version; "" if there is none."""
    current = snapshot.current()
    row = current.row(_job_of(version.object))
    if row is not None and row.thumbnail:
        return row.thumbnail
    if version.label != ORIGINAL:
        return ""
    sent = (current.sent_pictures.get(_job_of(one.object), "") for one in found)
    return next((picture for picture in sent if picture), "")


def _job_of(obj: bpy.types.Object) -> str:
    return str(obj.get(JOB, ""))


def can_return(obj: bpy.types.Object) -> bool:
    """Whether the list of results has the object, so that it can be imported again."""
    row = snapshot.current().row(_job_of(obj))
    return row is not None and job_choices.can_place(row.job)

"""Choosing an engine with its price, its usual time and what it is for in sight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import bpy

from ...catalog import Mode, Operation
from ...catalog.validation import grouped
from ..core import ids
from ..core.access import layout_of
from ..core.translation import translate
from ..settings.properties import (
    IS_COMPARED,
    candidate_engines,
    draft_of,
    engine_property,
    engines,
    group_of,
    picture_operations,
    settings_of,
)
from ..widgets import job_times
from ..widgets.text import paragraph

if TYPE_CHECKING:
    from ..settings.draft import Draft


ENGINE_SHARE: Final = 0.75
"""Of the width, where a switch stands beside the engine's button."""
UNITS: Final = 24.0
"""Width of the popovers: a line for each engine in English."""


class _Engines(bpy.types.Panel):
    """Base of the popovers."""

    bl_label = "Engine"
    # Where Blender keeps panels that are only ever called.
    bl_space_type = "TOPBAR"
    bl_region_type = "HEADER"
    bl_ui_units_x = int(UNITS)


class STUDIO3D_PT_engines(_Engines):
    bl_idname = ids.PanelId.ENGINES

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        mode = Mode(settings.mode)
        drafts = [draft_of(settings, engine, mode) for engine in engines(mode)]
        draw_engines(layout_of(self), context, engine_property(mode), drafts, compare=True)


class STUDIO3D_PT_picture_engines(_Engines):
    bl_idname = ids.PanelId.PICTURE_ENGINES

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        drafts = [draft_of(settings, one, Mode.IMAGE) for one in picture_operations()]
        draw_engines(layout_of(self), context, "picture_operation", drafts)


class STUDIO3D_PT_candidate_engines(_Engines):
    bl_idname = ids.PanelId.CANDIDATE_ENGINES

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        drafts = [draft_of(settings, one, Mode.TEXT) for one in candidate_engines()]
        draw_engines(layout_of(self), context, "candidate_engine", drafts)


def draw_engines(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    setting: str,
    drafts: Sequence[Draft],
    *,
    compare: bool = False,
) -> None:
    """A button and a line for each; ``drafts`` are what each would be asked for now.

    ``compare``: with a switch that has an engine make the same as the chosen one.
    """
    settings = settings_of(context)
    for draft in drafts:
        column = layout.column(align=True)
        row = column.split(factor=ENGINE_SHARE if compare else 1.0, align=True)
        row.prop_enum(settings, setting, draft.operation.name)
        if compare:
            switch = row.row(align=True)
            switch.active = getattr(settings, setting) != draft.operation.name
            switch.prop(group_of(settings, draft.operation), IS_COMPARED, toggle=True)
        paragraph(column, context, facts(draft), translate=False, units=UNITS)


def facts(draft: Draft) -> str:
    """What it costs with its present settings, how long it takes, and what it is good for."""
    operation, price = draft.operation, draft.estimate()
    shortest, longest = operation.seconds
    return translate(
        "{price}, {shortest} to {longest} min: {purpose}",
        price=translate("{n} credits", n=grouped(price.total))
        if price.is_known
        else translate("price not known"),
        shortest=job_times.duration(shortest),
        longest=job_times.duration(longest),
        purpose=translate(operation.good_for),
    )


def draw_chooser(layout: bpy.types.UILayout, panel: ids.PanelId, chosen: Operation) -> None:
    """The button that shows what is chosen, and opens the choice."""
    row = layout.row(heading=translate(_Engines.bl_label))
    row.popover(panel=panel, text=translate(chosen.label), translate=False)


CLASSES: Final = (
    STUDIO3D_PT_engines,
    STUDIO3D_PT_picture_engines,
    STUDIO3D_PT_candidate_engines,
)

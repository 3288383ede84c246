"""A panel for each group of the catalogue that wants one, made from its declarations."""

from __future__ import annotations

from typing import Any

import bpy

from ...catalog import Group, operations
from ..core import account, ids
from ..core.access import layout_of
from ..core.translation import translate
from ..runtime import preflight
from ..settings.panel_drafts import group_draft, group_title
from ..settings.properties import (
    REQUEST_MODE,
    choice_property,
    group_of,
    has_choice,
    has_modes,
    panel_groups,
    placement_choices,
    settings_of,
)
from ..snapshot import snapshot
from ..widgets import fields as field_rows
from ..widgets import order_form, result_files
from ..widgets import placement as placement_form
from ..widgets.base import SidebarPanel
from ..widgets.text import paragraph
from .presets import group_presets


def draw_group(layout: bpy.types.UILayout, context: bpy.types.Context, group: Group) -> None:
    """Choose one of the group's operations, fill in its form, see what it costs, and order it."""
    settings = settings_of(context)
    draft = group_draft(settings, group)
    current = snapshot.current()
    blocker = preflight.find_blocker(current, account.online(), draft)
    named = ids.of_group(group)
    order_form.draw_notice(layout, context, blocker)
    if has_choice(group):
        layout.prop(settings, choice_property(group), text="")
    if has_modes(draft.operation):
        own = group_of(settings, draft.operation)
        field_rows.draw_tabs(layout, context, own, REQUEST_MODE)
    order_form.draw_form(layout, context, settings, draft, named.panel)
    if draft.operation.makes_model:
        placement_form.draw_placement(
            layout, placement_choices(settings, draft.operation), named.panel
        )
    order_form.draw_price(layout, context, current, draft.estimate(), blocker)
    order_form.draw_button(layout, named.order, draft.operation.action)
    _draw_newest(layout, context, current, group)


def _draw_newest(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    current: snapshot.Snapshot,
    group: Group,
) -> None:
    """What the group's last order has brought so far, be it under way."""
    names = {operation.name for operation in operations(group)}
    found = (row for row in current.rows if row.job.operation in names and row.job.files)
    row = next(found, None)
    if row is None:
        return
    header, body = layout.panel(f"{ids.of_group(group).panel}_newest")
    header.label(text="Newest Result")
    if body is not None:
        words = f"{translate(row.title)}: {translate(row.text)}"
        paragraph(body, context, words, translate=False)
        result_files.draw_results(body, context, row.job)


def _made(group: Group) -> type[SidebarPanel]:
    icon: Any = group.icon

    def draw(self: SidebarPanel, context: bpy.types.Context) -> None:
        draw_group(layout_of(self), context, group)

    def draw_header(self: SidebarPanel, _context: bpy.types.Context) -> None:
        layout_of(self).label(icon=icon)

    def draw_header_preset(self: SidebarPanel, _context: bpy.types.Context) -> None:
        group_presets(group).draw_panel_header(layout_of(self))

    members: dict[str, Any] = {
        "__module__": __name__,
        "bl_idname": ids.of_group(group).panel,
        "bl_label": group_title(group),
        "bl_order": group.order,
        "bl_options": {"DEFAULT_CLOSED"},
        "draw": draw,
        "draw_header_preset": draw_header_preset,
    }
    header = {"draw_header": draw_header} if icon else {}  # even an empty one takes room
    return type(members["bl_idname"], (SidebarPanel,), members | header)


CLASSES = tuple(_made(group) for group in panel_groups())

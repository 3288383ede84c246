"""The panel that makes selected objects ready for a 3D printer, on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import bpy

from ...catalog import Group, operations
from ...printing import orders
from ...printing import slicers as known_slicers
from ...printing.findings import KINDS, Severity
from ..core import ids
from ..core.access import call_with, layout_of
from ..core.rna_enums import Icon
from ..core.translation import translate
from ..runtime import preflight, print_marks, print_work, slicers, tool_orders
from ..scene import export_selection, print_size
from ..settings.print_settings import CUSTOM, STUDIO3D_PG_printing
from ..settings.properties import settings_of
from ..widgets import fields as field_rows
from ..widgets import print_words
from ..widgets.base import SidebarPanel, settings_layout
from ..widgets.text import paragraph

if TYPE_CHECKING:
    from ..runtime.print_work import Checked
    from ..scene.export_selection import Selection


ICONS: Final[Mapping[Severity, Icon]] = {
    Severity.ERROR: "CANCEL",
    Severity.WARNING: "ERROR",
    Severity.NOTE: "INFO",
}


class STUDIO3D_PT_print(SidebarPanel):
    """Size, check, mending, a base and files, for whatever is selected."""

    bl_idname = ids.PanelId.PRINT
    bl_label = "Print"
    bl_order = Group.FLOW.order + 1
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout, settings = layout_of(self), settings_of(context).printing
        selection = export_selection.whole(context)
        if selection is None:
            paragraph(layout, context, "Select an object with a surface first", icon="INFO")
        else:
            _draw_model(layout, context, selection)
        _draw_size(layout, context, settings)
        _draw_check(layout, context, settings, selection)
        _draw_hiding(layout, selection)
        _draw_part(layout, "fix", "Fix", lambda part: _draw_fix(part, context, settings))
        _draw_part(layout, "base", "Base", lambda part: _draw_base(part, context, settings))
        _draw_part(layout, "hollow", "Hollow", lambda part: _draw_hollow(part, context, settings))
        _draw_part(layout, "split", "Split", lambda part: _draw_split(part, context, settings))
        _draw_part(layout, "files", "Export", lambda part: _draw_files(part, context, settings))


def _draw_model(
    layout: bpy.types.UILayout, context: bpy.types.Context, selection: Selection
) -> None:
    column = layout.column(align=True)
    name, more = selection.main.name, len(selection.objects) - 1
    text = translate("{name} and {n} more", name=name, n=more) if more else name
    column.label(text=text, icon="OBJECT_DATA", translate=False)
    now = print_words.size_words(print_size.sides(context, selection))
    paragraph(column, context, now, icon="BLANK1", translate=False)


def _draw_part(layout: bpy.types.UILayout, name: str, label: str, draw: Any) -> None:
    """A part of the panel that can be closed."""
    header, body = layout.panel(f"{ids.PanelId.PRINT}_{name}", default_closed=True)
    header.label(text=label, text_ctxt=ids.CONTEXT)
    if body is not None:
        draw(body)


def _draw_size(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: STUDIO3D_PG_printing
) -> None:
    column = settings_layout(layout)
    names = ("scale", "real", "height") if settings.scale == CUSTOM else ("scale", "real")
    for name in names:
        field_rows.draw_setting(column, context, settings, name)
    box = layout.column(align=True)
    paragraph(box, context, print_words.scale_words(settings), translate=False)
    box.operator(ids.OperatorId.PRINT_SIZE, icon="FULLSCREEN_EXIT")


def _draw_check(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: STUDIO3D_PG_printing,
    selection: Selection | None,
) -> None:
    header, body = layout.panel(f"{ids.PanelId.PRINT}_limits", default_closed=True)
    header.label(text="Printer and Material")
    if body is not None:
        column = settings_layout(body)
        for name in ("printer", "nozzle", "wall", "overhang", "material", "price"):
            field_rows.draw_setting(column, context, settings.limits, name)
    working = print_work.progress()
    if working:
        row = layout.row(align=True)
        row.label(text=working, icon="SORTTIME")
        row.operator(ids.OperatorId.PRINT_CANCEL, text="", icon="X")
    else:
        button = layout.row()
        button.scale_y = 1.5
        button.operator(ids.OperatorId.PRINT_CHECK, text="Check")
    if print_work.trouble():
        paragraph(layout, context, print_work.trouble(), icon="ERROR")
    if print_work.told():
        paragraph(layout, context, print_work.told(), icon="CHECKMARK")
    found = None if selection is None else print_work.checked(selection)
    if selection is not None and found is not None:
        _draw_findings(layout, context, selection, found)


def _draw_findings(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    selection: Selection,
    found: Checked,
) -> None:
    box = layout.box()
    stale = print_work.is_stale(selection, found)
    if stale:
        paragraph(box, context, "Changed since: check it again", icon="ERROR", indent=BOX_UNITS)
    findings = print_work.ordered(found.findings)
    if found.figures.get("printers") == []:
        words = "It fits on no known printer: set its size first"
        paragraph(box, context, words, icon="ERROR", indent=BOX_UNITS)
    elif not findings:
        words = "Nothing found: it prints as it is"
        paragraph(box, context, words, icon="CHECKMARK", indent=BOX_UNITS)
    if findings:
        hint = "Click on a finding to see where it is"
        paragraph(box, context, hint, indent=BOX_UNITS)
    column = box.column(align=True)
    column.active = not stale
    for finding in findings:
        _draw_finding(column, context, selection, finding)
    figures = box.column(align=True)
    figures.active = not stale
    for label, value in print_words.figure_words(found.figures, found.limits.printer):
        row = figures.split(factor=LABELS)
        row.label(text=label, text_ctxt=ids.CONTEXT)
        paragraph(row.column(), context, value, share=1 - LABELS, indent=BOX_UNITS, translate=False)


BOX_UNITS: Final = 0.5
"""What a box takes from the width, in widgets."""
LABELS: Final = 0.35


def _draw_finding(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    selection: Selection,
    finding: Mapping[str, Any],
) -> None:
    kind = KINDS[finding["kind"]]
    shown = print_marks.is_shown(selection.main, finding["kind"])
    column = layout.column(align=True)
    row = column.row(align=True)
    row.alignment = "LEFT"
    button = row.operator(
        ids.OperatorId.PRINT_FINDING,
        text=print_words.finding_words(finding),
        translate=False,
        icon=ICONS[kind.severity],
        emboss=shown,
        depress=shown,
    )
    call_with(button, kind=finding["kind"])
    worst = print_words.worst_words(finding)
    if worst:
        paragraph(column, context, worst, icon="BLANK1", indent=BOX_UNITS, translate=False)
    if shown and finding["kind"] in print_marks.HEAT:
        legend = "Yellow is at the limit, red is far beyond it"
        paragraph(column, context, legend, icon="BLANK1", indent=BOX_UNITS)
    if shown:
        column.operator(ids.OperatorId.PRINT_HIDE_MARKS, icon="HIDE_ON")


def _draw_hiding(layout: bpy.types.UILayout, selection: Selection | None) -> None:
    """A way to take marks away that are of something else than what is selected."""
    marks = print_marks.shown()
    if marks is None:
        return
    found = None if selection is None else print_work.checked(selection)
    kinds = () if found is None else (one["kind"] for one in found.findings)
    if selection is None or not any(print_marks.is_shown(selection.main, kind) for kind in kinds):
        layout.operator(ids.OperatorId.PRINT_HIDE_MARKS, icon="HIDE_ON")


def _draw_order(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    group: bpy.types.PropertyGroup,
    order: type,
) -> None:
    """All that an order asks for."""
    column = settings_layout(layout)
    settings = orders.settings_of(order)
    words = "Lengths in millimeters"
    if any(asked.automatic for asked in settings.values()):
        words = "Lengths in millimeters; 0 is automatic"
    column.label(text=words, text_ctxt=ids.CONTEXT)
    for name in settings:
        field_rows.draw_setting(column, context, group, name)


def _draw_fix(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: STUDIO3D_PG_printing
) -> None:
    _draw_order(layout, context, settings.mending, orders.Mending)
    layout.operator(ids.OperatorId.PRINT_FIX, text="Fix Here for Free", icon="TOOL_SETTINGS")
    repair = next((one for one in operations(Group.MESH_TOOL) if one.name == REPAIR), None)
    if repair is None or not tool_orders.is_anything_selected(context):
        return
    column = layout.column(align=True)
    words = "The service's Repair also closes what has no clear inside, and keeps colors"
    paragraph(column, context, words)
    price = preflight.amount_words(tool_orders.order_of(context, REPAIR).estimate())
    button = column.operator(
        ids.OperatorId.USE_TOOL, text=f"{translate(repair.label)}: {price}…", translate=False
    )
    call_with(button, tool=REPAIR)


REPAIR: Final = "repair"
"""The service's tool for what is left."""


def _draw_base(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: STUDIO3D_PG_printing
) -> None:
    _draw_order(layout, context, settings.base, orders.Base)
    layout.operator(ids.OperatorId.PRINT_BASE, icon="MESH_CYLINDER")


def _draw_hollow(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: STUDIO3D_PG_printing
) -> None:
    _draw_order(layout, context, settings.hollow, orders.Hollow)
    layout.operator(ids.OperatorId.PRINT_HOLLOW, icon="MESH_UVSPHERE")


def _draw_split(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: STUDIO3D_PG_printing
) -> None:
    field_rows.draw_setting(settings_layout(layout), context, settings.limits, "printer")
    _draw_order(layout, context, settings.split, orders.Split)
    layout.operator(ids.OperatorId.PRINT_SPLIT, icon="MOD_EXPLODE")


def _draw_files(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: STUDIO3D_PG_printing
) -> None:
    column = layout.column()
    row = column.row(align=True)
    row.prop(settings, "formats")
    asked = settings_layout(column)
    asked.prop(settings, "folder")
    field_rows.draw_setting(asked, context, settings, "arrange")
    if settings.arrange:
        field_rows.draw_setting(asked, context, settings.limits, "printer")
        _draw_order(column, context, settings.plate, orders.Plate)
    field_rows.draw_setting(asked, context, settings, "paint")
    if settings.paint:
        if not settings.palette.strip():
            field_rows.draw_setting(asked, context, settings, "filaments")
        field_rows.draw_setting(asked, context, settings, "palette")
        asked.operator(ids.OperatorId.PRINT_COLORS, icon="COLOR")
    column.operator(ids.OperatorId.PRINT_EXPORT, icon="EXPORT")
    column.operator(ids.OperatorId.PRINT_SLICERS, icon="WINDOW")
    written = print_work.written()
    if written:
        names = ", ".join(file.name for file in written)
        paragraph(column, context, translate("Written: {names}", names=names), translate=False)
        column.operator(ids.OperatorId.PRINT_OPEN_FOLDER, icon="FILE_FOLDER")


class STUDIO3D_MT_slicers(bpy.types.Menu):
    """The slicers that were found."""

    bl_idname = ids.MenuId.SLICERS
    bl_label = "Open in Slicer"

    def draw(self, _context: bpy.types.Context | None) -> None:
        found = slicers.known()
        layout = layout_of(self)
        layout.operator_context = "INVOKE_DEFAULT"
        for slicer in (one for one in known_slicers.SLICERS if one.key in found):
            button = layout.operator(
                ids.OperatorId.PRINT_SLICE, text=slicer.label, translate=False, icon="WINDOW"
            )
            call_with(button, slicer=slicer.key)


CLASSES = (STUDIO3D_PT_print, STUDIO3D_MT_slicers)

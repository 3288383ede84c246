"""How the extension's preferences are drawn."""

from __future__ import annotations

import bpy

from ...catalog.messages import Message, together
from ...catalog.validation import grouped
from ...service import addresses, path_room
from ..core import ids, paths
from ..core.access import layout_of
from ..core.translation import translate
from ..settings.preferences import Preferences
from ..snapshot import snapshot
from ..widgets.base import settings_layout, value_column
from ..widgets.text import paragraph


class STUDIO3D_preferences(Preferences, bpy.types.AddonPreferences):
    """Account, results and spending."""

    bl_idname = ids.BASE_PACKAGE

    def draw(self, context: bpy.types.Context) -> None:
        column = settings_layout(layout_of(self))
        _draw_account(column, context, self)
        column.separator()
        _draw_results(column, self)
        column.separator()
        _draw_assets(column, self)
        column.separator()
        column.prop(self, "confirm_above", text="Confirm Above (Credits)")
        column.separator()
        row = value_column(column).row(align=True)
        row.operator(ids.OperatorId.OPEN_LOG)
        row.operator(ids.OperatorId.ABOUT, text="About")


def _draw_account(
    layout: bpy.types.UILayout, context: bpy.types.Context, preferences: "STUDIO3D_preferences"
) -> None:
    current = snapshot.current()
    row = layout.row(align=True)
    row.prop(preferences, "key", placeholder="Paste API Key")
    row.operator(ids.OperatorId.FORGET_KEY, text="", icon="X")
    _note(
        layout,
        translate("From {source}", source=Message(current.key_source))
        if current.key_source
        else translate("No API key yet"),
    )
    layout.prop(preferences, "service_address", placeholder=addresses.DEFAULT_ADDRESS)
    own = preferences.service_address.strip().rstrip("/") or addresses.DEFAULT_ADDRESS
    if current.address and current.address != own:
        _note(layout, translate("In use, from the environment: {address}", address=current.address))
    value_column(layout).operator(ids.OperatorId.CHECK_CONNECTION, text="Test Connection")
    _draw_wallet(layout, context, current)


def _draw_wallet(
    layout: bpy.types.UILayout, context: bpy.types.Context, current: snapshot.Snapshot
) -> None:
    """The account as last seen, or why it could not be."""
    note = current.wallet
    if note is not None and note.wallet is not None:
        wallet = note.wallet
        text = translate("{n} credits", n=grouped(float(wallet.balance)))
        if wallet.rate_limit is not None:
            text += ", " + translate("{n} submissions a minute", n=wallet.rate_limit)
        _note(layout, text)
    elif note is not None and note.failure is not None:
        paragraph(layout, context, together(note.failure.message, note.failure.hint), icon="ERROR")
    for text in (current.worker_message, current.message):
        if text:
            paragraph(layout, context, text, icon="ERROR")


def _draw_results(layout: bpy.types.UILayout, preferences: "STUDIO3D_preferences") -> None:
    row = layout.row(align=True)
    row.prop(preferences, "downloads_folder", placeholder=str(paths.places().results))
    row.operator(ids.OperatorId.REVEAL_RESULTS, text="", icon="FOLDER_REDIRECT")
    deep = path_room.too_deep(paths.downloads())
    if deep is not None:
        paragraph(layout, bpy.context, deep, icon="ERROR")
    column = layout.column(heading="Results")
    column.prop(preferences, "place_when_ready")
    column.prop(preferences, "frame_placed")
    column.prop(preferences, "show_spots")
    line = layout.row(align=True)
    line.prop(preferences, "cache_limit", text="Size Limit (GB)")
    line.operator(ids.OperatorId.CLEAN_UP, text="", icon="BRUSH_DATA")


def _draw_assets(layout: bpy.types.UILayout, preferences: "STUDIO3D_preferences") -> None:
    row = layout.row(align=True)
    row.prop(preferences, "asset_library", placeholder=str(paths.places().assets))
    row.operator(ids.OperatorId.ADD_LIBRARY, text="", icon="ADD")
    for name in ("asset_catalog", "asset_author", "asset_license"):
        layout.prop(preferences, name)


def _note(layout: bpy.types.UILayout, text: str) -> None:
    """A line below a value, in the value's column."""
    value_column(layout).label(text=text, translate=False)


CLASSES = (STUDIO3D_preferences,)

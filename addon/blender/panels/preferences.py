"""The extension's preferences."""

from typing import TYPE_CHECKING, cast

import bpy
from bpy.props import BoolProperty, IntProperty, StringProperty

from ...catalog.messages import Message, together
from ...catalog.validation import grouped
from ...service.addresses import DEFAULT_ADDRESS
from ..core import ids, paths
from ..core.ids import CONTEXT
from ..core.translation import translate
from ..runtime import worker_link
from ..settings.key_entry import KEY_PROPERTY
from ..snapshot import snapshot
from ..widgets.base import settings_layout, value_column
from ..widgets.text import paragraph


class STUDIO3D_preferences(bpy.types.AddonPreferences):
    """Account, results and spending."""

    bl_idname = ids.BASE_PACKAGE

    if TYPE_CHECKING:
        key: str
        service_address: str
        downloads_folder: str
        asset_library: str
        asset_catalog: str
        asset_author: str
        asset_license: str
        place_when_ready: bool
        frame_placed: bool
        cache_limit: int
        confirm_above: int
    else:
        key: KEY_PROPERTY
        service_address: StringProperty(
            name="Service Address",
            description="Where the service is; empty for its own address",
            update=lambda _preferences, _context: worker_link.account_changed(),
            translation_context=CONTEXT,
        )
        downloads_folder: StringProperty(
            name="Results Folder",
            description="Where downloaded results are kept; empty for the standard folder",
            subtype="DIR_PATH",
            translation_context=CONTEXT,
        )
        asset_library: StringProperty(
            name="Asset Library",
            description="Where results are saved as assets; empty for the standard folder",
            subtype="DIR_PATH",
        )
        asset_catalog: StringProperty(
            name="Catalog",
            description="Catalog that results get as assets, for example Props/Chairs",
            default="Generated",
        )
        asset_author: StringProperty(
            name="Author", description="Author that is written into assets"
        )
        asset_license: StringProperty(
            name="License", description="License that is written into assets, for example CC0"
        )
        place_when_ready: BoolProperty(
            name="Place When Ready",
            description="Bring results into the scene they were asked from as soon as they are "
            "ready; otherwise they wait in the list of jobs",
            default=True,
            translation_context=CONTEXT,
        )
        frame_placed: BoolProperty(
            name="Frame in View",
            description="Move the view to a result when it is placed",
            default=False,
            translation_context=CONTEXT,
        )
        cache_limit: IntProperty(
            name="Size Limit",
            description="Delete the oldest placed results that no .blend file ever used when all "
            "take more gigabytes than this; 0 for no limit",
            default=10,
            min=0,
            soft_max=100,
        )
        confirm_above: IntProperty(
            name="Confirm Above",
            description="Ask before a job that costs more credits than this",
            default=100,
            min=0,
            soft_max=1000,
            translation_context=CONTEXT,
        )

    def draw(self, context: bpy.types.Context) -> None:
        column = settings_layout(self.layout)
        _draw_account(column, context, self)
        column.separator()
        _draw_results(column, self)
        column.separator()
        _draw_assets(column, self)
        column.separator()
        column.prop(self, "confirm_above", text="Confirm Above (Credits)")
        column.separator()
        value_column(column).operator(ids.OperatorId.OPEN_LOG)


def preferences_of(context: bpy.types.Context) -> STUDIO3D_preferences:
    """Return the extension's preferences."""
    addon = context.preferences.addons[ids.BASE_PACKAGE]
    return cast(STUDIO3D_preferences, addon.preferences)


def _draw_account(
    layout: bpy.types.UILayout, context: bpy.types.Context, preferences: STUDIO3D_preferences
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
    layout.prop(preferences, "service_address", placeholder=DEFAULT_ADDRESS)
    own = preferences.service_address.strip().rstrip("/") or DEFAULT_ADDRESS
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


def _draw_results(layout: bpy.types.UILayout, preferences: STUDIO3D_preferences) -> None:
    row = layout.row(align=True)
    row.prop(preferences, "downloads_folder", placeholder=str(paths.places().results))
    row.operator(ids.OperatorId.REVEAL_RESULTS, text="", icon="FOLDER_REDIRECT")
    column = layout.column(heading="Results")
    column.prop(preferences, "place_when_ready")
    column.prop(preferences, "frame_placed")
    line = layout.row(align=True)
    line.prop(preferences, "cache_limit", text="Size Limit (GB)")
    line.operator(ids.OperatorId.CLEAN_UP, text="", icon="BRUSH_DATA")


def _draw_assets(layout: bpy.types.UILayout, preferences: STUDIO3D_preferences) -> None:
    row = layout.row(align=True)
    row.prop(preferences, "asset_library", placeholder=str(paths.places().assets))
    row.operator(ids.OperatorId.ADD_LIBRARY, text="", icon="ADD")
    for name in ("asset_catalog", "asset_author", "asset_license"):
        layout.prop(preferences, name)


def _note(layout: bpy.types.UILayout, text: str) -> None:
    """A quiet line below a value, in the value's column."""
    line = value_column(layout)
    line.active = False
    line.label(text=text, translate=False)


CLASSES = (STUDIO3D_preferences,)

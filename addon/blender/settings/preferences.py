"""The extension's preferences, as properties; ``panels.preferences`` draws them."""

from typing import TYPE_CHECKING, cast

import bpy
from bpy.props import BoolProperty, IntProperty, StringProperty

from ..core import ids, signals
from ..core.access import blender_preferences_of
from ..core.ids import CONTEXT
from .key_entry import KEY_PROPERTY


class Preferences:
    """Account, results and spending."""

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
        show_spots: bool
        cache_limit: int
        confirm_above: int
    else:
        key: KEY_PROPERTY
        service_address: StringProperty(
            name="Service Address",
            description="Where the service is; empty for its own address",
            update=lambda _preferences, _context: signals.ACCOUNT_CHANGED.send(),
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
        show_spots: BoolProperty(
            name="Show Spots",
            description="Show in viewports where results are to stand while they are made: a box "
            "of the expected size, with name and progress",
            default=True,
            update=lambda _preferences, _context: signals.SPOTS_SWITCHED.send(),
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


def preferences_of(context: bpy.types.Context) -> Preferences:
    """Return the extension's preferences."""
    addon = blender_preferences_of(context).addons[ids.BASE_PACKAGE]
    return cast(Preferences, addon.preferences)  # Blender knows them by the class that draws them

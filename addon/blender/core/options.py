"""The user's choices that the runtime follows, with defaults where there are no preferences.

There are none while the package runs unregistered, for example in a script.
"""

from typing import NamedTuple

import bpy

from .ids import BASE_PACKAGE


class Options(NamedTuple):
    """Field names are those of the add-on preferences."""

    service_address: str = ""
    """Empty: the service's own address."""
    downloads_folder: str = ""
    """Empty: next to the job list."""
    asset_library: str = ""
    """Empty: next to the job list."""
    place_when_ready: bool = True
    """Bring finished results into the scene they were asked for without being told to."""
    frame_placed: bool = False
    """Move the view to a result when it is placed."""
    cache_limit: int = 0
    """Gigabytes that results may take; 0 for no limit."""


def read() -> Options:
    """The options as they are now."""
    addon = bpy.context.preferences.addons.get(BASE_PACKAGE)
    if addon is None or addon.preferences is None:
        return Options()
    return Options(
        service_address=addon.preferences.service_address,
        downloads_folder=addon.preferences.downloads_folder,
        asset_library=addon.preferences.asset_library,
        place_when_ready=addon.preferences.place_when_ready,
        frame_placed=addon.preferences.frame_placed,
        cache_limit=addon.preferences.cache_limit,
    )

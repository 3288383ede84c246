"""What a menu's entry says of the tool that it is for."""

import bpy

from ...catalog import get


def tool_description(properties: bpy.types.OperatorProperties) -> str:
    """What the tool chosen in ``properties`` does; "" where none is chosen yet."""
    is_chosen = properties.is_property_set("tool")
    return f"{get(properties.tool).summary}…" if is_chosen else ""

"""What a menu's entry says of the tool that it is for."""

import bpy

from ...catalog import get
from ..core.translation import translate


def chosen_tool(properties: bpy.types.OperatorProperties) -> str:
    """The tool that a menu's entry sets; "" where it sets none, as in a search."""
    return str(properties.tool) if properties.is_property_set("tool") else ""


def tool_description(operator: type[bpy.types.Operator], tool: str) -> str:
    """What ``tool`` does, or the operator itself where none is chosen yet.

    Blender looks up an operator's own description, but not what is told in its place.
    """
    return f"{translate(get(tool).summary)}…" if tool else translate(operator.bl_description)

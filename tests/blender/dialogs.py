"""What an operator's dialog draws, without a window to open it in."""

from types import SimpleNamespace
from typing import Any

import bpy

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout


def dialog(module: str, name: str, tool: str, **values: Any) -> RecordingLayout:
    """What the operator's dialog draws."""
    layout = RecordingLayout()
    cls = getattr(part(f"blender.operators.{module}"), name)
    rna = part("blender.core.ids").operator(cls.bl_idname).get_rna_type()
    properties = {"bl_rna": rna, "layout": layout, "tool": tool, **values}
    itself = type("Shown", (SimpleNamespace,), {})(**properties)
    for method in ("order", "_draft"):
        if hasattr(cls, method):
            setattr(itself, method, getattr(cls, method).__get__(itself))
    cls.draw(itself, bpy.context)
    return layout

"""What an operator's dialog draws, without a window to open it in."""

from types import FunctionType, SimpleNamespace
from typing import Any

import bpy

from tests.blender.conftest import PACKAGE, part
from tests.blender.recording_layout import RecordingLayout


def _is_method(owner: type, name: str) -> bool:
    """Whether it is one that our classes define."""
    is_ours = owner.__module__.startswith(PACKAGE) and not name.startswith("__")
    return is_ours and isinstance(vars(owner)[name], FunctionType | classmethod)


def dialog(module: str, name: str, tool: str = "", **values: Any) -> RecordingLayout:
    """What the operator's dialog draws."""
    layout = RecordingLayout()
    cls = getattr(part(f"blender.operators.{module}"), name)
    rna = part("blender.core.ids").operator(cls.bl_idname).get_rna_type()
    properties = {"bl_rna": rna, "layout": layout, "tool": tool, **values}
    itself = type("Shown", (SimpleNamespace,), {})(**properties)
    for method in {name for base in cls.__mro__ for name in vars(base) if _is_method(base, name)}:
        if method not in values:
            setattr(itself, method, getattr(cls, method).__get__(itself))
    cls.draw(itself, bpy.context)
    return layout

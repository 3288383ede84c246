"""``blender --command studio3d``: the command line inside every Blender with the extension."""

from collections.abc import Sequence
from typing import Any

import bpy

from ..core.ids import EXTENSION


class _Registered:
    handle: Any = None


def execute(arguments: Sequence[str]) -> int:
    """Run what stands behind ``--command studio3d``; returns the exit code of the process."""
    # Late: subprocess is not needed to enable the extension.
    from .headless import run_command_line

    return run_command_line(arguments, f"blender --command {EXTENSION}")


def register() -> None:
    """Make the command known."""
    _Registered.handle = bpy.utils.register_cli_command(EXTENSION, execute)


def unregister() -> None:
    """Take the command back."""
    if _Registered.handle is not None:
        bpy.utils.unregister_cli_command(_Registered.handle)
        _Registered.handle = None

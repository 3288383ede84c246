"""Blender's things as what they are: its type stubs call most of them optional, some too general.

Each function gives the thing, or raises Missing, which says what there is not.
"""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import bpy

Drawn = bpy.types.Panel | bpy.types.Menu | bpy.types.Operator | bpy.types.AddonPreferences
T = TypeVar("T")
Block = TypeVar("Block", bound=bpy.types.ID)


class Missing(LookupError):
    """Something is not there that the caller relies on: a mistake of the caller's."""


def present(thing: T | None, what: str) -> T:
    """The thing; ``what`` it is, for the error if there is none."""
    if thing is None:
        raise Missing(f"there is no {what}")
    return thing


def typed(kind: type[T], thing: object) -> T:
    """The thing, which is of that kind."""
    if not isinstance(thing, kind):
        raise Missing(f"there is no {kind.__name__}, but {thing!r}")
    return thing


def by_name(things: "bpy.types.bpy_prop_collection[T]", name: str) -> T | None:
    """The one of that name, if there is one."""
    found: T | None = things.get(name)
    return found


# ---------------------------------------------------------------- what the context has


def scene_of(context: bpy.types.Context) -> bpy.types.Scene:
    """The open scene."""
    return present(context.scene, "scene")


def view_layer_of(context: bpy.types.Context) -> bpy.types.ViewLayer:
    """The layer of the scene that is shown."""
    return present(context.view_layer, "view layer")


def window_manager_of(context: bpy.types.Context) -> bpy.types.WindowManager:
    """What knows all windows, dialogs, timers and the clipboard."""
    return present(context.window_manager, "window manager")


def blender_preferences_of(context: bpy.types.Context) -> bpy.types.Preferences:
    """Blender's preferences; ``settings.preferences`` has the extension's own."""
    return present(context.preferences, "preferences")


# ---------------------------------------------------------------- what is drawn


def layout_of(drawn: Drawn) -> bpy.types.UILayout:
    """Where it draws; there only while it does."""
    return present(drawn.layout, "layout")


def call_with(button: bpy.types.OperatorProperties | None, **properties: object) -> None:
    """Let the button, as ``layout.operator`` returns it, call its operator with these."""
    called = present(button, "such operator")
    for name, value in properties.items():
        setattr(called, name, value)


# ---------------------------------------------------------------- data-blocks


def mesh_of(obj: bpy.types.Object) -> bpy.types.Mesh:
    """The mesh of an object of type MESH."""
    return typed(bpy.types.Mesh, obj.data)


def copy_of(block: Block) -> Block:
    """A copy of a data-block, in the same file."""
    return present(block.copy(), "copy")


def color_space_of(image: bpy.types.Image) -> bpy.types.ColorManagedInputColorspaceSettings:
    """How the picture's numbers are meant."""
    return present(image.colorspace_settings, "color space")


class Pixels(Protocol):
    """All channels of all pixels, row by row from below; takes and fills buffers of floats."""

    def foreach_get(self, values: Any) -> None:
        """Fill the buffer."""

    def foreach_set(self, values: Any) -> None:
        """Take the pixels from the buffer."""


def pixels_of(image: bpy.types.Image) -> Pixels:
    """The picture's pixels."""
    pixels: Pixels = image.pixels
    return pixels


def size_of(image: bpy.types.Image) -> tuple[int, int]:
    """Width and height in pixels; 0 for a picture that cannot be read."""
    size: Any = image.size  # the stubs do not know that it is two numbers
    width, height = size
    return width, height


def load_from(blend: Path) -> AbstractContextManager[tuple[Any, Any]]:
    """Append from a .blend: what it has, and what is wanted of it, by name until the block ends.

    Raises OSError.
    """
    load: Any = bpy.data.libraries.load  # the stubs do not know what it returns
    block: AbstractContextManager[tuple[Any, Any]] = load(str(blend), link=False)
    return block

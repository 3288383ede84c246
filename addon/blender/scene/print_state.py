"""What a model for a printer is known by: as long as it is the same, so is what was found of it."""

from typing import Any

from . import export_selection, read_cache
from .export_selection import Selection

State = tuple[Any, ...]

DIGITS = 6


def of(selection: Selection) -> State:
    """Differs when a mesh, a size, a turn or a modifier differs; looked at once after a change."""
    return read_cache.once(("print_state", *selection.key), lambda: _look(selection))


def _look(selection: Selection) -> State:
    return tuple(
        (
            *export_selection.fingerprint(obj),
            # Not where it is: it is looked at as it stands, wherever that is.
            *(round(value, DIGITS) for row in obj.matrix_world.to_3x3()[:] for value in row[:]),
            *((one.name, one.type) for one in obj.modifiers if one.show_viewport),
        )
        for obj in selection.objects
    )

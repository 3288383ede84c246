"""What a scale or a height comes to in millimeters, in which models are printed."""

import re
from typing import Final

from .fields import Field
from .messages import Message
from .values import Value

PERSON: Final = 1.75
"""Meters of the person by whom a scale is explained."""

MILLIMETERS: Final = 1000.0

RATIO: Final = re.compile(r"1:(\d+(?:\.\d+)?)")


def size_words(field: Field, value: Value | None) -> Message | None:
    """What the field's value makes of the result's height; None where it says nothing of that."""
    ratio = _ratio(field, value)
    if ratio:
        return Message(
            "{mm} mm for a person of {height} m",
            mm=f"{PERSON * MILLIMETERS / ratio:.1f}",
            height=f"{PERSON:g}",
        )
    if field.height_in_metres and isinstance(value, int | float):
        return Message("{mm} mm high", mm=f"{value * field.height_in_metres * MILLIMETERS:g}")
    return None


def _ratio(field: Field, value: Value | None) -> float:
    """How often the result goes into its subject; 0 where that is not said."""
    known = next((choice.ratio for choice in field.choices if choice.value == value), 0.0)
    written = RATIO.fullmatch(value) if field.pattern and isinstance(value, str) else None
    return known or (float(written[1]) if written else 0.0)

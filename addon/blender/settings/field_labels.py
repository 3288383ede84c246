"""What the RNA properties of a field are called. Plain text, no bpy: the translations need it too.

Blender looks these up as a whole, so they are no sentences made of parts.
"""

from typing import Final

from ...catalog import Choice, Field

SWITCH_DESCRIPTION: Final = "Set this instead of leaving it to the service"
PROMPT_TEXT: Final = "Prompt Text"
PROMPT_TEXT_DESCRIPTION: Final = (
    "Text of this file that the prompt is taken from, written in the text editor"
)
OTHER_CHOICE: Final = "Other"
AUTOMATIC_CHOICE: Final = "Automatic"
AUTOMATIC_DESCRIPTION: Final = "Leave it to the service"
ON_CHOICE: Final = "On"
OFF_CHOICE: Final = "Off"

DEFAULT_SLOTS: Final = 4
"""Picture slots of an IMAGES field that declares no maximum."""


def label(field: Field) -> str:
    """The field's label with its unit."""
    return f"{field.label} ({field.unit})" if field.unit else field.label


def slot_labels(field: Field) -> tuple[str, ...]:
    """The labels of an IMAGES field's paths, in order."""
    count = int(field.maximum) if field.maximum is not None else DEFAULT_SLOTS
    return tuple(f"{field.label} {number}" for number in range(1, count + 1))


def view_description(view: Choice) -> str:
    """What a view's path is for."""
    return view.description or f"Picture from {view.label}"


def example(field: Field) -> str:
    """A value a CHOICE takes beyond the listed ones."""
    return f"For example {field.pattern_example}"

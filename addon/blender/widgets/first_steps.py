"""What somebody without a working key sees first: three steps, and ways to try without one."""

from typing import Final

import bpy

from ...samples.declared import SAMPLES
from ..core import ids
from ..core.access import call_with
from ..core.translation import translate
from ..settings import preferences
from ..snapshot import snapshot
from . import previews
from .text import paragraph

KEY_PAGE: Final = "https://www.3daistudio.com/Platform/API/Documentation/getting-started"
"""Where the service says how to get a key."""

SANDBOX_COMMAND: Final = "python -m scripts.sandbox"
WITHOUT_ACCOUNT: Final = f"{ids.EXTENSION}_without_account"
SANDBOX: Final = f"{ids.EXTENSION}_sandbox"
SAMPLE_UNITS: Final = 3.5
"""Side of a sample's picture, in widgets."""
INDENT: Final = 0.5
"""What the box takes from the width, in widget units."""


def draw_first_steps(layout: bpy.types.UILayout, context: bpy.types.Context, words: str) -> None:
    """``words`` say what is missing, or what is wrong with the key there is."""
    chosen = preferences.preferences_of(context)
    box = layout.box()
    paragraph(box, context, words, icon="INFO", indent=INDENT)
    call_with(
        _step(box, 1).operator("wm.url_open", text="Get an API Key", icon="URL"), url=KEY_PAGE
    )
    _step(box, 2).prop(chosen, "key", text="", placeholder="Paste API Key")
    _step(box, 3).operator(ids.OperatorId.CHECK_CONNECTION, text="Test Connection")
    trouble = snapshot.current().message
    if trouble:
        paragraph(box, context, trouble, icon="ERROR", indent=INDENT)
    _draw_samples(layout, context)
    _draw_sandbox(layout, context, chosen)


def _step(layout: bpy.types.UILayout, number: int) -> bpy.types.UILayout:
    """A row with its number, and the place beside it."""
    row = layout.row()
    label = row.row()
    label.ui_units_x = 1.0
    label.label(text=f"{number}.", translate=False)
    return row


def _draw_samples(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """One click each: what they are is said first, lest they be taken for the service's work."""
    header, body = layout.panel(WITHOUT_ACCOUNT)
    header.label(text="Try Without an Account")
    if body is None:
        return
    paragraph(
        body,
        context,
        translate(
            "Place a recorded sample. It was made by this project's sandbox, not by the service: "
            "nothing is sent, nothing is charged."
        ),
    )
    row = body.row(align=True)
    for sample in SAMPLES:
        column = row.column(align=True)
        icon = previews.icon_of(str(sample.picture))
        if icon:
            column.template_icon(icon_value=icon, scale=SAMPLE_UNITS)
        button = column.operator(ids.OperatorId.PLACE_SAMPLE, text=translate(sample.label))
        call_with(button, sample=sample.name)


def _draw_sandbox(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    chosen: preferences.Preferences,
) -> None:
    """For developers; tells what it is, lest it be taken for the service."""
    header, body = layout.panel(SANDBOX, default_closed=True)
    header.label(text="Local Sandbox")
    if body is None:
        return
    for text in (
        translate(
            "The project's sandbox answers in the service's place, on this machine. Nothing is "
            "charged; its models are stand-ins, not the service's."
        ),
        translate(
            "Start it with {command} and enter the address and the key it prints.",
            command=SANDBOX_COMMAND,
        ),
    ):
        paragraph(body, context, text)
    body.prop(chosen, "service_address", text="", placeholder="Address")
    body.prop(chosen, "key", text="", placeholder=translate("Key"))

"""Texts that are wider than the region: Blender's labels cut them off, so they are wrapped here."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import blf
import bpy

from ..core import translation
from ..core.access import blender_preferences_of
from ..core.rna_enums import Icon
from .base import LABEL_PART

Measure = Callable[[str], float]
"""Width of a text in pixels."""

UNIT = 20.0
"""Height of a widget at interface scale 1, the measure of Blender's layouts."""

MARGIN_UNITS = 3.4
"""What is not a label's text in a sidebar: the tabs, the panel's border, the label's padding."""

PANEL_UNITS = 2.8
"""The same without the label's padding: tabs and border."""

GAP_UNITS = 0.2
"""What lies between texts side by side."""

POPUP_UNITS = 16.0
"""Width of our dialogs and popups."""

DIALOG_WIDTH = int(POPUP_UNITS * UNIT)
"""The same in pixels at interface scale 1."""

LABEL_PADDING_UNITS = 0.5
"""What the label of a setting keeps free beside its text."""

VALUE_PADDING_UNITS = 1.5
"""What a check box or the arrow of a drop-down takes from the text beside it."""

PATH_PADDING_UNITS = 2.8
"""What the buttons of a path take from it."""

TAB_PADDING_UNITS = 0.8
"""What a button of several side by side keeps free beside its text."""

ICON_UNITS = 1.3

NARROW_UNITS = 8.5
"""Below this a picture beside words would leave them no room."""

FONT = 0
LINE_SCALE = 0.8


def wrap(text: str, width: float, measure: Measure) -> tuple[str, ...]:
    """Break ``text`` into lines no wider than ``width``; words that are too long are split."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            joined = f"{line} {word}" if line else word
            if measure(joined) <= width:
                line = joined
                continue
            if line:
                lines.append(line)
            *full, line = _pieces(word, width, measure)
            lines += full
        if line:
            lines.append(line)
    return tuple(lines)


def _pieces(word: str, width: float, measure: Measure) -> Iterator[str]:
    piece = ""
    for character in word:
        if piece and measure(piece + character) > width:
            yield piece
            piece = ""
        piece += character
    yield piece


MOST_LETTERS: Final = 4000
"""Of a text that is wrapped: a longer one, whoever wrote it, would hold up each redraw."""


def paragraph(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    text: str,
    *,
    icon: Icon = "NONE",
    indent: float = 0.0,
    share: float = 1.0,
    translate: bool = True,
    units: float = 0.0,
) -> None:
    """Draw ``text`` as wrapped labels; an icon stands before the first line.

    ``indent`` is what ``layout`` itself is narrower than the panel, in widget units, and
    ``share`` its part of the width where it stands beside others.
    ``translate`` False is for names that people gave. ``units`` is the width of a popover that has
    its own: where it is opened from, the region is.
    """
    text = translation.translate(text) if translate else text
    text = text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"
    column = layout.column(align=True)
    region = context.region
    if region is None:  # nothing to fit into, as in background mode
        column.label(text=text, icon=icon, translate=False)
        return
    icon_units = 0.0 if icon == "NONE" else ICON_UNITS
    own_units = MARGIN_UNITS - PANEL_UNITS + icon_units + (GAP_UNITS if share < 1 else 0.0)
    if units:
        width = (units - own_units - indent) * _unit(context)
    else:
        room = _room(context, region, PANEL_UNITS + indent)
        width = share * room - own_units * _unit(context)
    lines = wrap(text, width, _measure(context))
    for number, line in enumerate(lines):
        row = column.row()
        # Lines of one text stand closer than widgets do; an icon needs a widget's height.
        alone = len(lines) == 1 or (number == 0 and icon != "NONE")
        row.scale_y = 1.0 if alone else LINE_SCALE
        row.label(text=line, icon="BLANK1" if number and icon != "NONE" else icon, translate=False)


def columns_of(context: bpy.types.Context, units: float, *, indent: float = 0.0) -> int:
    """How many columns of that many widget units there is room for; one at least."""
    return max(1, int((room_units(context, indent) + GAP_UNITS) / (units + GAP_UNITS)))


def room_units(context: bpy.types.Context, indent: float = 0.0) -> float:
    """The width of the panel or dialog, in widget units; ``indent`` as in ``paragraph``."""
    region = context.region
    if region is None:  # nothing to fit into, as in background mode
        return POPUP_UNITS - PANEL_UNITS - indent
    return _room(context, region, PANEL_UNITS + indent) / _unit(context)


def button_units(context: bpy.types.Context, text: str) -> float:
    """The width that a button with that text needs, in widget units."""
    if context.region is None:
        return BUTTON_PADDING_UNITS
    return _measure(context)(text) / _unit(context) + BUTTON_PADDING_UNITS


BUTTON_PADDING_UNITS = 0.8
"""What a button keeps free beside its text."""


def label_fits(context: bpy.types.Context, text: str) -> bool:
    """Whether a label beside a setting is shown whole at the region's present width."""
    region = context.region
    if region is None:
        return True
    column = LABEL_PART * _room(context, region, PANEL_UNITS)
    return _measure(context)(text) <= column - LABEL_PADDING_UNITS * _unit(context)


def text_fits(context: bpy.types.Context, text: str, taken_units: float) -> bool:
    """Whether a field as wide as the region, but for what is beside it, shows the whole text."""
    region = context.region
    if region is None:
        return True
    room = _room(context, region, MARGIN_UNITS + taken_units)
    return "\n" not in text and _measure(context)(text) <= room


def is_narrow(context: bpy.types.Context) -> bool:
    """Whether the region has hardly more room than a few words need."""
    region = context.region
    return region is not None and _room(context, region, PANEL_UNITS) < NARROW_UNITS * _unit(
        context
    )


def lines_in_window(context: bpy.types.Context) -> int:
    """How many widgets fit above each other in the window."""
    window, unit = context.window, _unit(context)
    return int(window.height / unit) if window is not None and unit else 0


def units_in_window(context: bpy.types.Context) -> tuple[float, float]:
    """Width and height of the window in widgets; those of a small one where there is none."""
    window, unit = context.window, _unit(context)
    if window is None or not unit:
        return 50.0, 40.0
    return window.width / unit, window.height / unit


def value_fits(
    context: bpy.types.Context, text: str, taken_units: float = VALUE_PADDING_UNITS
) -> bool:
    """Whether what stands right of the labels, beside what takes room there, is shown whole."""
    region = context.region
    if region is None:
        return True
    column = (1 - LABEL_PART) * _room(context, region, PANEL_UNITS)
    return _measure(context)(text) <= column - taken_units * _unit(context)


def tabs_fit(context: bpy.types.Context, texts: Sequence[str]) -> bool:
    """Whether buttons of one width, side by side, are all shown whole."""
    region = context.region
    if region is None:
        return True
    button = _room(context, region, PANEL_UNITS) / len(texts)
    widest = max(map(_measure(context), texts))
    return widest <= button - TAB_PADDING_UNITS * _unit(context)


def _unit(context: bpy.types.Context) -> float:
    return UNIT * blender_preferences_of(context).system.ui_scale


def _room(context: bpy.types.Context, region: bpy.types.Region, taken_units: float) -> float:
    """Pixels left for text in a label of the region, at least a few words."""
    unit = _unit(context)
    if not _is_own(context, region):
        return (POPUP_UNITS - taken_units) * unit
    # The sidebar can be zoomed; its 2D view tells by how much.
    left, right = (_view_x(region, x) for x in (0, region.width))
    width = right - left
    return max(width - taken_units * unit, 5 * unit)


def _is_own(context: bpy.types.Context, region: bpy.types.Region) -> bool:
    """Whether the region itself is drawn, and not a popup over it."""
    area = context.area
    if context.region_popup is not None:
        return False
    return region.type == "UI" or (area is not None and area.type == "PREFERENCES")


def _view_x(region: bpy.types.Region, x: float) -> float:
    place: Any = region.view2d.region_to_view(x, 0)  # the stubs do not know that it is two numbers
    return float(place[0])


def _measure(context: bpy.types.Context) -> Measure:
    style = blender_preferences_of(context).ui_styles[0].widget
    blf.size(FONT, style.points * blender_preferences_of(context).system.ui_scale)
    return lambda text: float(blf.dimensions(FONT, text)[0])

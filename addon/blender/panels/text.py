"""Texts that are wider than the region: Blender's labels cut them off, so they are wrapped here."""

from collections.abc import Callable, Iterator

import blf
import bpy
from mathutils import Vector

from ..rna_enums import Icon

Measure = Callable[[str], float]
"""Width of a text in pixels."""

UNIT = 20.0
"""Height of a widget at interface scale 1, the measure of Blender's layouts."""

MARGIN_UNITS = 2.5
"""What a panel keeps free around a label: its own border, the label's padding, the tabs."""

FONT = 0


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


def paragraph(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    text: str,
    *,
    icon: Icon = "NONE",
    indent: float = 0.0,
) -> None:
    """Draw ``text`` as wrapped labels; an icon stands before the first line.

    ``indent`` is what ``layout`` itself is narrower than the panel, in widget units.
    """
    column = layout.column(align=True)
    column.scale_y = 0.8
    icon_units = 0.0 if icon == "NONE" else 1.0
    width = _room(context, MARGIN_UNITS + indent + icon_units)
    for number, line in enumerate(wrap(text, width, _measure(context))):
        if icon == "NONE":
            column.label(text=line, translate=False)
        else:
            column.label(text=line, icon=icon if number == 0 else "BLANK1", translate=False)


def _room(context: bpy.types.Context, taken_units: float) -> float:
    """Pixels left for text in a label of the region, at least a few words."""
    unit = UNIT * context.preferences.system.ui_scale
    region = context.region
    if region is None:
        return 20 * unit
    # The sidebar can be zoomed; its 2D view tells by how much.
    to_view = region.view2d.region_to_view
    width = Vector(to_view(region.width, 0)).x - Vector(to_view(0, 0)).x
    return max(width - taken_units * unit, 5 * unit)


def _measure(context: bpy.types.Context) -> Measure:
    style = context.preferences.ui_styles[0].widget
    blf.size(FONT, style.points * context.preferences.system.ui_scale)
    return lambda text: float(blf.dimensions(FONT, text)[0])

"""What several kinds of boxes and labels in viewports are drawn with: lines, plates, words.

``gpu`` and ``blf`` are imported late: without a window there is nothing to draw with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import bpy
from mathutils import Vector

from ..core.access import blender_preferences_of

if TYPE_CHECKING:
    from ..snapshot.viewports import Corner

Color = tuple[float, float, float, float]
Point = tuple[float, float]

EDGES: Final = (
    (0, 1), (1, 3), (3, 2), (2, 0), (4, 5), (5, 7), (7, 6), (6, 4), (0, 4), (1, 5), (2, 6), (3, 7),
)  # fmt: skip
"""Of a box whose corners are counted along x, then y, then z."""

LINE: Final = 1.5
"""Width of the edges, in widgets' pixels."""
HIDDEN: Final = 0.25
"""How much is seen of edges behind something."""
PADDING: Final = 6.0
BAR: Final = 3.0
"""Around and below the words, in widgets' pixels."""
SPACING: Final = 1.45
"""From line to line, in heights of the font."""
FONT: Final = 0


class Look(NamedTuple):
    """The colors and sizes of the user's theme."""

    edge: Color
    plate: Color
    text: Color
    scale: float
    points: float


class Plate(NamedTuple):
    """What is behind a label, in the region's pixels."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Plate) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.bottom < other.top and other.bottom < self.top

    def on_top_of(self, other: Plate) -> Plate:
        bottom = other.top + 1.0
        return self._replace(bottom=bottom, top=bottom + self.top - self.bottom)


def look_of(context: bpy.types.Context) -> Look:
    """The colors and sizes of the user's theme."""
    preferences = blender_preferences_of(context)
    colors = preferences.themes[0].user_interface
    bar, tooltip = colors.wcol_progress, colors.wcol_tooltip
    return Look(
        edge=_with_alpha(bar.item, 1.0),
        plate=_with_alpha(tooltip.inner, 0.85),
        text=_with_alpha(tooltip.text, 1.0),
        scale=preferences.system.ui_scale,
        points=preferences.ui_styles[0].widget.points,
    )


def _with_alpha(color: Any, alpha: float) -> Color:
    red, green, blue = tuple(color)[:3]
    return red, green, blue, alpha


def corners_of(low: Corner, high: Corner) -> list[Corner]:
    """The corners of a box, counted along x, then y, then z."""
    (left, front, bottom), (right, back, top) = low, high
    return [(x, y, z) for z in (bottom, top) for y in (front, back) for x in (left, right)]


def edges_of(low: Corner, high: Corner) -> list[Corner]:
    """Both ends of each edge of a box."""
    corners = corners_of(low, high)
    return [corners[end] for edge in EDGES for end in edge]


def draw_triangles(corners: Sequence[tuple[float, ...]], color: Color) -> None:
    """Three corners each, of the region or of the scene."""
    import gpu
    from gpu_extras.batch import batch_for_shader

    if corners:
        shader = gpu.shader.from_builtin("UNIFORM_COLOR")
        shader.uniform_float("color", color)
        batch_for_shader(shader, "TRIS", {"pos": corners}).draw(shader)


def draw_lines(ends: Sequence[tuple[float, float, float]], color: Color, width: float) -> None:
    """Two ends each, in the space of the scene."""
    import gpu
    from gpu_extras.batch import batch_for_shader

    shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
    shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
    shader.uniform_float("lineWidth", width)
    shader.uniform_float("color", color)
    batch_for_shader(shader, "LINES", {"pos": ends}).draw(shader)


def draw_edges(ends: Sequence[Corner], look: Look) -> None:
    """The edges of boxes, dimmed where they are behind something."""
    import gpu

    gpu.state.depth_test_set("LESS_EQUAL")
    draw_lines(ends, look.edge, LINE * look.scale)
    gpu.state.depth_test_set("NONE")
    draw_lines(ends, (*look.edge[:3], HIDDEN), LINE * look.scale)


def place_of_label(
    region: bpy.types.Region, view: bpy.types.RegionView3D, low: Corner, high: Corner
) -> Point | None:
    """Where in the region a box has its label: above it, else where it stands; None out of sight.

    A box can be so large that the view is in it.
    """
    from bpy_extras.view3d_utils import location_3d_to_region_2d

    x, y = (low[0] + high[0]) / 2, (low[1] + high[1]) / 2
    for z in (high[2], (low[2] + high[2]) / 2, low[2]):
        found = location_3d_to_region_2d(region, view, Vector((x, y, z)))
        if found is not None and 0 <= found.x < region.width and 0 <= found.y < region.height:
            return found.x, found.y
    return None


def draw_label(
    lines: Sequence[str],
    place: Point,
    look: Look,
    taken: list[Plate],
    fraction: float | None = None,
) -> None:
    """Words on a plate above the place, with a bar where there is a ``fraction`` of 0-1.

    Higher up where there is a plate already; ``taken`` are those, and gets this one.
    """
    import blf

    blf.size(FONT, look.points * look.scale)
    sizes = [blf.dimensions(FONT, line) for line in lines]
    step = SPACING * look.points * look.scale
    width = max(size[0] for size in sizes)
    height = sizes[-1][1] + step * (len(lines) - 1)
    padding, bar = PADDING * look.scale, BAR * look.scale
    left, bottom = place[0] - width / 2 - padding, place[1] + padding
    plate = Plate(left, bottom, left + width + 2 * padding, bottom + height + 2 * padding + bar)
    for other in sorted(taken, key=lambda one: one.bottom):
        if plate.meets(other):
            plate = plate.on_top_of(other)
    taken.append(plate)
    draw_plate(plate, look.plate)
    if fraction is not None:
        done = plate.left + fraction * (plate.right - plate.left)
        draw_plate(plate._replace(right=done, top=plate.bottom + bar), look.edge)
    blf.color(FONT, *look.text)
    for number, line in enumerate(reversed(lines)):
        blf.position(FONT, plate.left + padding, plate.bottom + bar + padding + number * step, 0.0)
        blf.draw(FONT, line)


def draw_plate(plate: Plate, color: Color) -> None:
    """A rectangle of the region."""
    left, bottom, right, top = plate
    corners = ((left, bottom), (right, bottom), (right, top), (left, top))
    draw_triangles([corners[number] for number in (0, 1, 2, 0, 2, 3)], color)

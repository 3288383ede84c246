"""In every viewport: a box where a result is to stand, filling up, with its name and progress.

Drawn over the scene, which it leaves alone, from the snapshot; only where overlays are shown.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import bpy
from mathutils import Vector

from ..core.access import blender_preferences_of
from ..core.translation import translate
from ..snapshot import snapshot, viewports
from ..snapshot.viewports import SpotBox

Color = tuple[float, float, float, float]
Point = tuple[float, float]

EDGES: Final = (
    (0, 1), (1, 3), (3, 2), (2, 0), (4, 5), (5, 7), (7, 6), (6, 4), (0, 4), (1, 5), (2, 6), (3, 7),
)  # fmt: skip
"""Of a box whose corners are counted along x, then y, then z."""
SIDES: Final = ((0, 1, 5, 4), (1, 3, 7, 5), (3, 2, 6, 7), (2, 0, 4, 6), (4, 5, 7, 6))
"""All but the bottom."""

LINE: Final = 1.5
"""Width of the edges, in widgets' pixels."""
HIDDEN: Final = 0.25
"""How much is seen of edges behind something."""
FILL: Final = 0.15
"""How much is seen of what fills up."""
PADDING: Final = 6.0
BAR: Final = 3.0
"""Around and below the words, in widgets' pixels."""


_handlers: Final[list[Any]] = []


class _Look(NamedTuple):
    """The colors and sizes of the user's theme."""

    edge: Color
    plate: Color
    text: Color
    scale: float
    points: float


class _Plate(NamedTuple):
    """What is behind a label, in the region's pixels."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: "_Plate") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.bottom < other.top and other.bottom < self.top

    def on_top_of(self, other: "_Plate") -> "_Plate":
        bottom = other.top + 1.0
        return self._replace(bottom=bottom, top=bottom + self.top - self.bottom)


def boxes_here(context: bpy.types.Context) -> list[SpotBox]:
    """The boxes that the viewport being drawn is to show."""
    every = snapshot.current().boxes
    scene, space = context.scene, context.space_data
    if not every or scene is None or not isinstance(space, bpy.types.SpaceView3D):
        return []
    if not space.overlay.show_overlays:
        return []
    return [box for box in every if box.scene_uid == scene.session_uid]


def draw_boxes() -> None:
    """In the space of the scene: edges, dimmed behind objects, and how far each box is filled."""
    boxes = boxes_here(bpy.context)
    if not boxes:
        return
    import gpu  # late: there is none without a window

    look = _look_of(bpy.context)
    gpu.state.blend_set("ALPHA")
    gpu.state.depth_test_set("LESS_EQUAL")
    gpu.state.face_culling_set("NONE")
    faces = [corner for box in boxes for corner in _filled(box)]
    _draw_triangles(faces, (*look.edge[:3], FILL))
    lines = [corner for box in boxes for corner in _edges(box)]
    _draw_lines(lines, look.edge, LINE * look.scale)
    gpu.state.depth_test_set("NONE")
    _draw_lines(lines, (*look.edge[:3], HIDDEN), LINE * look.scale)
    gpu.state.blend_set("NONE")


def draw_labels() -> None:
    """In the region's pixels: name, what is going on, and a bar, above each box."""
    context = bpy.context
    boxes, region, view = boxes_here(context), context.region, context.region_data
    if not boxes or region is None or view is None:
        return
    import gpu

    look = _look_of(context)
    gpu.state.blend_set("ALPHA")
    taken: list[_Plate] = []
    for box in boxes:
        place = _place_of_label(region, view, box)
        if place is not None:
            _draw_label(box, place, look, taken)
    gpu.state.blend_set("NONE")


def _look_of(context: bpy.types.Context) -> _Look:
    preferences = blender_preferences_of(context)
    colors = preferences.themes[0].user_interface
    bar, tooltip = colors.wcol_progress, colors.wcol_tooltip
    return _Look(
        edge=_with_alpha(bar.item, 1.0),
        plate=_with_alpha(tooltip.inner, 0.85),
        text=_with_alpha(tooltip.text, 1.0),
        scale=preferences.system.ui_scale,
        points=preferences.ui_styles[0].widget.points,
    )


def _with_alpha(color: Any, alpha: float) -> Color:
    red, green, blue = tuple(color)[:3]
    return red, green, blue, alpha


def _corners(box: SpotBox, top: float) -> list[tuple[float, float, float]]:
    (left, front, bottom), (right, back, _) = box.low, box.high
    return [(x, y, z) for z in (bottom, top) for y in (front, back) for x in (left, right)]


def _edges(box: SpotBox) -> Iterable[tuple[float, float, float]]:
    corners = _corners(box, box.high[2])
    return (corners[end] for edge in EDGES for end in edge)


def _filled(box: SpotBox) -> Iterable[tuple[float, float, float]]:
    """Triangles of what is done of the box; nothing where that is not known or would be stale."""
    if not box.fraction or not viewports.show_progress():
        return ()
    top = box.low[2] + box.fraction * (box.high[2] - box.low[2])
    corners = _corners(box, top)
    return (corners[number] for a, b, c, d in SIDES for number in (a, b, c, a, c, d))


def _draw_triangles(corners: Sequence[tuple[float, ...]], color: Color) -> None:
    import gpu
    from gpu_extras.batch import batch_for_shader

    if corners:
        shader = gpu.shader.from_builtin("UNIFORM_COLOR")
        shader.uniform_float("color", color)
        batch_for_shader(shader, "TRIS", {"pos": corners}).draw(shader)


def _draw_lines(ends: Sequence[tuple[float, float, float]], color: Color, width: float) -> None:
    import gpu
    from gpu_extras.batch import batch_for_shader

    shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
    shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
    shader.uniform_float("lineWidth", width)
    shader.uniform_float("color", color)
    batch_for_shader(shader, "LINES", {"pos": ends}).draw(shader)


def _place_of_label(
    region: bpy.types.Region, view: bpy.types.RegionView3D, box: SpotBox
) -> Point | None:
    """Where in the region the box has its label: above it, else where it stands; None out of sight.

    A box can be so large that the view is in it.
    """
    from bpy_extras.view3d_utils import location_3d_to_region_2d

    x, y = (box.low[0] + box.high[0]) / 2, (box.low[1] + box.high[1]) / 2
    for z in (box.high[2], (box.low[2] + box.high[2]) / 2, box.low[2]):
        found = location_3d_to_region_2d(region, view, Vector((x, y, z)))
        if found is not None and 0 <= found.x < region.width and 0 <= found.y < region.height:
            return found.x, found.y
    return None


def _draw_label(box: SpotBox, place: Point, look: _Look, taken: list[_Plate]) -> None:
    """Name and words side by side, on a plate; higher up where there is one already.

    The name alone where the view is drawn too seldom for more.
    """
    import blf

    font = 0
    blf.size(font, look.points * look.scale)
    in_time = viewports.show_progress()
    words = f"{box.name}   {translate(box.text)}" if in_time else box.name
    width, height = blf.dimensions(font, words)
    padding, bar = PADDING * look.scale, BAR * look.scale
    left, bottom = place[0] - width / 2 - padding, place[1] + padding
    plate = _Plate(left, bottom, left + width + 2 * padding, bottom + height + 2 * padding + bar)
    for other in sorted(taken, key=lambda one: one.bottom):
        if plate.meets(other):
            plate = plate.on_top_of(other)
    taken.append(plate)
    _draw_plate(plate, look.plate)
    if in_time and box.fraction is not None:
        done = plate.left + box.fraction * (plate.right - plate.left)
        _draw_plate(plate._replace(right=done, top=plate.bottom + bar), look.edge)
    blf.color(font, *look.text)
    blf.position(font, plate.left + padding, plate.bottom + bar + padding, 0.0)
    blf.draw(font, words)


def _draw_plate(plate: _Plate, color: Color) -> None:
    left, bottom, right, top = plate
    corners = ((left, bottom), (right, bottom), (right, top), (left, top))
    _draw_triangles([corners[number] for number in (0, 1, 2, 0, 2, 3)], color)


def register() -> None:
    """Draw in all viewports from now on."""
    add = bpy.types.SpaceView3D.draw_handler_add
    _handlers.append(add(draw_boxes, (), "WINDOW", "POST_VIEW"))
    _handlers.append(add(draw_labels, (), "WINDOW", "POST_PIXEL"))


def unregister() -> None:
    """Draw no more."""
    while _handlers:
        bpy.types.SpaceView3D.draw_handler_remove(_handlers.pop(), "WINDOW")

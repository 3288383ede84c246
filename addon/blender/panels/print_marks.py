"""In every viewport: where a finding of a model for a printer is, over the object, as colors.

Drawn over the scene, which it leaves alone; only where overlays are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import bpy
from mathutils import Matrix, Vector

from ..runtime import print_marks
from ..scene import visible_surfaces

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..runtime.print_marks import Marks

Color = tuple[float, float, float, float]

MARK: Final[Color] = (1.0, 0.2, 0.1, 0.6)
"""Of faces; edges and points are opaque."""
HEAT: Final[tuple[Color, Color, Color]] = (
    (1.0, 0.9, 0.1, 0.55),
    (1.0, 0.45, 0.0, 0.65),
    (0.9, 0.0, 0.1, 0.75),
)
"""Hardly bad, bad, as bad as can be."""
LIGHT: Final = (0.35, -0.5, 0.79)
"""Where it comes from that painted models are seen in."""
DARKEST: Final = 0.55
HIDDEN: Final = 0.25
"""How much is seen of marks behind something."""
LINE: Final = 3.0
"""Width of edges and crosses, in pixels."""
NEARER: Final = 0.005
"""How much nearer to the eye they are drawn than they are: the surface is not to show through."""
CROSS: Final = 0.01
"""Half the width of a cross at a point, in the size of the object."""
TRIANGLE: Final = 3
EDGE: Final = 2

_handlers: Final[list[Any]] = []


def marks_here(context: bpy.types.Context) -> tuple[Marks, bpy.types.Object] | None:
    """What the viewport being drawn is to show, and of which object."""
    marks, scene, space = print_marks.shown(), context.scene, context.space_data
    if marks is None or scene is None or not isinstance(space, bpy.types.SpaceView3D):
        return None
    if not space.overlay.show_overlays:
        return None
    objects = () if context.view_layer is None else context.view_layer.objects
    obj = next((one for one in objects if one.session_uid == marks.obj), None)
    return None if obj is None or not obj.visible_get() else (marks, obj)


def draw() -> None:
    """In the space of the scene; edges and points behind something are dimmed."""
    found = marks_here(bpy.context)
    if found is None:
        return
    import gpu  # late: there is none without a window

    marks, obj = found
    if not marks.batches:
        marks.batches.update(_batches(marks, _size(obj)))
    gpu.state.blend_set("ALPHA")
    gpu.state.face_culling_set(_culling(marks, obj))
    stack: Any = gpu.matrix.push_pop()  # the stubs do not know that it is a context
    with stack:
        gpu.matrix.multiply_matrix(_nearer(bpy.context) @ obj.matrix_world)
        gpu.state.depth_test_set("LESS_EQUAL")
        _draw(marks, 1.0)
        if "lines" in marks.batches:
            gpu.state.depth_test_set("GREATER")
            _draw(marks, HIDDEN)
    gpu.state.depth_test_set("NONE")
    gpu.state.face_culling_set("NONE")
    gpu.state.blend_set("NONE")


def _culling(marks: Marks, obj: bpy.types.Object) -> "Literal['NONE', 'FRONT', 'BACK']":
    """What covers a surface is seen from outside alone: a thin wall's other side is nearer too."""
    if marks.heat is None and marks.colors is None:
        return "NONE"
    return "FRONT" if obj.matrix_world.is_negative else "BACK"


def _nearer(context: bpy.types.Context) -> Matrix:
    """Brings everything nearer to the eye, each place where it is on the screen."""
    view = context.region_data
    if view is None:
        return Matrix.Identity(4)
    from_eye = view.view_matrix.inverted_safe()
    if view.is_perspective:
        eye, scale = from_eye.translation, Matrix.Scale(1.0 - NEARER, 4)
        return Matrix.Translation(eye[:]) @ scale @ Matrix.Translation((-eye)[:])
    towards = from_eye.to_3x3() @ Vector((0.0, 0.0, NEARER * view.view_distance))
    return Matrix.Translation(towards[:])


def _draw(marks: Marks, share: float) -> None:
    import gpu

    for kind, batch in marks.batches.items():
        if kind == "faces":
            shader = gpu.shader.from_builtin("SMOOTH_COLOR")
        else:
            shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
            shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
            shader.uniform_float("lineWidth", LINE)
            shader.uniform_float("color", (*MARK[:3], share))
        batch.draw(shader)


def _size(obj: bpy.types.Object) -> float:
    """The longest side of the object, in its own coordinates."""
    low, high = (Vector(obj.bound_box[corner]) for corner in visible_surfaces.OPPOSITE)
    return max((high - low)[:])


def _batches(marks: Marks, size: float) -> dict[str, Any]:
    import gpu
    from gpu_extras.batch import batch_for_shader

    places = marks.places
    if not len(places):
        return {}
    if places.shape[1] == TRIANGLE:
        shader = gpu.shader.from_builtin("SMOOTH_COLOR")
        corners: Any = {"pos": places.reshape(-1, 3), "color": colors_of(marks)}
        return {"faces": batch_for_shader(shader, "TRIS", corners)}
    ends = places if places.shape[1] == EDGE else _crosses(places[:, 0], size)
    shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
    lines: Any = {"pos": ends.reshape(-1, 3)}
    return {"lines": batch_for_shader(shader, "LINES", lines)}


def colors_of(marks: Marks) -> "npt.NDArray[np.float32]":
    """(3 n, 4) the color of each corner."""
    import numpy as np  # late: Blender takes a while to load it

    if marks.colors is not None:
        opaque = np.ones((len(marks.colors), 1), dtype=np.float32)
        colors = np.concatenate([marks.colors * _shade(marks.places), opaque], axis=1)
    elif marks.heat is None:
        colors = np.tile(np.array(MARK, dtype=np.float32), (len(marks.places), 1))
    else:
        steps = np.linspace(0.0, 1.0, len(HEAT))
        channels = [np.interp(marks.heat, steps, part) for part in zip(*HEAT, strict=True)]
        colors = np.stack(channels, axis=1).astype(np.float32)
    return np.repeat(colors, TRIANGLE, axis=0)


def _shade(places: "npt.NDArray[np.float32]") -> "npt.NDArray[np.float32]":
    """(n, 1) how bright each triangle is in a light from above, for its shape to be seen."""
    import numpy as np

    normals = np.cross(places[:, 1] - places[:, 0], places[:, 2] - places[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    facing = normals @ np.array(LIGHT)[:, None] / np.where(lengths > 0.0, lengths, 1.0)
    shade: npt.NDArray[np.float32] = (DARKEST + (1.0 - DARKEST) * (facing + 1.0) / 2.0).astype(
        np.float32
    )
    return shade


def _crosses(points: "npt.NDArray[np.float32]", size: float) -> "npt.NDArray[np.float32]":
    """(n, 3, 2, 3) lines along the axes through each point."""
    import numpy as np

    arms = np.eye(3, dtype=np.float32) * max(CROSS * size, 1e-6)
    ends = np.stack([-arms, arms], axis=1)
    crosses: npt.NDArray[np.float32] = points[:, None, None] + ends
    return crosses


def register() -> None:
    """Draw in all viewports from now on."""
    add = bpy.types.SpaceView3D.draw_handler_add
    _handlers.append(add(draw, (), "WINDOW", "POST_VIEW"))


def unregister() -> None:
    """Draw no more."""
    while _handlers:
        bpy.types.SpaceView3D.draw_handler_remove(_handlers.pop(), "WINDOW")

"""Pictures of the selected object from its sides, rendered by a background Blender.

One run at a time. Writing the selection down takes milliseconds; everything else is another
process, which the watch looks in on. It asks nobody for anything: no key, no network, no credits.
The run belongs to the open file and ends with it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import bpy

from ..catalog import Mode
from ..catalog.sentences import said_by, sentence, together
from . import cautions, paths, upload_size, worker_host
from .ids import EXTENSION, OperatorId, operator
from .properties import VIEWS_GROUP, SceneSettings
from .scene import send_out
from .scene.send_out import Selection, SendFailed
from .words import say

if TYPE_CHECKING:
    from ..worker.script_process import ScriptProcess

log = logging.getLogger(__name__)

SIDES: Final = ("front", "left", "back", "right")
"""In the order they are rendered; each is a view some engine takes."""

PICTURE_SIZE: Final = 1024
"""Pixels; engines scale larger pictures down."""

TIMEOUT: Final = 600.0
"""Seconds after which something must be wrong."""


@dataclass(slots=True)
class _Run:
    """What is being rendered, and where it goes."""

    process: ScriptProcess
    blend: Path
    pictures: Mapping[str, Path]
    scene_uid: int
    name: str
    finished: bool = False


class Progress(NamedTuple):
    """How far the run is."""

    name: str
    """Of the object."""
    done: int
    of: int

    @property
    def words(self) -> str:
        """For the progress bar."""
        return say("Rendering View {n} of {m}", n=min(self.done + 1, self.of), m=self.of)


class _Current:
    run: _Run | None = None
    trouble = ""


def start(context: bpy.types.Context, selection: Selection) -> None:
    """Write the selection down and have it rendered; raises SendFailed."""
    stop()
    name = selection.main.name
    stem = paths.new_picture(name)
    pictures = {side: stem.with_name(f"{stem.name}-{side}.png") for side in SIDES}
    blend = stem.with_name(f"{stem.name}.part.blend")
    send_out.write_blend(selection, blend)
    order = {
        "blend": str(blend),
        "pictures": {side: str(path) for side, path in pictures.items()},
        "settings": {
            **send_out.export_settings(context, selection),
            "heading": heading(selection),
            "size": PICTURE_SIZE,
        },
    }
    from ..worker.script_process import ScriptProcess  # late: enabling needs no processes

    try:
        process = ScriptProcess(worker_host.views_command(), order, TIMEOUT)
    except OSError as error:
        send_out.remove_blend(blend)
        words = sentence("A background Blender could not be started: {error}", error=error)
        raise SendFailed(words) from error
    scene = cast(bpy.types.Scene, context.scene)
    _Current.run = _Run(process, blend, pictures, scene.session_uid, name)


class Doubt(NamedTuple):
    """What the views would lack."""

    words: str
    shows_nothing: bool
    """Whether it is not worth a start."""


def doubts(context: bpy.types.Context, selection: Selection) -> list[Doubt]:
    """What to know before the views are rendered; only read, for drawing."""
    width, depth, height = upload_size.extents(context, selection, heading(selection))
    line = max(width, depth, height) * LINE
    found = [Doubt(words, False) for words in cautions.of_pictures(context, [selection])]
    if upload_size.count_triangles(context, selection) == 0:
        return [Doubt("There is no surface to show.", True)]
    if height <= line:
        lies = "The object lies flat and shows nothing from its sides: turn it upright."
        return [Doubt(lies, True), *found]
    if min(width, depth) <= line:
        thin = "The object has no thickness: two of the four views will be empty."
        found.insert(0, Doubt(thin, False))
    return found


LINE: Final = 1 / 500
"""Share of the longest side below which a side is hardly a line in the pictures."""


def chosen(context: bpy.types.Context) -> Selection | None:
    """What the views would be of."""
    objects = send_out.with_children(send_out.selected(context, children_too=True))
    return Selection(tuple(objects)) if objects else None


def heading(selection: Selection) -> float:
    """By how much the object is turned about the vertical, in radians.

    Only this: an object that lies on its side, or was imported lying, is shown as it stands.
    """
    return selection.main.matrix_world.to_euler("XYZ").z


def look(*, may_change: bool) -> None:
    """Take the pictures over if they are there and ``may_change`` allows it."""
    run = _Current.run
    if run is None:
        return
    from ..worker.script_process import ScriptFailed

    try:
        run.finished = run.finished or run.process.report() is not None
    except (ScriptFailed, OSError) as error:
        log.warning("the views of %s were not rendered: %s", run.name, error)
        hint = error.hint if isinstance(error, ScriptFailed) else ""
        _give_up(together(said_by(error), hint))
        return
    if run.finished and may_change:
        _take_over(run)


def _take_over(run: _Run) -> None:
    """Through an operator, so that it is one undo step."""
    _end(run)
    scene = next((one for one in bpy.data.scenes if one.session_uid == run.scene_uid), None)
    if scene is None:
        _Current.trouble = "The scene the views were rendered for is gone."
        return
    operator(OperatorId.SET_VIEWS)(
        "EXEC_DEFAULT",
        True,
        scene=scene.name,
        **{side: str(path) for side, path in run.pictures.items()},
    )


def set_views(scene: bpy.types.Scene, pictures: Mapping[str, str]) -> None:
    """Let Generate start from these views and no others: those of something else do not fit."""
    settings = cast(SceneSettings, getattr(scene, EXTENSION))
    settings.mode = Mode.MULTI_VIEW.value
    for name in VIEWS_GROUP.__annotations__:
        setattr(settings.views, name, pictures.get(name, ""))


def progress() -> Progress | None:
    """What is being rendered; None when nothing is."""
    run = _Current.run
    if run is None:
        return None
    done = sum(path.exists() for path in run.pictures.values())
    return Progress(run.name, done, len(run.pictures))


def is_running() -> bool:
    """Whether there is anything to look in on."""
    return _Current.run is not None


def trouble() -> str:
    """Why the last run came to nothing; "" when it did not."""
    return _Current.trouble


def stop() -> None:
    """End the run under way and forget the last trouble; pictures of half a run are removed."""
    _give_up("")


def _give_up(trouble: str) -> None:
    run = _Current.run
    _Current.trouble = trouble
    if run is not None:
        _end(run)
        for path in run.pictures.values():
            path.unlink(missing_ok=True)


def _end(run: _Run) -> None:
    _Current.run = None
    run.process.end()
    send_out.remove_blend(run.blend)

"""Pictures of the selected object from its sides, rendered by a background Blender.

One run at a time, which belongs to the open file and ends with it. It asks nobody for anything:
no key, no network, no credits.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import bpy

from ...catalog import Mode
from ...service import whole_files
from ..core import memory, paths
from ..core.access import scene_of
from ..core.ids import OperatorId, operator
from ..core.memory import Part
from ..model.failure import reported
from ..scene import export_selection, upload_size
from ..scene.export_selection import Selection, SendFailed
from ..settings.properties import VIEWS_GROUP, settings_in
from ..snapshot.snapshot import ViewsProgress
from . import background_tasks, cautions, worker_host
from .background_tasks import Task

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

    task: Task
    pictures: Mapping[str, Path]
    name: str


class _Current(Part):
    run: _Run | None = None
    trouble = ""

    def forget_file(self) -> None:
        stop()


def start(context: bpy.types.Context, selection: Selection) -> None:
    """Write the selection down and have it rendered; raises SendFailed."""
    stop()
    name = selection.main.name
    stem = paths.new_picture(name)
    pictures = {side: stem.with_name(f"{stem.name}-{side}.png") for side in SIDES}
    blend = stem.with_name(f"{stem.name}.part.blend")
    export_selection.write_blend(selection, blend)
    order = {
        "blend": str(blend),
        "pictures": {side: str(path) for side, path in pictures.items()},
        "settings": {
            **export_selection.export_settings(context, selection),
            "heading": heading(selection),
            "size": PICTURE_SIZE,
        },
    }
    scene = scene_of(context)
    task = Task(
        worker_host.views_command(),
        order,
        TIMEOUT,
        done=partial(_take_over, pictures, scene.session_uid),
        failed=partial(_tell_trouble, name),
        ended=partial(_clean_up, blend, pictures),
        changes_scene=True,
    )
    try:
        background_tasks.start(task)
    except OSError as error:
        raise SendFailed(background_tasks.not_started(error)) from error
    memory.of(_Current).run = _Run(task, pictures, name)


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


def heading(selection: Selection) -> float:
    """By how much the object is turned about the vertical, in radians.

    Only this: an object that lies on its side, or was imported lying, is shown as it stands.
    """
    return selection.main.matrix_world.to_euler("XYZ").z


def _take_over(pictures: Mapping[str, Path], scene_uid: int, _report: Mapping[str, Any]) -> None:
    """Through an operator, so that it is one undo step."""
    scene = next((one for one in bpy.data.scenes if one.session_uid == scene_uid), None)
    if scene is None:
        memory.of(_Current).trouble = "The scene the views were rendered for is gone."
        return
    paths = {side: str(path) for side, path in pictures.items()}
    try:
        operator(OperatorId.SET_VIEWS)("EXEC_DEFAULT", True, scene=scene.name, **paths)
    except RuntimeError as error:
        log.warning("the views were not taken over: %s", error)
        memory.of(_Current).trouble = reported(error)


def _tell_trouble(name: str, trouble: str) -> None:
    log.warning("the views of %s were not rendered: %s", name, trouble)
    memory.of(_Current).trouble = trouble


def _clean_up(blend: Path, pictures: Mapping[str, Path], complete: bool) -> None:
    export_selection.remove_blend(blend)
    if not complete:
        for path in pictures.values():
            whole_files.discard(path)


def set_views(scene: bpy.types.Scene, pictures: Mapping[str, str]) -> None:
    """Let Generate start from these views and no others: those of something else do not fit."""
    settings = settings_in(scene)
    settings.mode = Mode.MULTI_VIEW.value
    for name in VIEWS_GROUP.__annotations__:
        setattr(settings.views, name, pictures.get(name, ""))


def progress() -> ViewsProgress | None:
    """What is being rendered; None when nothing is."""
    run = _current_run()
    if run is None:
        return None
    done = sum(path.exists() for path in run.pictures.values())
    return ViewsProgress(run.name, done, len(run.pictures))


def is_running() -> bool:
    """Whether views are being rendered."""
    return _current_run() is not None


def trouble() -> str:
    """Why the last run came to nothing; "" when it did not."""
    return memory.of(_Current).trouble


def stop() -> None:
    """End the run under way and forget the last trouble; pictures of half a run are removed."""
    current = memory.of(_Current)
    if current.run is not None:
        background_tasks.end(current.run.task)
    current.run, current.trouble = None, ""


def _current_run() -> _Run | None:
    """The run, as long as it lasts."""
    run = memory.of(_Current).run
    return run if run is not None and background_tasks.is_running(run.task) else None

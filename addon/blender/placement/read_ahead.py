"""Reading a result before it is placed, a little at a time, so that views never stand still long.

A view that shows textures has all pictures of a new object decoded and handed to the graphics
card when it first draws it: about half a second for each of 4096 pixels, all at once. So what is to
be placed is appended into no scene, its pictures are decoded and handed over in later looks of the
watch, one step in each, and then it is placed.

Nothing relies on it: what was read and is not all there any more, for example because the artist
took a step back, is read once more when it is placed. It is never saved (see ``drop``).
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import bpy

from ..core import memory
from ..core.access import scene_of, size_of, window_manager_of
from ..core.memory import Part
from . import read_result
from .policy import is_from_newer_blender

if TYPE_CHECKING:
    from ...jobs.job import Job

log = logging.getLogger(__name__)

LONGEST: Final = 0.02
"""Seconds of one look after which no further step is taken; of a large picture one takes longer."""

TEXTURED: Final = frozenset({"MATERIAL", "RENDERED"})
EEVEE: Final = frozenset({"BLENDER_EEVEE", "BLENDER_EEVEE_NEXT"})
"""What the render engine is called whose pictures are on the graphics card as they are."""


class _Step(NamedTuple):
    """Something to be done with a picture."""

    act: Callable[[bpy.types.Image], object]
    picture: int
    """By its session id, which lasts over undo."""


class _Reading(NamedTuple):
    job_id: str
    collection: int
    """By its session id, as the rest."""
    data: frozenset[int]
    """Everything that came with it."""
    steps: list[_Step]
    """What is still to be done before it is placed, the last one first."""


class _Ahead(Part):
    """The one result that is read ahead."""

    def __init__(self) -> None:
        self.reading: _Reading | None = None
        self.refused = ""
        """The job whose result cannot be read; placing it says why."""

    def end(self) -> None:
        _remove(self.reading)

    def forget_file(self) -> None:
        """What was read ahead is gone with it."""
        self.reading, self.refused = None, ""


def is_done(context: bpy.types.Context, job: "Job") -> bool:
    """Read a part of the job's result; whether it can be placed, since there is no more to read."""
    ahead = memory.of(_Ahead)
    if not shows_textures(context) or ahead.refused == job.id:
        return True
    if ahead.reading is None or ahead.reading.job_id != job.id:
        drop()
        ahead.reading = _read(context, job)
        ahead.refused = job.id if ahead.reading is None else ""
        return ahead.reading is None
    return _go_on(ahead.reading)


def data_of(job: "Job") -> frozenset[int]:
    """Session ids of what was read ahead for the job."""
    reading = memory.of(_Ahead).reading
    return reading.data if reading is not None and reading.job_id == job.id else frozenset()


def take(job: "Job") -> bpy.types.Collection | None:
    """What was read ahead for the job, which is the caller's from now on; None unless it is whole.

    Whatever is left of one that is not whole is removed.
    """
    ahead = memory.of(_Ahead)
    reading = ahead.reading
    if reading is None or reading.job_id != job.id:
        return None
    ahead.reading = None
    there = {item.session_uid for item in read_result.those(reading.data)}
    if there != reading.data:
        _remove(reading)
        return None
    return next(one for one in bpy.data.collections if one.session_uid == reading.collection)


def keep_only(job_ids: Iterable[str]) -> None:
    """Remove what was read ahead for a job that is none of these: its result is not to come."""
    reading = memory.of(_Ahead).reading
    if reading is not None and reading.job_id not in job_ids:
        drop()


def drop() -> None:
    """Remove what was read ahead: before a file is saved, and for another result."""
    ahead = memory.of(_Ahead)
    reading, ahead.reading = ahead.reading, None
    _remove(reading)


def shows_textures(context: bpy.types.Context) -> bool:
    """Whether some view would draw the pictures of a new object."""
    return any(_is_textured(view.shading) for view in _views(context))


def _views(context: bpy.types.Context) -> Iterator[bpy.types.SpaceView3D]:
    for window in window_manager_of(context).windows:
        for area in window.screen.areas:
            space = area.spaces.active
            if isinstance(space, bpy.types.SpaceView3D):
                yield space


def _is_textured(shading: bpy.types.View3DShading) -> bool:
    return shading.type in TEXTURED or (shading.type == "SOLID" and shading.color_type == "TEXTURE")


def _needs_card(context: bpy.types.Context) -> bool:
    """Whether some view has the graphics card draw all pictures of an object.

    Cycles has copies of its own, and Solid shows one picture of each material. Without a window
    there is no card.
    """
    if bpy.app.background:
        return False
    has_eevee = scene_of(context).render.engine in EEVEE
    shown = {view.shading.type for view in _views(context)}
    return "MATERIAL" in shown or ("RENDERED" in shown and has_eevee)


def _read(context: bpy.types.Context, job: "Job") -> _Reading | None:
    """Append the job's result into no scene; None if that cannot be."""
    if job.prepared is None or job.is_kept or is_from_newer_blender(job.prepared):
        return None
    existing = read_result.existing_data()
    try:
        collection = read_result.read(job.prepared)
    except read_result.AppendFailed as error:
        log.info("the result of job %s is not read ahead: %s", job.id, error)
        read_result.remove_all_but(existing)
        return None
    collection.use_fake_user = False
    read_result.remove_library(job.prepared.path, existing)
    new = read_result.new_of(existing)
    acts = (_upload, size_of) if _needs_card(context) else (size_of,)
    pictures = [item.session_uid for item in new if isinstance(item, bpy.types.Image)]
    steps = [_Step(act, picture) for picture in pictures for act in acts]
    data = frozenset(item.session_uid for item in new)
    return _Reading(job.id, collection.session_uid, data, steps)


def _go_on(reading: _Reading) -> bool:
    """Go on with pictures for a moment; whether there is no more to do."""
    ends_at = time.monotonic() + LONGEST
    while reading.steps and time.monotonic() < ends_at:
        step = reading.steps.pop()
        for image in bpy.data.images:
            if image.session_uid == step.picture:
                step.act(image)
    return not reading.steps


def _upload(image: bpy.types.Image) -> None:
    """Have the graphics card hold the picture before something shows it.

    Blender lets go of it again where nothing shows it for long.
    """
    try:
        image.gl_load()
    except RuntimeError as error:  # it cannot be decoded, which is to be seen once it is placed
        log.info("the graphics card does not hold %s: %s", image.name, error)


def _remove(reading: _Reading | None) -> None:
    if reading is not None:
        bpy.data.batch_remove(read_result.those(reading.data))

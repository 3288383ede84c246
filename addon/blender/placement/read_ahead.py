"""Reading a result before it is placed, a little at a time, so that views never stand still long.

A view that shows textures has all pictures of a new object decoded when it first draws it: about
half a second for each of 4096 pixels, all at once. So what is to be placed is appended into no
scene, its pictures are decoded one by one in later looks of the watch, and then it is placed.

Nothing relies on it: what was read and is not all there any more, for example because the artist
took a step back, is read once more when it is placed. It is never saved (see ``drop``).
"""

import logging
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

import bpy

from ..core import memory
from ..core.access import size_of, window_manager_of
from ..core.memory import Part
from . import read_result
from .policy import is_from_newer_blender

if TYPE_CHECKING:
    from ...jobs.job import Job

log = logging.getLogger(__name__)

LONGEST: Final = 0.02
"""Seconds of one look after which no further picture is decoded; a large one takes longer alone."""

TEXTURED: Final = frozenset({"MATERIAL", "RENDERED"})


class _Reading(NamedTuple):
    job_id: str
    collection: int
    """By its session id, which lasts over undo, as do those of the rest."""
    data: frozenset[int]
    """Everything that came with it."""
    pictures: list[int]
    """Those that are not decoded yet."""


class _Ahead(Part):
    """The one result that is read ahead."""

    def __init__(self) -> None:
        self.reading: _Reading | None = None
        self.refused = ""
        """The job whose result cannot be read; placing it says why."""

    def end(self) -> None:
        _remove(self.reading)


def is_done(context: bpy.types.Context, job: "Job") -> bool:
    """Read a part of the job's result; whether it can be placed, since there is no more to read."""
    ahead = memory.of(_Ahead)
    if not shows_textures(context) or ahead.refused == job.id:
        return True
    if ahead.reading is None or ahead.reading.job_id != job.id:
        drop()
        ahead.reading = _read(job)
        ahead.refused = job.id if ahead.reading is None else ""
        return ahead.reading is None
    return _decode(ahead.reading)


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


def forget() -> None:
    """Another file is open: what was read ahead is gone with the former."""
    ahead = memory.of(_Ahead)
    ahead.reading, ahead.refused = None, ""


def shows_textures(context: bpy.types.Context) -> bool:
    """Whether some view would draw the pictures of a new object."""
    for window in window_manager_of(context).windows:
        for area in window.screen.areas:
            space = area.spaces.active
            if isinstance(space, bpy.types.SpaceView3D) and _is_textured(space.shading):
                return True
    return False


def _is_textured(shading: bpy.types.View3DShading) -> bool:
    return shading.type in TEXTURED or (shading.type == "SOLID" and shading.color_type == "TEXTURE")


def _read(job: "Job") -> _Reading | None:
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
    pictures = [item.session_uid for item in new if isinstance(item, bpy.types.Image)]
    data = frozenset(item.session_uid for item in new)
    return _Reading(job.id, collection.session_uid, data, pictures)


def _decode(reading: _Reading) -> bool:
    """Decode pictures for a moment; whether none is left."""
    ends_at = time.monotonic() + LONGEST
    while reading.pictures and time.monotonic() < ends_at:
        uid = reading.pictures.pop()
        for image in bpy.data.images:
            if image.session_uid == uid:
                size_of(image)  # Blender decodes a picture to tell its size
    return not reading.pictures


def _remove(reading: _Reading | None) -> None:
    if reading is not None:
        bpy.data.batch_remove(read_result.those(reading.data))

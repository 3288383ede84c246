"""When a finished result may enter the scene by itself, and why it does not yet."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import bpy

from ...catalog.messages import Message
from ...jobs import alternatives, chains
from ...jobs.origin import OpenFile
from ...jobs.states import State
from ..core import options, session
from ..core.access import window_manager_of
from ..core.ids import OperatorId, rna_name

if TYPE_CHECKING:
    from ...jobs.job import Job, Prepared

PLACE_FAILED: Final = "place_failed"
"""Failure code of a READY job whose result could not be brought in."""

HEAD_START: Final = 5.0
"""Seconds the Blender that asked for a result has before another with the same file takes it."""


class When(Enum):
    """What the watch does with a result."""

    NOW = "now"
    SOON = "soon"
    """As soon as nothing is in the way any more."""
    PREPARED_HERE = "prepared here"
    """After it was prepared again by a Blender of this version."""
    BY_HAND = "by hand"
    """When the user says so."""


class Decision(NamedTuple):
    """``reason`` is shown to the user; empty where there is nothing to say."""

    when: When
    reason: str = ""


def decide(context: bpy.types.Context, job: Job) -> Decision:
    """Say when the job's result enters the open scene."""
    if job.state is not State.READY or job.prepared is None:
        return Decision(When.BY_HAND)
    if chains.is_in_between(job):
        return Decision(When.BY_HAND, chains.place_words(job))
    objection = _other_file(job) if job.failure is None else job.failure.message
    if alternatives.is_dropped(job):
        objection = "Another one was kept"
    if objection or not options.read().place_when_ready:
        return Decision(When.BY_HAND, objection)
    if is_from_newer_blender(job.prepared):
        return Decision(When.PREPARED_HERE)
    with scene_override(context, job):
        reason = (
            _other_scene(context.scene, job) or blocking_reason(context) or running_tool(context)
        )
    if reason or _asked_by_other_blender(job):
        return Decision(When.SOON, reason)
    return Decision(When.NOW)


def is_from_newer_blender(prepared: Prepared | None) -> bool:
    """Whether a newer Blender than this one made the .blend."""
    return prepared is not None and prepared.blender_version[:2] > bpy.app.version[:2]


def scene_override(context: bpy.types.Context, job: Job) -> AbstractContextManager[None]:
    """The window in which the scene is open that the job was asked for from.

    Two windows can show two scenes, and the watch runs in one of them. Where no other window has
    the scene, the context stays as it is.
    """
    if _other_scene(context.scene, job):
        for window in window_manager_of(context).windows:
            if not _other_scene(window.scene, job):
                override = context.temp_override(window=window)
                return cast(AbstractContextManager[None], override)  # the stubs know no way into it
    return nullcontext()


def blocking_reason(context: bpy.types.Context) -> str:
    """What is going on that a change of the scene would disturb; "" if nothing is."""
    if context.mode != "OBJECT":
        return "Waits for Object Mode"
    if bpy.app.is_job_running("RENDER"):
        return "Waits for the render to end"
    return ""


def running_tool(context: bpy.types.Context) -> str:
    """Whether the user is in the middle of something; who presses a button is not."""
    for window in window_manager_of(context).windows:
        for operator in window.modal_operators:
            if operator.bl_idname != rna_name(OperatorId.WATCH):
                return "Waits for the active tool to end"
    return ""


def is_of_file(job: Job) -> bool:
    """Whether the result was asked for from the open file."""
    return not _other_file(job)


def belongs_to(scene: bpy.types.Scene, job: Job) -> bool:
    """Whether the result was asked for from that scene of the open file."""
    return is_of_file(job) and not _other_scene(scene, job)


def _other_file(job: Job) -> str:
    """Which other file the result was asked for from; "" if from the open one."""
    file = job.origin.file or OpenFile()
    if session.is_open(job):
        return ""
    blend = session.saved_as(file.opened) or file.blend
    if not blend:
        return "Made for an unsaved file" if job.origin.file else "Made for another file"
    return _difference(blend, bpy.data.filepath)


@lru_cache
def _difference(blend: str, opened: str) -> str:
    """What ``blend`` is if it is not the file ``opened``; each look asks it of every job."""
    if Path(blend) != Path(opened):
        return Message("Made for {name}", name=Path(blend).name)
    return ""


def _other_scene(scene: bpy.types.Scene | None, job: Job) -> str:
    """Which other scene of the open file the result was asked for from; "" if from this one."""
    file = job.origin.file or OpenFile()
    if session.is_open(job):
        same = file.scene_uid == (None if scene is None else scene.session_uid)
    else:  # the file was opened again: only names last
        same = scene is not None and file.scene == scene.name
    return "" if same else Message("Made for the scene {name}", name=file.scene)


def _asked_by_other_blender(job: Job) -> bool:
    """Whether another running Blender with the same file may be about to place the result."""
    if job.origin.file is not None and job.origin.file.process == session.process():
        return False
    return time.time() - job.updated_at < HEAD_START

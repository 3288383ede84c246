"""What a placed object says about where it came from, as custom properties.

Only what may travel with a shared .blend: no key, no folders of this machine, no signed links.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import bpy

from ...catalog import UnknownOperation, Value, get
from ...catalog.encoders import is_address
from ...jobs.paths import FILE_KINDS
from ...service.addresses import shown_link
from ..core.ids import EXTENSION
from . import read_cache

if TYPE_CHECKING:
    from ...jobs.job import Job

JOB: Final = f"{EXTENSION}_job"
"""Custom property with the job's id: what finds placed objects again."""

OPERATION: Final = f"{EXTENSION}_operation"
"""Custom property with the name of the operation that made it."""


def describe(job: Job) -> dict[str, str | int]:
    """The custom properties by name."""
    prompt = job.values.get("prompt", "")
    return {
        JOB: job.id,
        OPERATION: job.operation,
        f"{EXTENSION}_prompt": prompt if isinstance(prompt, str) else "",
        f"{EXTENSION}_parameters": json.dumps(_shareable(job), ensure_ascii=False),
        f"{EXTENSION}_credits": job.estimate,
        f"{EXTENSION}_task": job.task_id or "",
        f"{EXTENSION}_service": job.service_address,
    }


def mark(objects: Iterable[bpy.types.Object], job: Job) -> None:
    """Write the custom properties on every object."""
    read_cache.forget_all()
    properties = describe(job)
    for obj in objects:
        for name, value in properties.items():
            obj[name] = value


def placed_objects(scene: bpy.types.Scene, job_id: str) -> list[bpy.types.Object]:
    """The scene's objects that came from that job."""
    return [obj for obj in scene.objects if obj.get(JOB) == job_id]


def jobs_in_file() -> set[str]:
    """The ids of all jobs of which something is in a scene of the open file."""
    found = {obj.get(JOB) for scene in bpy.data.scenes for obj in scene.objects}
    return {str(job_id) for job_id in found if job_id}


def _shareable(job: Job) -> dict[str, Value]:
    try:
        fields = {field.name: field.kind for field in get(job.operation).fields}
    except UnknownOperation:
        fields = {}
    return {
        name: _without_place(value) if fields.get(name) in FILE_KINDS else value
        for name, value in job.values.items()
    }


def _without_place(value: Value) -> Value:
    """File names without their folders, addresses without login and signature."""
    if isinstance(value, Mapping):
        return {view: _file_name(path) for view, path in value.items()}
    if isinstance(value, tuple):
        return tuple(_file_name(path) for path in value)
    return _file_name(str(value))


def _file_name(path: str) -> str:
    return shown_link(path) if is_address(path) else PurePath(path).name


def job_of_active(context: bpy.types.Context) -> str:
    """The id of the job that made the active object; "" if none did."""
    active = context.active_object
    return "" if active is None else str(active.get(JOB, ""))


def label_of_operation(obj: bpy.types.Object) -> str:
    """What made the object, for people; "" if nothing we know did."""
    try:
        return get(str(obj.get(OPERATION, ""))).label
    except UnknownOperation:
        return ""

"""Adding a job: what every button that orders something from the service calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import bpy

from ..catalog import AssetType, Kind, Request, estimate, get
from . import account, manner, paths, placement_settings, session, worker_link
from .properties import settings_of

if TYPE_CHECKING:
    from ..jobs.job import Job

MODEL_RESULTS: Final = {AssetType.MODEL, AssetType.SCALED_MODEL, AssetType.ARCHIVE}
NAME_LENGTH: Final = 40


def submit(context: bpy.types.Context, request: Request, *, name: str = "") -> Job:
    """Queue the request and get the worker going; returns at once.

    ``name`` becomes the name of the collection and the object; by default it is made from the
    prompt or the picture. Raises StoreUnusable.
    """
    title = name.strip() or name_of(request)
    job = session.store().add(
        request,
        name=title,
        estimate=estimate(request).total,
        service_address=account.current().address,
        folder=paths.new_job_folder(title),
        origin=session.origin(context) | {manner.KEPT_AS: placement_of(context)},
        wants_prepared=bool(MODEL_RESULTS.intersection(get(request.operation).results)),
    )
    worker_link.jobs_changed(context)
    return job


def placement_of(context: bpy.types.Context) -> dict[str, Any]:
    """How and where results are to be placed that are ordered now."""
    from .scene import spots  # late: not needed to enable the extension

    return spots.remember(context, placement_settings.read(settings_of(context).placement))


def name_of(request: Request) -> str:
    """A short name for what the request makes: its prompt, its picture's name, its operation."""
    operation = get(request.operation)
    for field in operation.fields:
        value = request.values.get(field.name)
        if not isinstance(value, str) or not value.strip():
            continue
        if field.kind is Kind.TEXT and field.source is not None:
            return _shortened(" ".join(value.split()))
        if field.kind in {Kind.IMAGE, Kind.MODEL}:
            return _shortened(bpy.path.display_name_from_filepath(value.partition("?")[0]))
    return operation.label


def _shortened(text: str) -> str:
    if len(text) <= NAME_LENGTH:
        return text
    return text[:NAME_LENGTH].rsplit(" ", 1)[0].rstrip(" ,.;:")

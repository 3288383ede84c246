"""Adding a job: what every button that orders something from the service calls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import bpy

from ...catalog import get
from ...jobs import names
from ...jobs.planner import Enters, Plan, store_plan
from ..core import account, paths, session
from ..core.translation import translate
from ..settings import placement_settings
from ..settings.properties import placement_choices, settings_of
from . import worker_link

if TYPE_CHECKING:
    from ...jobs.job import Job
    from ...jobs.origin import Placement
    from ...jobs.placement_options import PlacementOptions
    from ...jobs.planner import PlannedJob


def submit(
    context: bpy.types.Context,
    plan: Plan,
    *,
    name: str = "",
    chosen: PlacementOptions | None = None,
) -> Job:
    """Queue the plan's jobs and get the worker going; returns the last job at once.

    ``name`` becomes the name of the collection and the object; see ``jobs.names`` for the one it
    gets by default. ``chosen`` is how the result is to be placed; by default as the form of its
    operation says. Raises StoreUnusable.
    """
    title = name.strip() or name_of(plan)
    jobs = store_plan(
        session.store(),
        plan,
        name=title,
        service_address=account.current().address,
        folder=paths.new_job_folder(title),
        origin=replace(session.origin(context), placement=placement_of(context, plan.last, chosen)),
        enters=Enters.MODELS,
    )
    worker_link.jobs_changed(context)
    return jobs[-1]


def placement_of(
    context: bpy.types.Context, ordered: PlannedJob, chosen: PlacementOptions | None = None
) -> Placement:
    """How and where the result of what is ordered now is to be placed; its spot is taken."""
    from ..placement import destination, spots  # late: not needed to enable the extension

    request, operation = ordered.request, get(ordered.request.operation)
    if chosen is None:
        chosen = placement_settings.read(placement_choices(settings_of(context), operation))
    if not operation.makes_model:
        return destination.capture(context, chosen)
    sides = spots.expected_sides(chosen, request.operation, request.mode, request.values)
    return destination.capture(context, chosen, sides)


def name_of(plan: Plan) -> str:
    """What the plan's order is called where nobody has named it."""
    subject = names.of_plan(plan, session.store().name_of_file)
    operation = get(plan.steps[0].operation)
    return translate(subject) if subject == names.noun(operation) else subject

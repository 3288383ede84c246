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
from ..settings.properties import settings_of
from . import worker_link

if TYPE_CHECKING:
    from ...jobs.job import Job
    from ...jobs.origin import Placement


def submit(context: bpy.types.Context, plan: Plan, *, name: str = "") -> Job:
    """Queue the plan's jobs and get the worker going; returns the last job at once.

    ``name`` becomes the name of the collection and the object; see ``jobs.names`` for the one it
    gets by default. Raises StoreUnusable.
    """
    title = name.strip() or name_of(plan)
    jobs = store_plan(
        session.store(),
        plan,
        name=title,
        service_address=account.current().address,
        folder=paths.new_job_folder(title),
        origin=replace(session.origin(context), placement=placement_of(context)),
        enters=Enters.MODELS,
    )
    worker_link.jobs_changed(context)
    return jobs[-1]


def placement_of(context: bpy.types.Context) -> Placement:
    """How and where results are to be placed that are ordered now."""
    from ..placement import destination  # late: not needed to enable the extension

    return destination.capture(context, placement_settings.read(settings_of(context).placement))


def name_of(plan: Plan) -> str:
    """What the plan's order is called where nobody has named it."""
    subject = names.of_plan(plan, session.store().name_of_file)
    operation = get(plan.steps[0].operation)
    return translate(subject) if subject == names.noun(operation) else subject

"""Ordering a recorded sample: what somebody without an account can see the extension do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...jobs.planner import Enters, plan_one, store_plan
from ...service.addresses import SAMPLES_ADDRESS
from ..core import paths, session
from ..core.translation import translate
from . import submission, worker_link

if TYPE_CHECKING:
    import bpy

    from ...jobs.job import Job
    from ...samples.declared import Sample


def order(context: bpy.types.Context, sample: Sample) -> Job:
    """Queue the sample as any other order; returns its job. Raises StoreUnusable."""
    # So are the objects called: never to be taken for the service's work.
    name = translate("{name} · Sample", name=translate(sample.label))
    plan = plan_one(sample.operation, sample.values)
    (job,) = store_plan(
        session.store(),
        plan,
        name=name,
        service_address=SAMPLES_ADDRESS,
        folder=paths.new_job_folder(name),
        origin=replace(
            session.origin(context), placement=submission.placement_of(context, plan.last)
        ),
        enters=Enters.MODELS,
    )
    worker_link.jobs_changed(context)
    return job

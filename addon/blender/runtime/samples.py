"""Ordering a recorded sample: what somebody without an account can see the extension do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...jobs.planner import plan_one
from ...service.addresses import SAMPLES_ADDRESS
from ..core.translation import translate
from . import submission

if TYPE_CHECKING:
    import bpy

    from ...jobs.job import Job
    from ...samples.declared import Sample


def order(context: bpy.types.Context, sample: Sample) -> Job:
    """Queue the sample as any other order; returns its job. Raises StoreUnusable."""
    # So are the objects called: never to be taken for the service's work.
    name = translate("{name} · Sample", name=translate(sample.label))
    plan = plan_one(sample.operation, sample.values)
    return submission.submit(context, plan, name=name, service_address=SAMPLES_ADDRESS)

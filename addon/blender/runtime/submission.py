"""Adding a job that makes something new, and what every order has to pass before it is queued."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import bpy

from ...catalog import Estimate, Kind, get
from ...jobs.planner import Enters, Plan, store_plan
from ..core import account, paths, session
from ..settings import placement_settings
from ..settings.properties import settings_of
from . import worker_link

if TYPE_CHECKING:
    from ...jobs.job import Job
    from ...jobs.origin import Placement

NAME_LENGTH: Final = 40


class PriceUnknown(Exception):
    """Nobody knows what the order costs, and nobody has agreed to that; nothing was queued."""

    def __init__(self, price: Estimate) -> None:
        super().__init__(price.words())
        self.price = price


def check_agreed(price: Estimate, *, agreed: bool) -> None:
    """What every way to order something passes; raises PriceUnknown."""
    if not price.is_known and not agreed:
        raise PriceUnknown(price)


def submit(
    context: bpy.types.Context, plan: Plan, *, name: str = "", agreed_to_unknown_price: bool = False
) -> Job:
    """Queue the plan's jobs and get the worker going; returns the last job at once.

    ``name`` becomes the name of the collection and the object; by default it is made from the
    prompt or the picture. Raises PriceUnknown and StoreUnusable.
    """
    check_agreed(plan.estimate, agreed=agreed_to_unknown_price)
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
    """A short name for what the plan makes: its prompt, its picture's name, its operation."""
    step = plan.steps[-1]
    operation = get(step.operation)
    for field in operation.fields:
        value = step.values.get(field.name)
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

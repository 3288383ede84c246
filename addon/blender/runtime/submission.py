"""Adding a job that makes something new, and what every order has to pass before it is queued."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import bpy

from ...catalog import Estimate, get
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
    context: bpy.types.Context,
    plan: Plan,
    *,
    name: str = "",
    chosen: PlacementOptions | None = None,
    agreed_to_unknown_price: bool = False,
    service_address: str = "",
) -> Job:
    """Queue the plan's jobs and get the worker going; returns the last job at once.

    ``name`` becomes the name of the collection and the object; see ``jobs.names`` for the one it
    gets by default. ``chosen`` is how the result is to be placed; by default as the form of its
    operation says. ``service_address``: by default the account's. Raises PriceUnknown and
    StoreUnusable.
    """
    check_agreed(plan.estimate, agreed=agreed_to_unknown_price)
    title = name.strip() or name_of(plan)
    jobs = store_plan(
        session.store(),
        plan,
        name=title,
        service_address=service_address or account.current().address,
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

"""Adding a job that makes something new, and what every order has to pass before it is queued."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import bpy

from ...catalog import Estimate, InvalidRequest, Problem, get
from ...jobs import alternatives, names
from ...jobs.placement_options import SizeBy
from ...jobs.planner import Enters, Plan, store_plan
from ..core import account, paths, session
from ..core.translation import translate
from ..settings import placement_settings
from ..settings.properties import placement_choices, settings_of
from . import preflight, worker_link

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...jobs.job import Job
    from ...jobs.origin import Placement
    from ...jobs.placement_options import PlacementOptions
    from ...jobs.planner import PlannedJob
    from ...recipes.post import Post


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
    post: Post | None = None,
    budget: int = 0,
) -> Job:
    """Queue the plan's jobs and get the worker going; returns the last job at once.

    ``name`` becomes the name of the collection and the object; see ``jobs.names`` for the one it
    gets by default. ``chosen`` is how the result is to be placed; by default as the form of its
    operation says. ``service_address``: by default the account's. Raises PriceUnknown and
    StoreUnusable.
    """
    (job,) = submit_all(
        context,
        [plan],
        name=name,
        chosen=chosen,
        agreed_to_unknown_price=agreed_to_unknown_price,
        service_address=service_address,
        post=post,
        budget=budget,
    )
    return job


def submit_all(
    context: bpy.types.Context,
    plans: Sequence[Plan],
    *,
    name: str = "",
    chosen: PlacementOptions | None = None,
    agreed_to_unknown_price: bool = False,
    service_address: str = "",
    post: Post | None = None,
    budget: int = 0,
) -> list[Job]:
    """Queue several orders of one wish, all or none; returns the last job of each.

    Each gets a spot of its own, in a row. ``post`` has what is done in Blender with each result,
    whose orders are steps of the plans; ``budget`` are the credits that all may take together (0:
    as many as they take). The rest is as for ``submit``. Raises InvalidRequest where that is less
    than they are expected to take.
    """
    for plan in plans:
        check_agreed(plan.estimate, agreed=agreed_to_unknown_price)
    check_budget(plans, budget)
    if len({plan.own.request.operation for plan in plans}) > 1:
        chosen = _at_equal_height(context, plans[0], chosen)
    titles = _titles(plans, name.strip() or name_of(plans[0]))
    store, alternative = session.store(), alternatives.place_of(plans)
    made = []
    with store.as_one():
        for plan, title in zip(plans, titles, strict=True):
            placement = placement_of(context, plan.own, chosen)
            origin = replace(
                session.origin(context),
                placement=placement,
                alternative=alternative,
                then=_local(post, placement.options),
                recipe="" if post is None else post.written,
                budget=budget or None,
            )
            jobs = store_plan(
                store,
                plan,
                name=title,
                service_address=service_address or account.current().address,
                folder=paths.new_job_folder(title),
                origin=origin,
                enters=Enters.MODELS,
            )
            made.append(jobs[-1])
    worker_link.jobs_changed(context)
    return made


def check_budget(plans: Sequence[Plan], budget: int) -> None:
    """What every way to order something within a budget passes; raises InvalidRequest."""
    operations = [get(plan.own.request.operation) for plan in plans]
    prices = [plan.estimate for plan in plans]
    price = alternatives.estimate_together(list(zip(operations, prices, strict=True)))
    words = preflight.budget_trouble(price, budget)
    if words is not None:
        raise InvalidRequest(operations[0].label, (Problem("budget", words),))


def _local(post: Post | None, options: PlacementOptions) -> Mapping[str, Any] | None:
    """What is done in Blender, where anything is; files get the size that was ordered as well."""
    if post is None or not post.is_local:
        return None
    if post.size is None and post.height is None and post.scale == 1.0:
        match options.size_by:
            case SizeBy.LONGEST:
                post = replace(post, size=options.metres)
            case SizeBy.HEIGHT:
                post = replace(post, height=options.metres)
    return post.local()


def _at_equal_height(
    context: bpy.types.Context, plan: Plan, chosen: PlacementOptions | None
) -> PlacementOptions:
    """How results of several engines are placed, each of which has another idea of a size."""
    form = placement_choices(settings_of(context), get(plan.own.request.operation))
    options = chosen or placement_settings.read(form)
    if options.size_by is not SizeBy.FILE:
        return options
    return replace(options, size_by=SizeBy.HEIGHT, metres=HEIGHT)


HEIGHT: Final = 1.0
"""Metres that results stand high which are compared, where nothing was ordered."""


def _titles(plans: Sequence[Plan], title: str) -> list[str]:
    labels = [translate(get(plan.own.request.operation).label) for plan in plans]
    return alternatives.names_of(title, labels)


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

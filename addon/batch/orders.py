"""The orders of a row: the jobs the planner makes of it, named so that a later run knows them.

Rows that start from the same model share what gets it an address.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..catalog import Operation, Request, Value, get
from ..catalog.encoders import result_of
from ..catalog.messages import Message
from ..jobs.inputs import check_inputs
from ..jobs.photos import Photo, photos_in
from ..jobs.planner import PREVIOUS, HandOver, Link, Plan, PlannedJob, Step, make_plan
from ..recipes.post import model_field
from .digests import Digests

TO_GET_AN_ADDRESS = "address"
"""Tells the key of such an order from that of the same order for its own sake."""


@dataclass(frozen=True, slots=True)
class Source:
    """The result of another order, as the file that came or as its address at the service."""

    key: str
    by_address: bool


@dataclass(frozen=True, slots=True)
class Order:
    """One submission to the service."""

    key: str
    """Stays the same as long as the order is the same; see ``digests``."""
    planned: Request
    """With stand-ins for what comes from other orders."""
    price: int
    """0 where a row before pays for it."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    """What comes from other orders, by field."""
    helper: bool = False
    """Whether it only gets a model an address."""

    @property
    def operation(self) -> str:
        """What is ordered."""
        return self.planned.operation

    @property
    def unverified(self) -> tuple[Message, ...]:
        """What makes the price unknown; see ``Operation.unverified``."""
        return get(self.operation).unverified(self.planned.values)

    @property
    def values(self) -> Mapping[str, Value]:
        """Without what comes from other orders."""
        return _without(self.planned, self.sources).values

    def request(self, given: Mapping[str, str]) -> Request:
        """The request; ``given`` is what comes from other orders."""
        return replace(self.planned, values={**self.planned.values, **given})


class Orders:
    """Works out the orders of rows; the same row twice is two orders.

    ``notes`` are what is to be said of the files before anything is paid; see ``check_inputs``.
    ``photos`` are those that models are made of.
    """

    def __init__(self, *, can_change_pictures: bool = True) -> None:
        self.notes: dict[Message, None] = {}
        self.photos: dict[Photo, None] = {}
        self._can_change = can_change_pictures
        self._digests = Digests()
        self._seen: Counter[str] = Counter()
        self._paid: set[str] = set()

    def of_row(
        self,
        operation: Operation,
        values: Mapping[str, Any],
        followups: Sequence[tuple[Operation, Mapping[str, Any]]],
    ) -> tuple[Order, ...]:
        """The orders in the sequence they are made; raises InvalidRequest and OSError."""
        following = [
            Step(one.name, {**options, model_field(one): PREVIOUS}) for one, options in followups
        ]
        plan = make_plan([Step(operation.name, values), *following], hand_over=HandOver.FILE)
        self.notes |= dict.fromkeys(check_inputs(plan, can_change=self._can_change))
        self.photos |= dict.fromkeys(photos_in(plan))
        once = {order.key: order for order in self._named(plan)}
        made = [
            replace(order, price=0) if order.key in self._paid else order for order in once.values()
        ]
        self._paid |= {order.key for order in made if order.helper}
        return tuple(made)

    def _named(self, plan: Plan) -> list[Order]:
        """The plan's jobs as orders with keys in place of the jobs' ids."""
        keys: dict[str, str] = {}
        orders: list[Order] = []
        before = ""
        for job in plan.jobs:
            sources = {name: _source(link, keys) for name, link in job.links.items()}
            planned = _linked_by_key(job.request, sources)
            keys[job.id] = self._key(job, planned, sources, before)
            orders.append(Order(keys[job.id], planned, job.credits, sources, job.upload_proxy))
            if not job.upload_proxy:
                before = keys[job.id]
        return orders

    def _key(
        self, job: PlannedJob, planned: Request, sources: Mapping[str, Source], before: str
    ) -> str:
        """The key of an order; ``before`` is that of the step before, "" for the row's own.

        Of an order that follows, the field that gets the result does not count, be it the file or
        an address that another order makes of it.
        """
        if not job.upload_proxy and not before:
            return self._key_of_row(planned)
        context = [TO_GET_AN_ADDRESS] if job.upload_proxy else []
        follows = not job.upload_proxy or any(source.key == before for source in sources.values())
        if not follows:
            return self._digests.of_request(planned, *context)
        own = _without(planned, [model_field(get(planned.operation))])
        return self._digests.of_request(own, before, *context)

    def _key_of_row(self, planned: Request) -> str:
        plain = self._digests.of_request(planned)
        self._seen[plain] += 1
        return self._digests.of_request(planned, f"row {self._seen[plain]}")


def _source(link: Link, keys: Mapping[str, str]) -> Source:
    return Source(keys[link.job], link.by_address)


def _linked_by_key(request: Request, sources: Mapping[str, Source]) -> Request:
    """The request with addresses named by the orders that make them, not by a plan's jobs."""
    linked = {name: result_of(one.key) for name, one in sources.items() if one.by_address}
    return replace(request, values={**request.values, **linked})


def _without(request: Request, names: Collection[str]) -> Request:
    kept = {name: value for name, value in request.values.items() if name not in names}
    return replace(request, values=kept)

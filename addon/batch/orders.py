"""The orders of a row: its own, those that follow, and those that get a model an address first.

Some operations take a model only by its address, and the service has no upload of its own. A model
that is a file then goes through the tool the catalogue names, which costs credits; the address of
its result is what the order starts from. Rows that start from the same model share that.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..catalog import Operation, Request, build_request, estimate, get
from ..catalog.encoders import AddressOnly, is_address, result_of
from .digests import Digests
from .post import model_field

PLACEHOLDER = "result.glb"
"""Stands for the model a followup will get, while it is validated and priced."""

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
    operation: str
    values: Mapping[str, Any]
    """Without what comes from other orders."""
    price: int
    """0 where a row before pays for it."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    """What comes from other orders, by field."""
    helper: bool = False
    """Whether it only gets a model an address."""

    def request(self, given: Mapping[str, str]) -> Request:
        """The request; ``given`` is what comes from other orders."""
        return build_request(self.operation, {**self.values, **given})


class Orders:
    """Works out the orders of rows; the same row twice is two orders."""

    def __init__(self) -> None:
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
        orders = self._own(operation, values)
        for following, options in followups:
            orders += self._following(following, options, orders[-1])
        once = {order.key: order for order in orders}
        made = [
            replace(order, price=0) if order.key in self._paid else order for order in once.values()
        ]
        self._paid |= {order.key for order in made if order.helper}
        return tuple(made)

    def _own(self, operation: Operation, values: Mapping[str, Any]) -> list[Order]:
        helpers, rest = self._send_ahead(operation, values)
        sources = _addresses(helpers)
        request = build_request(operation.name, {**rest, **_stand_ins(sources)})
        plain = self._digests.of_request(request)
        self._seen[plain] += 1
        key = self._digests.of_request(request, f"row {self._seen[plain]}")
        own = Order(key, operation.name, rest, estimate(request).total, sources)
        return [*helpers.values(), own]

    def _following(
        self, operation: Operation, options: Mapping[str, Any], before: Order
    ) -> list[Order]:
        helpers, rest = self._send_ahead(operation, options)
        sources = _addresses(helpers)
        name = model_field(operation)
        way = operation.field(name).encoder
        if not isinstance(way, AddressOnly):
            sources[name] = Source(before.key, by_address=False)
        elif _is_made_by(way, before):
            sources[name] = Source(before.key, by_address=True)
        else:
            helpers[name] = self._helper_after(way, before)
            sources[name] = Source(helpers[name].key, by_address=True)
        sample = build_request(operation.name, {**rest, **_stand_ins(sources)})
        key = self._key_after(sample, name, before)
        order = Order(key, operation.name, rest, estimate(sample).total, sources)
        return [*helpers.values(), order]

    def _send_ahead(
        self, operation: Operation, values: Mapping[str, Any]
    ) -> tuple[dict[str, Order], dict[str, Any]]:
        """Orders for the models that need an address, by field; and the other values."""
        helpers: dict[str, Order] = {}
        for model in operation.model_fields():
            location = values.get(model.name)
            way = model.encoder
            if isinstance(way, AddressOnly) and location and not is_address(str(location)):
                helpers[model.name] = self._helper(way, str(location))
        return helpers, {name: value for name, value in values.items() if name not in helpers}

    def _helper(self, way: AddressOnly, location: str) -> Order:
        values = {**way.via_values, model_field(get(way.via)): location}
        request = build_request(way.via, values)
        key = self._digests.of_request(request, TO_GET_AN_ADDRESS)
        return Order(key, way.via, values, estimate(request).total, helper=True)

    def _helper_after(self, way: AddressOnly, before: Order) -> Order:
        name = model_field(get(way.via))
        sample = build_request(way.via, {**way.via_values, name: PLACEHOLDER})
        key = self._key_after(sample, name, before, TO_GET_AN_ADDRESS)
        sources = {name: Source(before.key, by_address=False)}
        return Order(key, way.via, way.via_values, estimate(sample).total, sources, helper=True)

    def _key_after(self, sample: Request, name: str, before: Order, *context: str) -> str:
        """The key of an order that takes ``before``'s result in the field ``name``."""
        own = {n: value for n, value in sample.values.items() if n != name}
        return self._digests.of_request(replace(sample, values=own), before.key, *context)


def _addresses(helpers: Mapping[str, Order]) -> dict[str, Source]:
    return {name: Source(helper.key, by_address=True) for name, helper in helpers.items()}


def _stand_ins(sources: Mapping[str, Source]) -> dict[str, str]:
    """What validates like the results that are not there yet."""
    return {
        name: result_of(source.key) if source.by_address else PLACEHOLDER
        for name, source in sources.items()
    }


def _is_made_by(way: AddressOnly, order: Order) -> bool:
    """Whether the order's result is already what the detour would make of it."""
    settings = {**get(order.operation).defaults(), **order.values}
    made = all(settings.get(name) == value for name, value in way.via_values.items())
    return order.operation == way.via and made

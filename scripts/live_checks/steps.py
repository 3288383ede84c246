"""What is asked: free steps first, then one cheapest request of each operation, by price."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from string import Formatter
from typing import Any
from uuid import uuid4

from addon.catalog import (
    AssetType,
    Field,
    InvalidRequest,
    Kind,
    Mode,
    Operation,
    Value,
    WireRequest,
    build_request,
    estimate,
    get,
    operations,
)
from addon.catalog.encoders import AddressOnly
from addon.service.client import STATUS_PATH, WALLET_PATHS
from scripts.live_checks.contract import WALLET, Expected, Refusal
from scripts.live_checks.inputs import PROMPT, Inputs

NO_KEY = ""
WRONG_KEY = "live-check-no-such-key"

_KEY_REFUSED = Expected((401,), "B", refusal=Refusal(("service",), "invalid_api_key", "B"))
_NO_TASK = Expected((404,), "B", refusal=Refusal(("detail",), "", "B"))
_INVALID = Expected(
    (400,), "A", refusal=Refusal(("service", "detail", "fields"), "validation_failed", "B")
)
THROTTLED = Expected(
    (429,),
    "A",
    refusal=Refusal(("service", "detail"), "rate_limited", "B", r"available in \d+ second"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """``settles`` says which marks of the contract are known for certain after it."""

    name: str
    asks: str
    settles: str

    @property
    def price(self) -> int:
        """Credits it is expected to cost."""
        return 0


@dataclass(frozen=True, slots=True)
class Read(Step):
    """A GET; ``key`` None is our own."""

    path: str
    expected: Expected
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Refused(Step):
    """A submission without any input, which nobody can carry out: that its path is there."""

    wire: WireRequest
    expected: Expected = _INVALID


@dataclass(frozen=True, slots=True)
class TooMany(Step):
    """The same again and again until the service refuses to listen."""

    wire: WireRequest


@dataclass(frozen=True, slots=True)
class Order(Step):
    """One paid request. ``sources`` are the fields that need the result of another step."""

    operation: Operation
    values: Mapping[str, Value]
    cost: int
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def price(self) -> int:
        return self.cost

    @property
    def wanted(self) -> frozenset[AssetType]:
        """Types of results of which each has to be there."""
        return _CERTAIN.get(self.operation.name, frozenset())

    @property
    def allowed(self) -> frozenset[AssetType]:
        """Types of results there may be."""
        only = self.wanted if self.operation.name in _NOTHING_ELSE else frozenset()
        return only or frozenset(self.operation.results)

    def filled(self, inputs: Inputs, addresses: Mapping[str, str]) -> dict[str, Any]:
        """The values with real files, and ``addresses`` of other steps' results."""
        given = {name: _with_files(value, inputs) for name, value in self.values.items()}
        return given | {name: addresses[step] for name, step in self.sources.items()}


_CERTAIN: Mapping[str, frozenset[AssetType]] = {
    "tencent-rapid": frozenset({AssetType.ARCHIVE}),
    "tencent-pro": frozenset({AssetType.MODEL}),
    "miniature": frozenset({AssetType.EDITED_IMAGE, AssetType.MODEL}),
}
_NOTHING_ELSE = {"tencent-rapid"}
"""Where the contract is narrower than the catalogue, which takes what comes."""

_PICTURE, _MODEL = "picture", "model"
_PLACEHOLDER = "https://example.com/model.glb"
"""In place of another step's result, while the price is worked out."""
_START: Mapping[Kind, Value] = {
    Kind.TEXT: PROMPT,
    Kind.IMAGE: _PICTURE,
    Kind.IMAGES: (_PICTURE,),
    Kind.MODEL: _MODEL,
}


def _with_files(value: Value, inputs: Inputs) -> Value:
    files = {_PICTURE: inputs.picture, _MODEL: inputs.model}
    if isinstance(value, Mapping):
        return {name: files[text] for name, text in value.items()}
    if isinstance(value, tuple):
        return tuple(files.get(text, text) for text in value)
    return files.get(value, value) if isinstance(value, str) else value


def all_steps() -> tuple[Step, ...]:
    """In the order they are taken."""
    return (*_reading(), *_refused(), *_orders())


def _reading() -> Iterator[Step]:
    wallet = WALLET_PATHS[0]
    unknown = STATUS_PATH.format(task_id=uuid4())
    yield Read("balance", "the balance", "wallet answer: A", wallet, Expected((200,), "A", WALLET))
    yield Read("no-key", "the balance, without a key", "401: B", wallet, _KEY_REFUSED, NO_KEY)
    yield Read(
        "wrong-key", "the balance, with a made-up key", "401: B", wallet, _KEY_REFUSED, WRONG_KEY
    )
    yield Read("unknown-task", "a task that never was", "404: B", unknown, _NO_TASK)


def _refused() -> Iterator[Step]:
    wires = []
    for operation in operations():
        for path in _paths(operation):
            form = operation.always_form
            wires.append(WireRequest(path, None if form else {}, {} if form else None, {}))
            name = f"refused:{path.removeprefix('/v1/').rstrip('/')}"
            words = "a submission without any input, which has to be refused"
            yield Refused(name, words, f"path: {operation.confidence}, 400: A", wires[-1])
    yield TooMany(
        "too-many-requests",
        "such submissions until one is refused for coming too soon",
        "429: A, Retry-After: C, reads are not limited: B",
        wires[0],
    )


def _paths(operation: Operation) -> Iterator[str]:
    """Every address of the operation, with each value of the fields it names."""
    for route in operation.routes:
        names = [name for _, name, _, _ in Formatter().parse(route.path) if name]
        domains = [[c.value for c in operation.field(name).offered_choices()] for name in names]
        for picked in product(*domains):
            yield route.path.format_map(dict(zip(names, picked, strict=True)))


@cache
def _orders() -> tuple[Order, ...]:
    """The cheapest first; what needs another step's result comes after it."""
    found: dict[str, Order] = {}
    for operation in operations():
        cheapest = _cheapest(operation, found)
        found[cheapest.name] = cheapest

    def total(order: Order) -> int:
        return order.price + sum(total(found[name]) for name in order.sources.values())

    return tuple(sorted(found.values(), key=lambda order: (total(order), order.name)))


def _cheapest(operation: Operation, found: dict[str, Order]) -> Order:
    sources: dict[str, str] = {}
    for given in operation.fields:
        if isinstance(given.encoder, AddressOnly):
            before = _source(given.encoder)
            sources[given.name] = before.name
            found.setdefault(before.name, before)
    values, cost = min(_requests(operation, sources), key=lambda priced: priced[1])
    return _order(operation.name, operation, values, cost, sources)


def _source(encoder: AddressOnly) -> Order:
    """The step that makes an address of our model, in the format that is taken."""
    via = get(encoder.via)
    values: dict[str, Value] = {"model_file": _MODEL, **encoder.via_values}
    alike = via.defaults().items() >= encoder.via_values.items()
    formats = [str(value) for value in encoder.via_values.values()]
    name = via.name if alike else ":".join([via.name, *formats])
    return _order(name, via, values, estimate(build_request(via.name, values)).total, {})


def _order(
    name: str,
    operation: Operation,
    values: Mapping[str, Value],
    cost: int,
    sources: Mapping[str, str],
) -> Order:
    price = operation.confidence_in(operation.price)
    settles = f"{operation.name}: {operation.confidence}, price: {price}"
    return Order(name, operation.summary, settles, operation, values, cost, sources)


def _requests(
    operation: Operation, sources: Mapping[str, str]
) -> Iterator[tuple[dict[str, Value], int]]:
    """Requests that are valid, with their prices: what prices ask for, in every combination."""
    names = dict.fromkeys(
        name for line in operation.price.lines if line.when for name in line.when.fields()
    )
    priced = [operation.field(name) for name in names]
    choosable = [one for one in priced if one.kind in {Kind.SWITCH, Kind.CHOICE}]
    # None: not given, which is what a setting has to be that another one leaves without a meaning.
    domains = [(None, *one.price_domain()) for one in choosable]
    has_wish = any(one.name == "prompt" and one.source is None for one in operation.fields)
    for mode, picked in product(operation.modes, product(*domains)):
        given = _start(operation, mode) | ({"prompt": PROMPT} if has_wish else {})
        for one, value in zip(choosable, picked, strict=True):
            if value is not None:
                given[one.name] = value
        placed = given | dict.fromkeys(sources, _PLACEHOLDER)
        try:
            request = build_request(operation.name, placed, mode)
        except InvalidRequest:
            continue
        cleaned = {name: value for name, value in given.items() if name not in sources}
        yield cleaned, estimate(request).total


def _start(operation: Operation, mode: Mode) -> dict[str, Value]:
    """What has to be there to start from this."""
    needed = (
        one
        for one in operation.fields
        if (one.source == mode or (one.required and one.when is None))
        and operation.belongs(one, mode)
    )
    return {one.name: _first(one) for one in needed}


def _first(given: Field) -> Value:
    if given.kind is Kind.VIEWS:
        views = [choice.value for choice in given.choices][: int(given.minimum or 1)]
        return dict.fromkeys(views, _PICTURE)
    return _START[given.kind] if given.kind in _START else given.offered_choices()[0].value

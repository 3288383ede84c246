"""The planner: every order, whoever makes it, as the jobs it takes; whole before any is sent.

An order is one step or several that go on with each other's results. Where an operation takes a
model by its address only, a file, or an address of another format than it takes, goes ahead through
a tool that returns the right one; that costs credits and is part of the plan. ``make_plan``
validates and prices everything, ``inputs.check_inputs`` looks at the files, ``store_plan`` queues
all jobs at once, each linked to those it takes something from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..catalog import (
    Field,
    InvalidRequest,
    Kind,
    Mode,
    Operation,
    Outcome,
    Problem,
    Request,
    Value,
    build_request,
    estimate,
    estimate_settings,
    get,
)
from ..catalog.declared.mesh_tools import CONVERTIBLE
from ..catalog.encoders import AddressOnly, is_address, result_of
from ..catalog.messages import Message
from ..catalog.prices import Estimate, PriceLine
from ..catalog.validation import by_name
from ..service.addresses import SAMPLES_ADDRESS
from ..service.file_types import named_suffix
from . import chains
from .job import Export, Job, new_job_id
from .origin import Origin

if TYPE_CHECKING:
    from .store import Store

PREVIOUS: Final = result_of("previous")
"""As the value of a field for a model or a picture: the result of the step before."""

RESULT_FILE: Final = "result.glb"
"""Stands for the file of a result that is not there yet."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of an order, with the values ``build_request`` takes."""

    operation: str
    values: Mapping[str, Any]
    mode: Mode | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The result of an earlier job of the plan, as its address or as the file that came."""

    job: str
    by_address: bool = True

    @property
    def stand_in(self) -> str:
        """What validates like the result, and is the field's value until the job is sent."""
        return result_of(self.job) if self.by_address else RESULT_FILE


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """A job that is not in the store yet."""

    id: str
    request: Request
    step: int
    """Which step it belongs to, from 0."""
    links: Mapping[str, Link] = field(default_factory=dict)
    """What comes from earlier jobs, by field."""
    export: Export | None = None
    upload_proxy: bool = False
    """Whether it only gets a model to the service, for the step's own job."""

    @property
    def credits(self) -> int:
        """What it is expected to cost."""
        return estimate(self.request).total


Priced = tuple[Operation, Estimate]
"""An operation with what it is expected to cost as it is set."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs of an order in the sequence they run."""

    steps: tuple[Step, ...]
    """What was asked for, fields under their own names."""
    jobs: tuple[PlannedJob, ...]
    exports: frozenset[str] = frozenset()
    """What stands in the steps for models that are yet to be exported."""
    own_step: int = 0
    """Which of the steps was chosen; those before and after it serve it."""

    @property
    def estimate(self) -> Estimate:
        """What all of it is expected to cost."""
        requests = [job.request for job in self.jobs]
        return _together([(get(one.operation), estimate(one)) for one in requests])

    @property
    def credits(self) -> int:
        """The same as a number, of no use where it is not known."""
        return self.estimate.total

    @property
    def unverified(self) -> tuple[Message, ...]:
        """What makes the price of some of it unknown; see ``Operation.unverified``."""
        return self.estimate.unverified

    @property
    def last(self) -> PlannedJob:
        """The job whose result was asked for."""
        return self.jobs[-1]

    @property
    def own(self) -> PlannedJob:
        """The job of the step that was chosen."""
        jobs = (job for job in self.jobs if job.step == self.own_step)
        return next(job for job in jobs if not job.upload_proxy)

    @property
    def upload_proxies(self) -> tuple[PlannedJob, ...]:
        """The jobs that only get a model to the service."""
        return tuple(job for job in self.jobs if job.upload_proxy)


def _together(priced: Sequence[Priced]) -> Estimate:
    """What several jobs cost, one line each; of a single one, what its price is made of."""
    if len(priced) == 1:
        return priced[0][1]
    return Estimate(
        tuple(PriceLine(found.total, operation.label) for operation, found in priced),
        unverified=tuple(words for _, found in priced for words in found.unverified),
        are_jobs=True,
    )


class HandOver(Enum):
    """How a step gets the result of the one before."""

    ADDRESS = auto()
    """By its address: at once, without another upload."""
    FILE = auto()
    """As the file that was downloaded: the next step may come days later, when the service has
    deleted its own. An address is taken only of a tool that makes one, as that is the cheapest to
    run once more."""


def make_plan(
    steps: Sequence[Step],
    exports: Mapping[str, Export] | None = None,
    hand_over: HandOver = HandOver.ADDRESS,
    own_step: int = 0,
) -> Plan:
    """Work out the jobs of ``steps``; raises UnknownOperation, or InvalidRequest with all problems.

    ``exports`` are the models that a background Blender has yet to write, by what stands for them
    in the steps; ``own_step`` is the chosen one of them. Reads no file.
    """
    planner = _planned(steps, exports, hand_over)
    if planner.problems:
        raise InvalidRequest(get(steps[-1].operation).label, tuple(planner.problems))
    exported = frozenset(planner.exports)
    return Plan(tuple(planner.steps), tuple(planner.jobs), exported, own_step)


def estimate_steps(
    steps: Sequence[Step],
    exports: Mapping[str, Export] | None = None,
    hand_over: HandOver = HandOver.ADDRESS,
) -> Estimate:
    """What the plan would cost, also while something in it is wrong or missing."""
    return _together(_planned(steps, exports, hand_over).priced)


def _planned(
    steps: Sequence[Step], exports: Mapping[str, Export] | None, hand_over: HandOver
) -> "_Planner":
    named = tuple(
        Step(step.operation, by_name(get(step.operation), step.values), step.mode) for step in steps
    )
    planner = _Planner(named, exports or {}, hand_over)
    for number, step in enumerate(named):
        planner.add_step(number, step)
    return planner


def plan_one(operation: str, values: Mapping[str, Any], mode: Mode | None = None) -> Plan:
    """The plan of an order of one step; raises as ``make_plan`` does."""
    return make_plan([Step(operation, values, mode)])


@dataclass(slots=True)
class _Planner:
    steps: Sequence[Step]
    exports: Mapping[str, Export]
    hand_over: HandOver
    jobs: list[PlannedJob] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    priced: list[Priced] = field(default_factory=list)
    """What each job costs, also one with problems, which is not among ``jobs``."""
    ahead: dict[tuple[str, str], str] = field(default_factory=dict)
    """Upload proxy by the model it sent and the format it made of it."""
    last: str = ""
    """Id of the last step's own job."""

    def add_step(self, number: int, step: Step) -> None:
        operation = get(step.operation)
        values = dict(step.values)
        links: dict[str, Link] = {}
        export: Export | None = None
        # What is at hand goes ahead first: it need not wait for the step before.
        fields = sorted(operation.model_fields(), key=lambda f: values.get(f.name) == PREVIOUS)
        for model in fields:
            given = values.get(model.name)
            if not isinstance(given, str) or not given.strip():
                continue
            link = self._link(number, model, given)
            if link is not None:
                links[model.name] = link
                values[model.name] = link.stand_in
                values |= self._told_format(model, link)
            elif given in self.exports:
                export = self.exports[given]
                values[model.name] = str(export.to)
            else:
                values = {**_named_format(model, given), **values}
        for picture in operation.fields:
            if picture.kind is Kind.IMAGE and number > 0 and values.get(picture.name) == PREVIOUS:
                links[picture.name] = self._link_to_picture(number, picture)
                values[picture.name] = links[picture.name].stand_in
        job_id = new_job_id()
        try:
            request = build_request(step.operation, values, step.mode)
        except InvalidRequest as error:
            self.problems += error.problems
            self.priced.append((operation, estimate_settings(operation, step.mode, values)))
        else:
            self._add(PlannedJob(job_id, request, number, links, export))
        self.last = job_id

    def _add(self, job: PlannedJob) -> None:
        self.jobs.append(job)
        self.priced.append((get(job.request.operation), estimate(job.request)))

    def _link(self, number: int, model: Field, given: str) -> Link | None:
        """The earlier job whose result the field takes; None if it takes what was given."""
        if given == PREVIOUS and number > 0:
            return self._link_to_previous(number, model)
        way = _way_to_address(model)
        if way is None:
            way = self._way_of_another(given)
        elif is_address(given) and not _is_other_format(way, given):
            return None
        return None if way is None else Link(self._send_ahead(number, way, given))

    def _link_to_previous(self, number: int, model: Field) -> Link:
        before = self.steps[number - 1]
        made_by = get(before.operation)
        if not made_by.makes_model:
            words = Message(
                "{operation} cannot go on with the result of {before}, which is no model.",
                operation=get(self.steps[number].operation).words,
                before=made_by.words,
            )
            self.problems.append(Problem(model.name, words))
        way = _way_to_address(model)
        by_file = self.hand_over is HandOver.FILE
        if way is None:
            return Link(self.last, by_address=not by_file)
        fits = _is_made_by(way, before) if by_file else self._made_format(self.last) in way.takes
        if fits:
            return Link(self.last)
        return Link(self._send_ahead(number, way, PREVIOUS))

    def _link_to_picture(self, number: int, picture: Field) -> Link:
        """The picture that the step before makes, by its address: it goes on at once."""
        made_by = get(self.steps[number - 1].operation)
        if not made_by.makes_pictures:
            words = Message(
                "{operation} cannot go on with the result of {before}, which is no picture.",
                operation=get(self.steps[number].operation).words,
                before=made_by.words,
            )
            self.problems.append(Problem(picture.name, words))
        return Link(self.last)

    def _send_ahead(self, number: int, way: AddressOnly, given: str) -> str:
        """The job of the other tool that makes an address of the model."""
        known = (given, _format(way))
        if given != PREVIOUS and known in self.ahead:
            return self.ahead[known]
        taker = get(way.via).model_fields()[0].name
        links: dict[str, Link] = {}
        export = self.exports.get(given)
        model = given if export is None else str(export.to)
        if given == PREVIOUS:
            links[taker] = Link(self.last, by_address=self.hand_over is HandOver.ADDRESS)
            model = links[taker].stand_in
        request = build_request(way.via, {**way.via_values, taker: model})
        job = PlannedJob(new_job_id(), request, number, links, export, upload_proxy=True)
        self._add(job)
        self.ahead[known] = job.id
        return job.id

    def _way_of_another(self, given: str) -> AddressOnly | None:
        """The way an exported model goes ahead for another step, if it comes out as it went in.

        It is written and uploaded for one job; all others start from what that one made of it.
        """
        export = self.exports.get(given)
        if export is None:
            return None
        own = export.to.suffix.removeprefix(".").lower()
        ways = (
            _way_to_address(model)
            for step in self.steps
            for model in get(step.operation).model_fields()
            if step.values.get(model.name) == given
        )
        return next((way for way in ways if way is not None and _format(way) == own), None)

    def _told_format(self, model: Field, link: Link) -> dict[str, Value]:
        """The value of the field that tells the service what format the linked result has."""
        way = _way_to_address(model)
        if way is None or not way.format_field:
            return {}
        made = self._made_format(link.job)
        return {way.format_field: made.upper()} if made else {}

    def _made_format(self, job_id: str) -> str:
        """The format of a job's result; "" where that is not certain, or the job not valid."""
        maker = next((job.request for job in self.jobs if job.id == job_id), None)
        return "" if maker is None else get(maker.operation).result_format(maker.values)


def _way_to_address(model: Field) -> AddressOnly | None:
    """How a model that is no address becomes one for this field; None if it need not."""
    return model.encoder if isinstance(model.encoder, AddressOnly) else None


def _is_other_format(way: AddressOnly, address: str) -> bool:
    """Whether an address ends in a format that the service does not take here, but there."""
    suffix = named_suffix(address)
    return suffix in CONVERTIBLE and suffix.removeprefix(".") not in way.takes


def _named_format(model: Field, address: str) -> dict[str, Value]:
    """What the end of an address says in place of the field for the format, if it says it."""
    way = _way_to_address(model)
    named = named_suffix(address).removeprefix(".")
    if way is None or not way.format_field or named not in way.takes:
        return {}
    return {way.format_field: named.upper()}


def _is_made_by(way: AddressOnly, step: Step) -> bool:
    """Whether the step is the very tool the way goes through, set in the same manner."""
    settings = {**get(step.operation).defaults(), **step.values}
    same = all(settings.get(name) == value for name, value in way.via_values.items())
    return step.operation == way.via and same


def _format(way: AddressOnly) -> str:
    return get(way.via).result_format(way.via_values)


class Enters(Enum):
    """What of the results enters a scene; for that a .blend is made of them."""

    NOTHING = auto()
    """Files are all that is wanted."""
    MODELS = auto()
    """The order's own result, as something new."""
    CHANGES = auto()
    """What changes the model that was sent, in its place; and a file in another format."""
    CHANGES_ONLY = auto()
    """The same, but files stay files."""


MAKES_SURFACE: Final = frozenset({Outcome.REPLACEMENT, Outcome.PARTS})
"""The model's surface is another one afterwards."""

CHANGES_MODEL: Final = MAKES_SURFACE | {Outcome.TEXTURES}


def store_plan(
    store: "Store",
    plan: Plan,
    *,
    name: str,
    service_address: str,
    folder: Path,
    origin: Origin | None = None,
    enters: Enters = Enters.NOTHING,
    save_as: Path | None = None,
) -> list[Job]:
    """Queue the jobs of a plan, all or none; each remembers its place in the order.

    ``save_as`` is where the last one's result is put as well. Samples cost nothing.
    """
    is_free = service_address == SAMPLES_ADDRESS
    places = chains.places([(job.step, job.upload_proxy) for job in plan.jobs], plan.last.id)
    with store.as_one():
        return [
            store.add(
                job.request,
                name=name,
                estimate=0 if is_free else job.credits,
                service_address=service_address,
                folder=folder,
                origin=replace(origin or Origin(), chain=place),
                wants_prepared=_enters(job, enters, is_last=job is plan.last),
                keeps_place=enters in {Enters.CHANGES, Enters.CHANGES_ONLY},
                export=job.export,
                save_as=save_as if job is plan.last else None,
                job_id=job.id,
            )
            for job, place in zip(plan.jobs, places, strict=True)
        ]


def _enters(job: PlannedJob, enters: Enters, *, is_last: bool) -> bool:
    operation: Operation = get(job.request.operation)
    if job.upload_proxy or enters is Enters.NOTHING:
        return False
    if enters is Enters.MODELS:
        return is_last and operation.makes_model
    if operation.outcome in CHANGES_MODEL:
        return True
    return is_last and enters is Enters.CHANGES and operation.outcome is Outcome.FILE


def placeholder(path: Path) -> Export:
    """A model that is only priced, not sent."""
    return Export(blend=path, to=path)

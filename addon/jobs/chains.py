"""Several steps on one model as jobs that start from each other's results.

A step's result is handed on by its address at the service, so nothing is uploaded twice. Where an
operation takes addresses only, the model goes through a tool that returns one first; that costs
credits and is part of the plan's price.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..catalog import Field, Outcome, Request, Value, build_request, estimate, get
from ..catalog.encoders import AddressOnly, result_of
from ..catalog.prices import NAMED_CREDITS, SUM
from ..catalog.sentences import Sentence, joined, sentence
from .job import Export, Job, new_job_id

if TYPE_CHECKING:
    from .store import Store

PREVIOUS: Final = ""
"""As the source of a step: the result of the step before."""

INTO_SCENE: Final = frozenset({Outcome.REPLACEMENT, Outcome.TEXTURES, Outcome.PARTS})


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of a chain; ``sources`` names a model, or PREVIOUS, for each model field."""

    operation: str
    values: Mapping[str, Value]
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """A job that is not in the store yet."""

    id: str
    request: Request
    step: int
    """Which step it belongs to, from 0."""
    export: Export | None = None
    helper: bool = False
    """Whether it only gets the model to the service, for the step's own job."""

    @property
    def credits(self) -> int:
        """What it is expected to cost."""
        return estimate(self.request).total


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs of a chain in the order they run."""

    jobs: tuple[PlannedJob, ...]

    @property
    def credits(self) -> int:
        """What all of it is expected to cost."""
        return sum(job.credits for job in self.jobs)

    def price_words(self) -> Sentence:
        """The price by job, for example ``60 Repair + 10 Convert``."""
        parts = [
            sentence(NAMED_CREDITS, credits=job.credits, label=get(job.request.operation).words)
            for job in self.jobs
        ]
        return joined(SUM, parts)


def plan(steps: Sequence[Step], models: Mapping[str, Export]) -> Plan:
    """Work out the jobs of ``steps`` on ``models``; raises InvalidRequest."""
    planner = _Planner(steps, models)
    for number, step in enumerate(steps):
        planner.add_step(number, step)
    return Plan(tuple(planner.jobs))


@dataclass(slots=True)
class _Planner:
    steps: Sequence[Step]
    models: Mapping[str, Export]
    jobs: list[PlannedJob] = field(default_factory=list)
    addresses: dict[tuple[str, str], str] = field(default_factory=dict)
    """Helper job by the source it sent and the format it made of it."""
    last: str = ""
    """Id of the last step's own job."""

    def add_step(self, number: int, step: Step) -> None:
        values: dict[str, Value] = dict(step.values)
        export: Export | None = None
        for model_field in get(step.operation).model_fields():
            source = step.sources[model_field.name]
            helper = self._helper_for(number, model_field, source)
            if helper:
                values[model_field.name] = result_of(helper)
            elif source == PREVIOUS:
                values[model_field.name] = result_of(self.last)
            else:
                export = self.models[source]
                values[model_field.name] = str(export.to)
        job = PlannedJob(new_job_id(), build_request(step.operation, values), number, export)
        self.jobs.append(job)
        self.last = job.id

    def _helper_for(self, number: int, model_field: Field, source: str) -> str:
        """The job whose result's address the field takes; "" if it needs none."""
        way = _way_to_address(model_field)
        if way is None:
            return self.addresses.get((source, GLB), "") or (
                self._send_ahead(number, source, *_GLB_WAY) if self._is_shared(source) else ""
            )
        if source == PREVIOUS and _format(way) == GLB:
            return ""
        return self._send_ahead(number, source, way.via, way.via_values)

    def _send_ahead(
        self, number: int, source: str, via: str, via_values: Mapping[str, Value]
    ) -> str:
        known = (source, str(via_values.get("output_format", GLB)))
        if source != PREVIOUS and known in self.addresses:
            return self.addresses[known]
        taker = get(via).model_fields()[0].name
        export = None if source == PREVIOUS else self.models[source]
        model = result_of(self.last) if export is None else str(export.to)
        request = build_request(via, {**via_values, taker: model})
        job = PlannedJob(new_job_id(), request, number, export, helper=True)
        self.jobs.append(job)
        self.addresses[known] = job.id
        return job.id

    def _is_shared(self, source: str) -> bool:
        """Whether another step needs the address of the source as well: then it is sent once."""
        return source != PREVIOUS and any(
            way is not None and _format(way) == GLB and step.sources[model_field.name] == source
            for step in self.steps
            for model_field in get(step.operation).model_fields()
            for way in [_way_to_address(model_field)]
        )


GLB: Final = "glb"
_GLB_WAY: Final[tuple[str, Mapping[str, Value]]] = ("convert", {"output_format": GLB})


def _way_to_address(model_field: Field) -> AddressOnly | None:
    encoder = model_field.encoder
    return encoder if isinstance(encoder, AddressOnly) else None


def _format(way: AddressOnly) -> Value:
    return way.via_values.get("output_format", GLB)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to become of the last step's result."""

    place: bool = True
    """Bring it into the scene, where it is something for a scene."""
    save_as: Path | None = None


def add(
    store: "Store",
    planned: Plan,
    *,
    name: str,
    service_address: str,
    folder: Path,
    origin: Mapping[str, Any],
    wishes: Wishes | None = None,
) -> list[Job]:
    """Queue the jobs of a plan; each remembers its place in the chain in its origin."""
    wishes = wishes or Wishes()
    steps = 1 + max(job.step for job in planned.jobs)
    chain = planned.jobs[-1].id
    added = []
    for job in planned.jobs:
        last = job is planned.jobs[-1]
        outcome = get(job.request.operation).outcome
        place = {"id": chain, "step": job.step + 1, "steps": steps, "last": last}
        added.append(
            store.add(
                job.request,
                name=name,
                estimate=job.credits,
                service_address=service_address,
                folder=folder,
                origin={**origin, "chain": place | {"helper": job.helper}},
                wants_prepared=not job.helper and _enters(outcome, last=last, wishes=wishes),
                keeps_place=True,
                export=job.export,
                save_as=wishes.save_as if last else None,
                job_id=job.id,
            )
        )
    return added


def _enters(outcome: Outcome, *, last: bool, wishes: Wishes) -> bool:
    return outcome in INTO_SCENE or (last and wishes.place and outcome is Outcome.FILE)


def is_helper(job: Job) -> bool:
    """Whether the job only got the model to the service."""
    return bool(job.origin.get("chain", {}).get("helper"))


def is_in_between(job: Job) -> bool:
    """Whether another step goes on with the job's result."""
    return not job.origin.get("chain", {}).get("last", True)


def chain_of(job: Job) -> str:
    """What names the chain that the job is a step of: its last step's id; "" if there is none."""
    return str(job.origin.get("chain", {}).get("id", ""))


def place_words(job: Job) -> str:
    """Which step the job is, for example ``Step 1 of 3``; "" if it is no step of several."""
    chain = job.origin.get("chain", {})
    steps = chain.get("steps", 1)
    return (
        sentence("Step {step} of {steps}", step=chain.get("step", 1), steps=steps)
        if steps > 1
        else ""
    )


def placeholder(path: Path) -> Export:
    """A model that is only priced, not sent."""
    return Export(blend=path, to=path)

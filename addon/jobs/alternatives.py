"""Several results of one wish, of which somebody chooses: variations, or engines side by side.

Each is an order of its own, with a price, a charge and a result of its own; they are priced and
queued together. What is not chosen stays among the results: it was paid for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ..catalog import Estimate, Group, PriceLine, get
from ..catalog.messages import Message
from . import origin, planner

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ..catalog import Operation, Value
    from .job import Job
    from .planner import Plan
    from .store import Store

MOST_VARIATIONS: Final = 4


class NotComparable(ValueError):
    """An operation is no other way to make the same; nothing was sent."""


def can_vary(operation: Operation) -> bool:
    """Whether several results of it can be ordered at once, and it be compared with others."""
    return operation.group == Group.GENERATE


def compared(operation: Operation, others: Sequence[str]) -> list[Operation]:
    """The operation, and the others by their names, each once.

    Raises UnknownOperation, and NotComparable for what makes something else.
    """
    named = dict.fromkeys(others)
    engines = [operation, *(get(name) for name in named if name != operation.name)]
    strange = next((one for one in engines if not can_vary(one)), None)
    if len(engines) > 1 and strange is not None:
        words = "{operation} makes nothing that could be compared."
        raise NotComparable(Message(words, operation=strange.words))
    return engines


def plans_of(operation: Operation, values: Mapping[str, Any], count: int) -> list[Plan]:
    """So many variations of one wish, an order each; raises as ``plan_one`` does.

    ``count`` is 1 to ``MOST_VARIATIONS``.
    """
    (first, *_) = planner.plan_one(operation.name, values).steps
    return [
        planner.plan_one(operation.name, varied(operation, first.values, n)) for n in range(count)
    ]


def varied(operation: Operation, values: Mapping[str, Value], number: int) -> dict[str, Value]:
    """The values of the variation of that number, from 0: seeds that are set differ."""
    seeds = {field.name for field in operation.fields if field.is_seed}
    return {
        name: value + number if name in seeds and isinstance(value, int) else value
        for name, value in values.items()
    }


def estimate_of(plans: Sequence[Plan]) -> Estimate:
    """What all of these orders cost."""
    return estimate_together([(get(one.own.request.operation), one.estimate) for one in plans])


def estimate_together(priced: Sequence[tuple[Operation, Estimate]]) -> Estimate:
    """What all of them cost: one line for each operation."""
    labels = list(dict.fromkeys(operation.label for operation, _ in priced))
    first = priced[0][1]
    if len(labels) == 1 and all(estimate == first for _, estimate in priced):
        return first.repeated(len(priced))
    return Estimate(
        tuple(
            PriceLine(sum(e.total for one, e in priced if one.label == label), label)
            for label in labels
        ),
        unverified=tuple(dict.fromkeys(words for _, e in priced for words in e.unverified)),
        are_jobs=True,
    )


def names_of(title: str, labels: Sequence[str]) -> list[str]:
    """What each result is called: after its engine where there are several, and numbered.

    ``labels`` are those of the engines that make them, as people read them.
    """
    each, seen, made = Counter(labels), Counter[str](), []
    for label in labels:
        seen[label] += 1
        engine = f" ({label})" if len(each) > 1 else ""
        number = f" {seen[label]}" if each[label] > 1 else ""
        made.append(f"{title}{engine}{number}")
    return made


def place_of(plans: Sequence[Plan]) -> origin.Alternative | None:
    """What each job of these orders remembers; None where there is nothing to choose."""
    return origin.Alternative(tuple(plan.last.id for plan in plans)) if len(plans) > 1 else None


def siblings(store: Store, job: Job) -> list[Job]:
    """The last jobs of all orders of the wish; none where there is nothing to choose."""
    place = job.origin.alternative
    return [] if place is None else store.some(place.orders)


def keep(store: Store, job: Job) -> list[Job]:
    """Write down that this one is chosen; gives the others, which enter no scene by themselves."""
    return [one for one in _decide(store, job, only=job.id) if one.id != job.id]


def keep_all(store: Store, job: Job) -> list[Job]:
    """Write down that there is nothing to choose any more; gives all of them."""
    return _decide(store, job)


def _decide(store: Store, job: Job, only: str = "") -> list[Job]:
    """Write the choice down for all of the wish, or for none: all are kept, or the ``only`` one."""
    found = siblings(store, job)
    with store.as_one():
        for one in found:
            place = one.origin.alternative
            if place is not None:
                decided = replace(place, is_kept=not only or one.id == only)
                store.note_origin(one.id, replace(one.origin, alternative=decided))
    return found


def to_choose(jobs: Iterable[Job], here: Collection[str]) -> frozenset[str]:
    """The results of which one is to be chosen, by their jobs' ids.

    ``here`` are the jobs whose results stand in scenes. One that was not chosen and stands there is
    back by undo: then its wish is to be decided again. What is still to come is among them.
    """
    listed = list(jobs)
    again = {wish_of(job) for job in listed if is_dropped(job) and job.id in here}
    return frozenset(
        job.id for job in listed if is_open(job) or (job.id in here and wish_of(job) in again)
    )


def wish_of(job: Job) -> str:
    """What names the wish of whose results one is to be chosen; "" if it is the only one."""
    return "" if job.origin.alternative is None else job.origin.alternative.id


def take_as_well(store: Store, job: Job) -> None:
    """Write down that this one is kept beside the one that was chosen."""
    place = job.origin.alternative
    if place is not None and is_dropped(job):
        kept = replace(place, is_kept=True)
        store.note_origin(job.id, replace(job.origin, alternative=kept))


def is_open(job: Job) -> bool:
    """Whether nobody has chosen yet."""
    return job.origin.alternative is not None and job.origin.alternative.is_kept is None


def is_dropped(job: Job) -> bool:
    """Whether another one was chosen."""
    return job.origin.alternative is not None and job.origin.alternative.is_kept is False

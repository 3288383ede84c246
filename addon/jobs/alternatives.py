"""Several results of one wish, of which somebody chooses: variations, or engines side by side.

Each is an order of its own, with a price, a charge and a result of its own; they are priced and
queued together. What is not chosen stays among the results: it was paid for.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..catalog import Estimate, Operation, PriceLine, Value
from .job import Job
from .origin import Alternative
from .planner import Plan

if TYPE_CHECKING:
    from .store import Store

MOST_VARIATIONS: Final = 4


def varied(operation: Operation, values: Mapping[str, Value], number: int) -> dict[str, Value]:
    """The values of the variation of that number, from 0: seeds that are set differ."""
    seeds = {field.name for field in operation.fields if field.is_seed}
    return {
        name: value + number if name in seeds and isinstance(value, int) else value
        for name, value in values.items()
    }


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


def place_of(plans: Sequence[Plan]) -> Alternative | None:
    """What each job of these orders remembers; None where there is nothing to choose."""
    return Alternative(tuple(plan.last.id for plan in plans)) if len(plans) > 1 else None


def siblings(store: "Store", job: Job) -> list[Job]:
    """The last jobs of all orders of the wish; none where there is nothing to choose."""
    place = job.origin.alternative
    return [] if place is None else store.some(place.orders)


def keep(store: "Store", job: Job) -> list[Job]:
    """Write down that this one is chosen; gives the others, which enter no scene by themselves."""
    return [one for one in _decide(store, job, only=job.id) if one.id != job.id]


def keep_all(store: "Store", job: Job) -> list[Job]:
    """Write down that there is nothing to choose any more; gives all of them."""
    return _decide(store, job)


def _decide(store: "Store", job: Job, only: str = "") -> list[Job]:
    """Write the choice down for all of the wish, or for none: all are kept, or the ``only`` one."""
    found = siblings(store, job)
    with store.as_one():
        for one in found:
            place = one.origin.alternative
            if place is not None:
                decided = replace(place, is_kept=not only or one.id == only)
                store.note_origin(one.id, replace(one.origin, alternative=decided))
    return found


def is_open(job: Job) -> bool:
    """Whether nobody has chosen yet."""
    return job.origin.alternative is not None and job.origin.alternative.is_kept is None


def is_dropped(job: Job) -> bool:
    """Whether another one was chosen."""
    return job.origin.alternative is not None and job.origin.alternative.is_kept is False

"""Where a job stands in its order: which step of how many, for the model or only ahead of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..catalog.sentences import sentence
from .job import Job

KEPT_AS: Final = "chain"
"""The key in a job's origin."""


def places(jobs: Sequence[tuple[int, bool]], chain: str) -> list[dict[str, Any]]:
    """What each job of an order remembers.

    ``jobs`` are the step each belongs to, from 0, and whether it is an upload proxy.
    """
    steps = 1 + max(step for step, _ in jobs)
    last = len(jobs) - 1
    return [
        {"id": chain, "step": step + 1, "steps": steps, "last": at == last, "helper": is_proxy}
        for at, (step, is_proxy) in enumerate(jobs)
    ]


def _place(job: Job) -> Mapping[str, Any]:
    place: Mapping[str, Any] = job.origin.get(KEPT_AS, {})
    return place


def is_in_between(job: Job) -> bool:
    """Whether another step goes on with the job's result."""
    return not _place(job).get("last", True)


def chain_of(job: Job) -> str:
    """What names the chain that the job is a step of: its last step's id; "" if there is none."""
    return str(_place(job).get("id", ""))


def place_words(job: Job) -> str:
    """Which step the job is, for example ``Step 1 of 3``; "" if it is no step of several."""
    place = _place(job)
    steps = place.get("steps", 1)
    return (
        sentence("Step {step} of {steps}", step=place.get("step", 1), steps=steps)
        if steps > 1
        else ""
    )

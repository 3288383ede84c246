"""Where a job stands in its order: which step of how many, for the model or only ahead of it."""

from collections.abc import Sequence

from ..catalog.messages import Message
from .job import Job
from .origin import ChainPlace


def places(jobs: Sequence[tuple[int, bool]], chain: str) -> list[ChainPlace]:
    """What each job of an order remembers.

    ``jobs`` are the step each belongs to, from 0, and whether it is an upload proxy.
    """
    steps = 1 + max(step for step, _ in jobs)
    last = len(jobs) - 1
    return [
        ChainPlace(chain, step + 1, steps, last=at == last, helper=is_proxy)
        for at, (step, is_proxy) in enumerate(jobs)
    ]


def is_in_between(job: Job) -> bool:
    """Whether another step goes on with the job's result."""
    return job.origin.chain is not None and not job.origin.chain.last


def is_helper(job: Job) -> bool:
    """Whether the job only gets a model to the service."""
    return job.origin.chain is not None and job.origin.chain.helper


def chain_of(job: Job) -> str:
    """What names the chain that the job is a step of: its last step's id; "" if there is none."""
    return "" if job.origin.chain is None else job.origin.chain.id


def order_of(job: Job) -> str:
    """What names the order that the job is part of: all its jobs are for one result."""
    place = job.origin.chain
    return job.id if place is None else place.id or job.id


def place_words(job: Job) -> str:
    """Which step the job is, for example ``Step 1 of 3``; "" if it is no step of several."""
    place = job.origin.chain
    if place is None or place.steps == 1:
        return ""
    return Message("Step {step} of {steps}", step=place.step, steps=place.steps)

"""Two clicks in the same second are one order; whoever wants two orders takes longer."""

import time
from collections.abc import Hashable, Iterable
from typing import Final

from ...jobs.planner import Step
from ..core import memory
from ..core.memory import Part

WITHIN: Final = 1.0
"""Seconds after an order in which the same one, clicked again, is not another."""


class _Last(Part):
    def __init__(self) -> None:
        self.order: Hashable = None
        self.at = 0.0


def key_of(steps: Iterable[Step], *more: Hashable) -> Hashable:
    """What tells orders apart: their steps with all settings, and ``more``."""
    return (
        *((step.operation, step.mode, repr(sorted(step.values.items()))) for step in steps),
        more,
    )


def is_repeated(order: Hashable) -> bool:
    """Whether this was ordered by the click just before."""
    last = memory.of(_Last)
    return order == last.order and time.monotonic() - last.at < WITHIN


def note(order: Hashable) -> None:
    """Remember what was just ordered; to be called at the end, as clicks meanwhile wait for it."""
    last = memory.of(_Last)
    last.order, last.at = order, time.monotonic()

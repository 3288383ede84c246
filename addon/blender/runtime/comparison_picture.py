"""A picture of results side by side, rendered by a background Blender.

One at a time. It asks nobody for anything: no key, no network, no credits.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ...catalog.messages import Message
from ..core import memory
from ..core.ids import OperatorId, operator
from ..core.memory import Part
from ..model.failure import reported
from . import background_tasks, worker_host
from .background_tasks import Task

if TYPE_CHECKING:
    from pathlib import Path

    from ...jobs.job import Prepared

log = logging.getLogger(__name__)

TIMEOUT: Final = 900.0
"""Seconds after which something must be wrong."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A result of the picture, from left to right."""

    lines: Sequence[str]
    """What is said of it, in the language of the interface."""
    prepared: Prepared | None
    """None where nothing came."""


class _Current(Part):
    def __init__(self) -> None:
        self.wish = ""
        self.task: Task | None = None
        self.trouble = ""

    def forget_file(self) -> None:
        stop()


def start(wish: str, results: Sequence[Shown], to: Path) -> None:
    """Have the results of that wish rendered into the PNG file ``to``; raises OSError."""
    stop()
    order = {
        "results": [
            {
                "lines": list(one.lines),
                "blend": "" if one.prepared is None else str(one.prepared.path),
                "collection": "" if one.prepared is None else one.prepared.collection,
            }
            for one in results
        ],
        "picture": str(to),
    }
    current = memory.of(_Current)
    task = Task(
        worker_host.comparison_command(),
        order,
        TIMEOUT,
        done=partial(_show, to),
        failed=_tell,
        changes_scene=True,
    )
    background_tasks.start(task)
    current.task, current.wish = task, wish


def wish_rendered() -> str:
    """Which wish is being rendered; "" when none is."""
    current = memory.of(_Current)
    return current.wish if background_tasks.is_running(current.task) else ""


def trouble() -> str:
    """Why the last picture was not made, or not shown; "" where it was."""
    return memory.of(_Current).trouble


def stop() -> None:
    """End the run under way and forget the last trouble."""
    current = memory.of(_Current)
    background_tasks.end(current.task)
    current.task, current.wish, current.trouble = None, "", ""


def _show(to: Path, _report: Mapping[str, Any]) -> None:
    """Through an operator, so that it is one undo step; the picture is there in any case."""
    try:
        operator(OperatorId.SHOW_COMPARISON)("EXEC_DEFAULT", True, filepath=str(to))
    except RuntimeError as error:
        log.warning("the comparison is not shown: %s", error)
        memory.of(_Current).trouble = Message(
            "Saved as {path}, but not shown: {error}", path=to, error=reported(error)
        )


def _tell(trouble: str) -> None:
    log.warning("the comparison was not rendered: %s", trouble)
    memory.of(_Current).trouble = trouble

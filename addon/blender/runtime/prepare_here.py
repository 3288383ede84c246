"""Results that a newer Blender has prepared: this one may not be able to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...catalog.messages import Message
from ...jobs.states import State
from ..core import session
from . import worker_host

if TYPE_CHECKING:
    from ...jobs.job import Job

PREPARED_AGAIN: Final = (
    "{name} was prepared by a newer Blender, and is now prepared for this one: import it again "
    "when it is ready."
)


def prepare_here(job: Job) -> str:
    """Have a Blender of this version prepare the result; says so.

    Raises IllegalTransition, UnknownJob and ServiceError.
    """
    session.store().change(
        job.id, State.PREPARING, expected=job.state, prepared=None, failure=None, next_at=0.0
    )
    worker_host.nudge()
    return Message(PREPARED_AGAIN, name=job.name)

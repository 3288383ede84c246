"""Results that this Blender cannot read: a newer one has prepared them, or they were damaged."""

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


UNREADABLE: Final = (
    "{name} cannot be read any more, and is prepared again from the downloaded files: import it "
    "again when it is ready."
)


def prepare_here(job: Job, words: str = PREPARED_AGAIN) -> str:
    """Have a Blender of this version prepare the result; says so.

    Raises IllegalTransition, UnknownJob and ServiceError.
    """
    session.store().change(
        job.id, State.PREPARING, expected=job.state, prepared=None, failure=None, next_at=0.0
    )
    worker_host.nudge()
    return Message(words, name=job.name)

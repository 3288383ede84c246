"""The life of a job as one table."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "QUEUED"
    """Waiting to be sent; nothing was charged."""
    EXPORTING = "EXPORTING"
    """A background Blender writes the model file that is to be sent; nothing was charged."""
    SUBMITTING = "SUBMITTING"
    """Being sent: whether the service has taken it is not known yet."""
    PENDING = "PENDING"
    """Taken by the service (a task id is known), waiting there."""
    RUNNING = "RUNNING"
    """The service works on it."""
    DOWNLOADING = "DOWNLOADING"
    """The results are being fetched."""
    PREPARING = "PREPARING"
    """A background Blender turns the files into a .blend."""
    READY = "READY"
    """The files, and the .blend if one was wanted, are on disk."""
    PLACED = "PLACED"
    """The result was brought into a scene."""
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    """The service no longer has the result."""
    ABANDONED = "ABANDONED"
    """Taken off the list of work by the user."""
    UNKNOWN = "UNKNOWN"
    """Sent, but the answer never came: the user decides whether to send it again."""


ACTIVE: frozenset[State] = frozenset(
    {
        State.QUEUED,
        State.EXPORTING,
        State.SUBMITTING,
        State.PENDING,
        State.RUNNING,
        State.DOWNLOADING,
        State.PREPARING,
    }
)
"""The runner moves these forward by itself."""

IN_BACKGROUND: frozenset[State] = frozenset({State.EXPORTING, State.PREPARING})
"""These are the work of a background Blender, and need no network."""

NOT_SENT: frozenset[State] = frozenset({State.QUEUED, State.EXPORTING})
"""Nothing of these has left this machine: they can be cancelled and cost nothing."""

AT_SERVICE: frozenset[State] = frozenset({State.PENDING, State.RUNNING})
"""The service has these, and has not ended them or does not give out what it made."""

TRANSFERS: frozenset[State] = ACTIVE - AT_SERVICE - IN_BACKGROUND
"""Steps of these may take long: files go or come."""

WAITING: frozenset[State] = frozenset({State.READY, State.UNKNOWN})
"""These wait for a person (or, for READY, for Blender to bring the result in)."""

ENDED: frozenset[State] = frozenset({State.PLACED, State.FAILED, State.EXPIRED, State.ABANDONED})
"""Nothing more happens to these by itself."""

TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.QUEUED: frozenset(
            {State.EXPORTING, State.SUBMITTING, State.FAILED, State.ABANDONED, State.PENDING}
        ),
        State.EXPORTING: frozenset({State.QUEUED, State.FAILED, State.ABANDONED}),
        State.SUBMITTING: frozenset({State.PENDING, State.QUEUED, State.FAILED, State.UNKNOWN}),
        State.PENDING: frozenset(
            {
                State.RUNNING,
                State.DOWNLOADING,
                State.FAILED,
                State.EXPIRED,
                State.ABANDONED,
            }
        ),
        State.RUNNING: frozenset({State.DOWNLOADING, State.FAILED, State.EXPIRED, State.ABANDONED}),
        State.DOWNLOADING: frozenset(
            {State.PREPARING, State.READY, State.FAILED, State.EXPIRED, State.ABANDONED}
        ),
        # DOWNLOADING: somebody has deleted the files.
        State.PREPARING: frozenset({State.READY, State.DOWNLOADING, State.FAILED, State.ABANDONED}),
        # PREPARING: the .blend was made by a newer Blender, or cannot be read.
        State.READY: frozenset({State.PLACED, State.PREPARING}),
        # PREPARING: asked for once more, by an older Blender than the one that made the .blend.
        State.PLACED: frozenset({State.PREPARING}),
        # By the user: look at a known task again, prepare kept files again, or send again what
        # was refused without a task id (nothing was charged for it).
        State.FAILED: frozenset({State.PENDING, State.PREPARING, State.QUEUED}),
        State.EXPIRED: frozenset({State.PENDING}),
        State.ABANDONED: frozenset({State.PENDING}),
        # PENDING: an answer that arrived after all, for example when the machine had been asleep.
        State.UNKNOWN: frozenset({State.PENDING, State.QUEUED, State.ABANDONED}),
    }
)
"""State -> the states it may become. Staying in a state (progress, waiting) is always allowed."""

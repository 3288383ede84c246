"""Results of one wish of which one is to be chosen, as viewports show them."""

from dataclasses import dataclass

from .viewports import Corner


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one of them stands, or was to stand."""

    job_id: str
    scene_uid: int
    """Session id of the scene."""
    low: Corner
    high: Corner
    """In scene units, in the world, when it was last looked at."""
    objects: tuple[str, ...] = ()
    """Names of what was placed; none where nothing came."""

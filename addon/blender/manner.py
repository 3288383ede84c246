"""How a result enters a scene: where it stands, how large it is, what it is put into. No bpy.

Chosen in the sidebar, written into the job when it is ordered (``Job.origin["placement"]``), and
read back from there when the result comes, so a setting changed meanwhile surprises nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ..jobs.job import Job

KEPT_AS: Final = "placement"
"""Where in a job's origin the manner and the targets of its placement are."""


class Where(StrEnum):
    """What a result stands on."""

    CURSOR = "CURSOR"
    SURFACE = "SURFACE"
    SELECTION = "SELECTION"


class SizeBy(StrEnum):
    """What decides the size."""

    FILE = "FILE"
    LONGEST = "LONGEST"
    HEIGHT = "HEIGHT"


class Into(StrEnum):
    """The collection it is put into."""

    OWN = "OWN"
    ACTIVE = "ACTIVE"


@dataclass(frozen=True, slots=True)
class Manner:
    """One choice of everything; the defaults are those of the sidebar."""

    where: Where = Where.CURSOR
    size_by: SizeBy = SizeBy.FILE
    metres: float = 1.0
    """Longest side or height, as ``size_by`` says."""
    origin_at_base: bool = True
    """Whether the object's origin is where it stands; else where the file has it."""
    into: Into = Into.OWN

    def to_json(self) -> dict[str, Any]:
        """For a job's origin."""
        return asdict(self)


def of_job(job: Job) -> Manner:
    """The manner the job was ordered with; the default for jobs that were ordered without."""
    kept: Mapping[str, Any] = job.origin.get(KEPT_AS, {})
    known = {field.name for field in fields(Manner)}
    values = {name: value for name, value in kept.items() if name in known}
    try:
        values |= {
            name: kind(values[name])
            for name, kind in (("where", Where), ("size_by", SizeBy), ("into", Into))
            if name in values
        }
    except ValueError:  # ordered by a newer version, which knows more
        return Manner()
    return Manner(**values)

"""Rounds of candidates among the jobs that are known, newest first. Only reads."""

from dataclasses import dataclass

from ...jobs import candidates
from ...jobs.states import ACTIVE
from ..snapshot.snapshot import JobRow, Snapshot
from .picture_results import HAVE_RESULTS, pictures_of


@dataclass(frozen=True, slots=True)
class Round:
    """The pictures of one wish."""

    id: str
    rows: tuple[JobRow, ...]
    """Its jobs, in the sequence they were asked for."""

    @property
    def pictures(self) -> list[str]:
        """The files that are there."""
        done = (row.job for row in self.rows if row.job.state in HAVE_RESULTS)
        return [str(path) for job in done for path in pictures_of(job)]

    @property
    def ordered(self) -> int:
        """How many pictures were ordered."""
        return sum(candidates.ordered_pictures(row.job) for row in self.rows)

    @property
    def under_way(self) -> list[JobRow]:
        """What is still to come."""
        return [row for row in self.rows if row.job.state in ACTIVE]

    @property
    def without_result(self) -> list[JobRow]:
        """What ended without a picture."""
        ended = (row for row in self.rows if row.job.state not in ACTIVE)
        return [row for row in ended if row.job.state not in HAVE_RESULTS]


def rounds_of(current: Snapshot) -> list[Round]:
    """All that are among the jobs known."""
    rows = {row.job.id: row for row in current.known}
    newest = sorted((row.job for row in rows.values()), key=lambda job: -job.created_at)
    return [
        Round(name, tuple(rows[job.id] for job in jobs))
        for name, jobs in candidates.rounds(newest).items()
    ]


def shown_round(found: list[Round], wanted: str) -> Round | None:
    """The one of that id, else the newest; None where there is none."""
    named = (one for one in found if one.id == wanted)
    return next(named, None) or next(iter(found), None)


def all_pictures(current: Snapshot) -> list[str]:
    """The pictures of all rounds."""
    return [picture for one in rounds_of(current) for picture in one.pictures]

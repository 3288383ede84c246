"""Which jobs were written, by anyone: the file itself keeps count, whoever writes to it."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Final, NamedTuple

from ..service.errors import Charged
from .charges import Charges, Sum, fate_of
from .clock import Clock
from .file_uses import FileUses
from .states import State

AMONG: Final = "id IN (SELECT value FROM json_each(?))"
"""In SQL whether it is one of the jobs that ``listed_ids`` makes the parameter of."""


STATES: Final = frozenset(State)


def listed_ids(ids: Collection[str]) -> str:
    """The parameter of ``AMONG``: one, however many there are."""
    return json.dumps(list(ids))


class News(NamedTuple):
    """What was written since a change."""

    jobs: list[str]
    """Ids, also of jobs that are gone."""
    number: int
    """Of the newest change."""


class Changes(FileUses):
    """The changes' part of the store, and what is added up from change to change."""

    def __init__(self, path: Path, *, durable: bool = True, clock: Clock | None = None) -> None:
        """Open or make the file; raises StoreUnusable."""
        super().__init__(path, durable=durable, clock=clock)
        self._added_up: _AddedUp | None = None
        self._is_looking = False
        """Whether what is read now is of one moment, and nothing of it can be taken back."""

    def newest_change(self) -> int:
        """The number of the newest change of any job; 0 before the first."""
        with self._lock:
            (number,) = self._db.execute("SELECT MAX(number) FROM changes").fetchone()
        return int(number or 0)

    def changed_since(self, number: int) -> News:
        """The jobs written after that change, each once, in the sequence of their last changes."""
        with self._lock:
            found = self._db.execute(
                "SELECT job, number FROM changes WHERE number > ? ORDER BY number", (number,)
            ).fetchall()
        return News([row["job"] for row in found], found[-1]["number"] if found else number)

    def charges_since(self, service_address: str, since: float) -> Sum:
        """The credits of what was sent to that address since then, also of what left the list.

        An interface asks at every change, and there may be thousands: of what was added up before
        only what has changed is read again.
        """
        asked = (service_address, since)
        with self._lock:
            if self._db.in_transaction and not self._is_looking:  # what is not written yet counts
                return self._all_since(asked).sum
            before = self._added_up
            if before is None or before.asked != asked:
                number, charges = self.newest_change(), self._all_since(asked)
            else:
                news = self.changed_since(before.number)
                number, charges = news.number, before.charges
                self._added_up = None  # in case that reading fails
                self._count_anew(charges, asked, news.jobs)
            self._added_up = _AddedUp(asked, number, charges)
            return charges.sum

    def _all_since(self, asked: tuple[str, float]) -> Charges:
        charges = Charges()
        self._put(charges, "WHERE service_address = ? AND submitted_at >= ?", *asked)
        return charges

    def _count_anew(self, charges: Charges, asked: tuple[str, float], jobs: list[str]) -> None:
        if jobs:
            for job_id in jobs:
                charges.take_out(job_id)
            # The signs keep SQLite from going through all that was sent since.
            wanted = f"WHERE +service_address = ? AND +submitted_at >= ? AND {AMONG}"
            self._put(charges, wanted, *asked, listed_ids(jobs))

    def _put(self, charges: Charges, wanted: str, *parameters: object) -> None:
        found = self._db.execute(
            "SELECT id, state, task_id IS NOT NULL AS was_taken,"
            " iif(json_valid(failure), json_extract(failure, '$.charged'), NULL) AS said,"
            f" COALESCE(charged, estimate) AS credits FROM jobs {wanted}",
            parameters,
        )
        for row in found:
            if row["state"] in STATES:  # else it is a newer version's
                said = Charged.named(row["said"])
                fate = fate_of(State(row["state"]), was_taken=bool(row["was_taken"]), said=said)
                charges.put(row["id"], fate, row["credits"])


class _AddedUp(NamedTuple):
    """What was sent to an address from a time on, as of the change of that number."""

    asked: tuple[str, float]
    number: int
    charges: Charges

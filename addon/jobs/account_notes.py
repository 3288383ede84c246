"""What all jobs of an account share: the last balance, and the limit of submissions."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ..service.answers import LONGEST_WAIT, Wallet
from ..service.throttle import wait_for_slot
from . import rows
from .database import Database
from .job import Failure

REMEMBERED: Final = 3600.0
"""Seconds for which submissions are kept."""


@dataclass(frozen=True, slots=True)
class WalletNote:
    """What was last heard of the account: the wallet, or why there is none."""

    wallet: Wallet | None
    seen_at: float
    failure: Failure | None = None


class AccountNotes(Database):
    """The account's part of the store."""

    def wallet(self, service_address: str) -> WalletNote | None:
        """What was last heard of the account at that address."""
        with self._lock:
            row = self._db.execute(
                "SELECT * FROM wallets WHERE service_address = ?", (service_address,)
            ).fetchone()
        if row is None:
            return None
        balance = row["balance"]
        wallet = None if balance is None else Wallet(Decimal(balance), row["rate_limit"])
        return WalletNote(wallet, row["seen_at"], rows.failure_from_text(row["failure"]))

    def save_wallet(
        self,
        service_address: str,
        wallet: Wallet | None,
        failure: Failure | None = None,
    ) -> None:
        """Remember the account's answer, or why there was none (the last balance then goes)."""
        balance = None if wallet is None else str(wallet.balance)
        rate_limit = None if wallet is None else wallet.rate_limit
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO wallets VALUES (?, ?, ?, ?, ?)",
                (
                    service_address,
                    balance,
                    rate_limit,
                    self._clock.now(),
                    rows.failure_text(failure),
                ),
            )

    def submit_wait(self, account: str, limit: int, now: float) -> float:
        """Seconds until the account may submit again, without taking the slot.

        A time later than ``now`` is of a clock that has been set right since: such a submission
        counts as just made, such a pause only if it is one the service asks for.
        """
        with self._lock:
            self._db.execute(
                "UPDATE submissions SET at = ? WHERE account = ? AND at > ?", (now, account, now)
            )
            pause = self._db.execute(
                "SELECT until FROM pauses WHERE account = ?", (account,)
            ).fetchone()
            taken = [
                row["at"]
                for row in self._db.execute(
                    "SELECT at FROM submissions WHERE account = ?", (account,)
                )
            ]
        paused = 0.0 if pause is None else max(0.0, pause["until"] - now)
        return max(paused if paused <= LONGEST_WAIT else 0.0, wait_for_slot(taken, now, limit))

    def take_submit_slot(self, account: str, limit: int, now: float) -> float:
        """Take one of the account's submissions: 0.0 = taken, else seconds to wait."""
        with self._transaction():
            wait = self.submit_wait(account, limit, now)
            if wait == 0.0:
                self._db.execute(
                    "DELETE FROM submissions WHERE account = ? AND at <= ?",
                    (account, now - REMEMBERED),
                )
                self._db.execute("INSERT INTO submissions VALUES (?, ?)", (account, now))
            return wait

    def submissions_since(self, account: str, since: float) -> int:
        """How many submissions were begun after that, at most ``REMEMBERED`` seconds back."""
        with self._lock:
            (count,) = self._db.execute(
                "SELECT COUNT(*) FROM submissions WHERE account = ? AND at > ?", (account, since)
            ).fetchone()
        return int(count)

    def pause_submits(self, account: str, until: float) -> None:
        """Let nobody submit for the account before ``until``: the service said so."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO pauses VALUES (?, ?)", (account, until))

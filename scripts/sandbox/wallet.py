"""Credits: a price is taken at submission and given back when the task fails."""

from dataclasses import dataclass
from typing import Literal

from scripts.sandbox.clock import Clock
from scripts.sandbox.database import Database


class InsufficientCredits(Exception):
    """The balance is below the price."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One change of a balance, in whole credits; spending is negative."""

    account: str
    task: str
    kind: Literal["spent", "refunded"]
    amount: int
    at: float


class Wallet:
    """Balances by account; an account seen for the first time starts with ``initial`` credits."""

    def __init__(self, database: Database, clock: Clock, initial: int) -> None:
        self._database = database
        self._clock = clock
        self._initial = initial

    def balance(self, account: str) -> int:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO accounts VALUES (?, ?)", (account, self._initial)
            )
            (balance,) = connection.execute(
                "SELECT balance FROM accounts WHERE id = ?", (account,)
            ).fetchone()
        return int(balance)

    def set_balance(self, account: str, balance: int) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO accounts VALUES (?, ?) "
                "ON CONFLICT (id) DO UPDATE SET balance = excluded.balance",
                (account, balance),
            )

    def spend(self, account: str, task: str, price: int) -> None:
        """Raises InsufficientCredits, with nothing taken, when the balance is below ``price``."""
        with self._database.transaction():
            if self.balance(account) < price:
                raise InsufficientCredits
            self._book(Transaction(account, task, "spent", -price, self._clock.now()))

    def refund(self, account: str, task: str, price: int) -> None:
        with self._database.transaction():
            self._book(Transaction(account, task, "refunded", price, self._clock.now()))

    def transactions(self) -> list[Transaction]:
        """All of them, oldest first."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT account, task, kind, amount, at FROM transactions ORDER BY number"
            ).fetchall()
        return [Transaction(*row) for row in rows]

    def _book(self, entry: Transaction) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE accounts SET balance = balance + ? WHERE id = ?",
                (entry.amount, entry.account),
            )
            connection.execute(
                "INSERT INTO transactions (account, task, kind, amount, at) VALUES (?, ?, ?, ?, ?)",
                (entry.account, entry.task, entry.kind, entry.amount, entry.at),
            )

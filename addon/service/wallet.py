"""The account's credits as the service states them."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Wallet:
    """``balance`` in credits; ``rate_limit`` in submissions a minute, if the service said it."""

    balance: Decimal
    rate_limit: int | None = None

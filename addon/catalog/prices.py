"""Price rules and what they come to. Every figure is an estimate: the wallet is the truth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from .conditions import Condition, Settings
from .messages import Message, joined


@dataclass(frozen=True, slots=True)
class PriceLine:
    """Credits added while ``when`` holds (always, if None)."""

    credits: int
    label: str
    when: Condition | None = None

    @property
    def words(self) -> Message:
        """Say it, for example ``20 credits PBR textures``."""
        return Message(NAMED_CREDITS, credits=self.credits, label=Message(self.label))


UNKNOWN_PRICE: Final = "What {what} costs is not known: the service's documentation lacks it."
CREDITS: Final = "{credits} credits"
SUM: Final = "{first} + {then}"
NAMED_CREDITS: Final = "{credits} credits {label}"


@dataclass(frozen=True, slots=True)
class Price:
    """The sum of the lines that apply, times the value of the integer field ``per``."""

    lines: tuple[PriceLine, ...]
    per: str = ""
    confidence: str = ""
    """How well it is known; as well as its operation if it does not say."""

    def fields(self) -> tuple[str, ...]:
        """Names of the fields that decide which lines apply."""
        named = (name for line in self.lines if line.when for name in line.when.fields())
        return tuple(dict.fromkeys(named))

    def estimate(self, settings: Settings) -> "Estimate":
        """Add up the lines that apply to these settings."""
        applying = tuple(
            line for line in self.lines if line.when is None or line.when.holds(settings)
        )
        count = settings.values.get(self.per, 1) if self.per else 1
        return Estimate(applying, count if isinstance(count, int) else 1)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a request is expected to cost: the sum of ``lines``, ``times`` over."""

    lines: tuple[PriceLine, ...]
    times: int = 1
    unverified: tuple[Message, ...] = ()
    """What makes the price unknown; the sum is then that of what is known, for comparison only."""
    are_jobs: bool = False
    """Whether each line is a job of its own, and not an addition to the first."""

    @property
    def is_known(self) -> bool:
        """Whether the sum is what it should cost."""
        return not self.unverified

    @property
    def each(self) -> int:
        """Credits for one piece."""
        return sum(line.credits for line in self.lines)

    @property
    def total(self) -> int:
        """Credits for all of it."""
        return self.each * self.times

    def repeated(self, times: int) -> "Estimate":
        """The same for as many orders of the kind."""
        return replace(self, times=self.times * times)

    def words(self) -> Message:
        """Say the sum, for example ``35 credits + 20 credits textures``, or why there is none."""
        if not self.is_known:
            return unknown_price(self.unverified)
        parts = [
            line.words if index or self.are_jobs else Message(CREDITS, credits=line.credits)
            for index, line in enumerate(self.lines)
        ]
        total = joined(SUM, parts or [Message(CREDITS, credits=0)])
        if self.times == 1:
            return total
        times = "({total}) x {times}" if len(parts) > 1 else "{total} x {times}"
        return Message(times, total=total, times=self.times)


def unknown_price(unverified: Sequence[Message]) -> Message:
    """Say why there is no price; there is something ``unverified``."""
    return Message(UNKNOWN_PRICE, what=joined("{first} and {then}", unverified))

"""Small predicates over a request's settings, used wherever the catalogue says "only when".

They are data, so the sidebar (show a field?), validation (may it be given?), routing and prices
all read the same declaration.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from .messages import Message, joined
from .values import Mode, Value, Values

EITHER: Final = "{first} or {then}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a condition may look at: the mode and the effective field values."""

    mode: Mode | None
    values: Values


class Condition(Protocol):
    """A yes/no question about settings that can also say itself in words."""

    def holds(self, settings: Settings) -> bool: ...

    def words(self, labels: Mapping[str, str]) -> Message:
        """Return the condition as English, naming fields by ``labels[name]``."""
        ...

    def fields(self) -> tuple[str, ...]:
        """Names of the fields it looks at."""
        ...


@dataclass(frozen=True, slots=True)
class Is:
    """The field has one of the given values."""

    field: str
    allowed: tuple[Value, ...]

    def __init__(self, field: str, *allowed: Value) -> None:
        object.__setattr__(self, "field", field)
        object.__setattr__(self, "allowed", allowed or (True,))

    def holds(self, settings: Settings) -> bool:
        return settings.values.get(self.field) in self.allowed

    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    def words(self, labels: Mapping[str, str]) -> Message:
        label = Message(labels.get(self.field, self.field))
        if self.allowed == (True,):
            return Message("{field} is on", field=label)
        if self.allowed == (False,):
            return Message("{field} is off", field=label)
        values = joined(EITHER, [Message(str(value)) for value in self.allowed])
        return Message("{field} is {values}", field=label, values=values)


@dataclass(frozen=True, slots=True)
class Given:
    """The field has a value that is not empty."""

    field: str

    def holds(self, settings: Settings) -> bool:
        return settings.values.get(self.field) not in (None, "", (), {})

    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    def words(self, labels: Mapping[str, str]) -> Message:
        return Message("{field} is given", field=Message(labels.get(self.field, self.field)))


@dataclass(frozen=True, slots=True)
class Includes:
    """The field (views by name, or a list) holds at least one of the given names."""

    field: str
    names: tuple[str, ...]

    def __init__(self, field: str, *names: str) -> None:
        object.__setattr__(self, "field", field)
        object.__setattr__(self, "names", names)

    def holds(self, settings: Settings) -> bool:
        value = settings.values.get(self.field)
        return isinstance(value, Mapping | tuple) and any(name in value for name in self.names)

    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    def words(self, labels: Mapping[str, str]) -> Message:
        label = Message(labels.get(self.field, self.field))
        names = joined(EITHER, [Message(name) for name in self.names])
        return Message("{field} include {names}", field=label, names=names)


@dataclass(frozen=True, slots=True)
class InMode:
    """The request starts from one of these."""

    modes: tuple[Mode, ...]

    def __init__(self, *modes: Mode) -> None:
        object.__setattr__(self, "modes", modes)

    def holds(self, settings: Settings) -> bool:
        return settings.mode in self.modes

    def fields(self) -> tuple[str, ...]:
        return ()

    def words(self, labels: Mapping[str, str]) -> Message:
        names = joined(
            EITHER, [Message(mode.value.replace("_", "-").lower()) for mode in self.modes]
        )
        return Message("the request starts from {names}", names=names)


@dataclass(frozen=True, slots=True)
class Not:
    """The inner condition does not hold."""

    inner: Condition

    def holds(self, settings: Settings) -> bool:
        return not self.inner.holds(settings)

    def fields(self) -> tuple[str, ...]:
        return self.inner.fields()

    def words(self, labels: Mapping[str, str]) -> Message:
        return Message("not: {condition}", condition=self.inner.words(labels))


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every inner condition holds."""

    inner: tuple[Condition, ...]

    def __init__(self, *inner: Condition) -> None:
        object.__setattr__(self, "inner", inner)

    def holds(self, settings: Settings) -> bool:
        return all(condition.holds(settings) for condition in self.inner)

    def fields(self) -> tuple[str, ...]:
        return tuple(name for condition in self.inner for name in condition.fields())

    def words(self, labels: Mapping[str, str]) -> Message:
        return joined("{first} and {then}", [inner.words(labels) for inner in self.inner])


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one inner condition holds."""

    inner: tuple[Condition, ...]

    def __init__(self, *inner: Condition) -> None:
        object.__setattr__(self, "inner", inner)

    def holds(self, settings: Settings) -> bool:
        return any(condition.holds(settings) for condition in self.inner)

    def fields(self) -> tuple[str, ...]:
        return tuple(name for condition in self.inner for name in condition.fields())

    def words(self, labels: Mapping[str, str]) -> Message:
        return joined(EITHER, [inner.words(labels) for inner in self.inner])

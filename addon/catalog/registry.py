"""The list of all operations and the way to one of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .group import Group
    from .operation import Operation


class UnknownOperation(LookupError):
    """No operation of that name is declared; the text says which one was probably meant."""


def operations(group: Group | None = None) -> tuple[Operation, ...]:
    """All operations, or those of one group, in the order they are offered."""
    from .declared import OPERATIONS  # late: many programs ask for none

    return tuple(op for op in OPERATIONS if group is None or op.group == group)


@cache
def _by_name() -> dict[str, Operation]:
    return {operation.name: operation for operation in operations()}


def groups() -> tuple[Group, ...]:
    """All groups that have operations, in order."""
    return tuple(dict.fromkeys(op.group for op in operations()))


def get(name: str) -> Operation:
    """Return the operation of that name; raises UnknownOperation."""
    found = _by_name().get(name)
    if found is None:
        from difflib import get_close_matches  # late: hardly ever needed

        close = get_close_matches(name, _by_name(), n=1)
        meant = f' Did you mean "{close[0]}"?' if close else ""
        raise UnknownOperation(f'There is no operation "{name}".{meant}')
    return found

"""One declaration per operation of the service. Every module here is found by itself.

An operation is a name of a module that holds an ``Operation``; names that begin with an
underscore are the module's own.
"""

from importlib import import_module
from pathlib import Path

from ..operation import Operation


def _found() -> list[Operation]:
    names = sorted(path.stem for path in Path(__path__[0]).glob("[!_]*.py"))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return [
        value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Operation) and not name.startswith("_")
    ]


def _place(operation: Operation) -> tuple[int, str, int, str]:
    group = operation.group
    return group.order, group.name, operation.order, operation.name


OPERATIONS: tuple[Operation, ...] = tuple(sorted(_found(), key=_place))
"""In the order they are offered: by group, in it by ``order``, and the same ones by name."""

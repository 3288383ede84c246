"""The work behind each kind of task.

Engines are imported when first used: the front starts without loading image and mesh libraries.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..work import Engine, Result, Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..contract import Endpoint


@dataclass(frozen=True, slots=True)
class _Late:
    """An engine that a worker process can be sent: a closure could not be pickled."""

    module: str
    function: str

    def __call__(self, work: Work) -> list[Result]:
        engine: Engine = getattr(
            importlib.import_module(f"{__name__}.{self.module}"), self.function
        )
        return engine(work)


def engines_of(endpoints: Iterable[Endpoint]) -> dict[str, Engine]:
    """Kind of task -> engine; an engine raises ``EngineFailed`` when the work cannot be done."""
    return {endpoint.kind: _engine(endpoint.engine) for endpoint in endpoints}


def _engine(named: Engine | str) -> Engine:
    return _Late(*named.split(":")) if isinstance(named, str) else named

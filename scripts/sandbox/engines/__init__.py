"""The work behind each kind of task.

Engines are imported when first used: the front starts without loading image and mesh libraries.
"""

from __future__ import annotations

import importlib

from ..work import Engine, Result, Work


def _lazy(module: str, function: str) -> Engine:
    def run(work: Work) -> list[Result]:
        engine: Engine = getattr(importlib.import_module(f"{__name__}.{module}"), function)
        return engine(work)

    return run


ENGINES: dict[str, Engine] = {
    "rapid": _lazy("generate", "rapid"),
    "pro": _lazy("generate", "pro"),
    "trellis": _lazy("generate", "trellis"),
}
"""Kind of task -> engine; an engine raises ``EngineFailed`` when the work cannot be done."""

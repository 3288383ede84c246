"""What the HTTP front hands to an engine, and what an engine hands back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_COARSER = 4


@dataclass(frozen=True, slots=True)
class Work:
    """One accepted task.

    ``parameters`` carry the contract's names with every default filled in; ``files`` are the
    decoded inputs on disk (``image``, ``model``, a view name, ...); results go into ``folder``.
    """

    kind: str
    parameters: Mapping[str, Any]
    files: Mapping[str, Path]
    folder: Path
    draft: bool = False
    """Nobody looks at the result closely: it may be coarse."""

    def side(self, usual: int) -> int:
        """How fine to work where no parameter says so, in texels or cells along one side."""
        return usual // _COARSER if self.draft else usual


@dataclass(frozen=True, slots=True)
class Result:
    """One entry of the status answer's ``results``; ``path`` is None for figures without a file."""

    path: Path | None
    asset_type: str
    metadata: dict[str, Any] = field(default_factory=dict)


class EngineFailed(Exception):
    """The work cannot be done; the text becomes the task's ``failure_reason``."""


Engine = Callable[[Work], list[Result]]

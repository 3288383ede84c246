"""One function per shape; each adds its parts to a builder, in metres, standing on the ground."""

from __future__ import annotations

from collections.abc import Callable

from ..builder import Builder
from . import furniture, nature, sculpture, tableware, vehicles, weapons

Shape = Callable[[Builder], None]

SHAPES: dict[str, Shape] = {
    "bench": furniture.bench,
    "car": vehicles.car,
    "chair": furniture.chair,
    "rock": nature.rock,
    "stool": furniture.stool,
    "sword": weapons.sword,
    "table": furniture.table,
    "tree": nature.tree,
    "vase": tableware.vase,
}
"""Keys are those of ``vocabulary.SUBJECTS``."""

FALLBACK: Shape = sculpture.abstract

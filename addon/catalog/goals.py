"""What models are made for: each goal is an engine with settings that serve it.

An engine declares the goals it serves (``Operation.goals``); the first one in the catalogue's order
that can start from what there is serves best.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .values import Value


@dataclass(frozen=True, slots=True)
class Goal:
    """A purpose that people know, whatever the engines are called."""

    name: str
    label: str
    sentence: str
    """What comes of it, for whoever has to choose."""


DRAFT: Final = Goal("draft", "Draft", "Quick and cheap, to see whether an idea works")
GAME_PROP: Final = Goal(
    "game_prop", "Game Prop", "Few clean polygons with PBR textures, for games and real time"
)
HERO: Final = Goal("hero", "Hero", "The finest shape and PBR textures, for what is seen closely")
PRINT: Final = Goal("print", "Print", "A detailed shape without textures, for a 3D printer")

GOALS: Final = (DRAFT, GAME_PROP, HERO, PRINT)

Goals = Mapping[Goal, Mapping[str, Value]]
"""The settings that serve each goal, by the field's name; the others keep their defaults."""

"""What game engines want collision shapes and levels of detail to be called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class GameEngine:
    """The habits of one engine's importer."""

    label: str
    collision: str
    """Name of the collision shape of the object ``name``."""
    levels_inside: bool
    """Whether it finds levels of detail in the model's own file, by their names."""

    def collision_name(self, name: str) -> str:
        """What the shape is called that stands for the object."""
        return self.collision.format(name=name)


GAME_ENGINES: Final[Mapping[str, GameEngine]] = {
    # The importer takes UCX_ as convex shapes of the mesh whose name follows.
    "unreal": GameEngine("Unreal Engine", "UCX_{name}_00", levels_inside=False),
    # It makes a LOD Group of _LOD0, _LOD1, ...; what is a collider is said in the editor.
    "unity": GameEngine("Unity", "{name}_Collider", levels_inside=True),
    # The hint makes a convex shape and no mesh; levels of detail Godot makes itself.
    "godot": GameEngine("Godot", "{name}-convcolonly", levels_inside=False),
}


def level_name(name: str, number: int) -> str:
    """What the level of detail of an object is called; 0 is the object itself."""
    return f"{name}_LOD{number}"

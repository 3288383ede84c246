"""Recipes: steps under a name, the same in the sidebar, in lists and in scripts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Recipe:
    """One recipe."""

    name: str
    """What lists and scripts call it."""
    label: str
    steps: str
    """As ``post`` reads them."""
    sentence: str = ""
    """What its results are for; without a full stop."""


SHIPPED: Final[Mapping[str, Recipe]] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "game-prop",
            "Game Prop",
            "triangles=10000; texture-set=2048; lods=0.5,0.25; collision=unreal; export=glb,fbx",
            "For game engines: few triangles, one texture set, levels of detail, a collision shape",
        ),
        Recipe(
            "hero",
            "Hero",
            "topology(polygon_type=quadrilateral, face_level=high); textures=4096; export=glb,usd",
            "To be seen closely: clean quads from Smart Topology, with its textures baked on",
        ),
        Recipe(
            "print",
            "Print",
            "print-check; print-fix; export=3mf,stl",
            "For a 3D printer: checked, mended and written for slicers",
        ),
        Recipe(
            "draft",
            "Draft",
            "triangles=5000; texture-size=1024",
            "To try things out: small and quick to draw",
        ),
    )
}
"""Those that come along, by name."""

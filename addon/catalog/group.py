"""Where people look for an operation."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Group:
    """Operations that belong together.

    ``heading`` stands above them in documents; ``order`` is the group's place among the others,
    there and in the sidebar, where the list of jobs has 10.
    """

    name: str
    heading: str
    order: int
    panel: str = ""
    """Title of the panel that is made for the group from its declarations; with a single operation
    the panel is named as that. A group without is shown by a panel written for it."""
    icon: str = ""
    """Blender's name of the icon in that panel's header."""
    key: str = ""
    """Part of the identifiers of that panel and its buttons, if not the name in small letters."""
    has_engines: bool = False
    """Whether its operations are different ways to the same thing, so that names leave them out."""

    GENERATE: ClassVar["Group"]
    IMAGE: ClassVar["Group"]
    MESH_TOOL: ClassVar["Group"]
    IMAGE_TOOL: ClassVar["Group"]
    FLOW: ClassVar["Group"]

    @property
    def identifier(self) -> str:
        """What tells its panel and buttons from those of other groups."""
        return self.key or self.name.lower()


Group.GENERATE = Group("GENERATE", "3D generation", order=0, has_engines=True)
Group.IMAGE = Group("IMAGE", "Image generation and editing", order=3, has_engines=True)
Group.MESH_TOOL = Group("MESH_TOOL", "Tools for models", order=5)
Group.IMAGE_TOOL = Group("IMAGE_TOOL", "Tools for pictures", order=6)
# People have keys and presets for this panel from when the miniature was the only flow.
Group.FLOW = Group("FLOW", "Flows", order=7, panel="Flows", key="miniature")

"""Where people look for an operation."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Group:
    """Operations that belong together.

    ``heading`` stands above them in documents; ``order`` is the group's place among the others,
    there and in the sidebar.
    """

    name: str
    heading: str
    order: int

    GENERATE: ClassVar["Group"]
    IMAGE: ClassVar["Group"]
    MESH_TOOL: ClassVar["Group"]
    IMAGE_TOOL: ClassVar["Group"]
    FLOW: ClassVar["Group"]


Group.GENERATE = Group("GENERATE", "3D generation", order=0)
Group.IMAGE = Group("IMAGE", "Image generation and editing", order=3)
Group.MESH_TOOL = Group("MESH_TOOL", "Tools for models", order=5)
Group.IMAGE_TOOL = Group("IMAGE_TOOL", "Tools for pictures", order=6)
Group.FLOW = Group("FLOW", "Miniature flow", order=7)

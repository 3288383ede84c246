"""The choices of how results are placed, as RNA: in the scene's settings and in operators.

Lengths are kept in metres and shown in the units of the scene, whatever those are.
"""

from typing import TYPE_CHECKING, Any, Final

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty

from ...jobs.placement_options import Into, PlacementOptions, SizeBy, Where
from ..core.access import scene_of
from ..core.ids import CONTEXT
from ..core.units import metres_per_unit

SHORTEST: Final = 1e-4
"""Metres."""

WHERE_ITEMS: Final = (
    (
        Where.CURSOR.value,
        "3D Cursor",
        "Stand on the 3D cursor as it is when ordering; beside what stands there, if anything does",
    ),
    (
        Where.SURFACE.value,
        "Surface at Cursor",
        "Stand on the surface straight below the 3D cursor; above it, if the cursor is under it",
    ),
    (
        Where.SELECTION.value,
        "Active Object",
        "Stand where the object stands that is active when ordering, which is kept",
    ),
)

SIZE_ITEMS: Final = (
    (
        SizeBy.FILE.value,
        "As Delivered",
        "Keep the height that is ordered with it, as for a figurine; else the size the file has",
    ),
    (SizeBy.LONGEST.value, "Longest Side", "Scale until the longest side has a given length"),
    (SizeBy.HEIGHT.value, "Height", "Scale until it has a given height"),
)

INTO_ITEMS: Final = (
    (Into.OWN.value, "New Collection", "Put every result into a collection of its own"),
    (Into.ACTIVE.value, "Active Collection", "Put results into the active collection"),
)


def _get_length(choices: Any) -> float:
    return float(choices.metres) / _metres_per_unit(choices)


def _set_length(choices: Any, length: float) -> None:
    choices.metres = length * _metres_per_unit(choices)


def _metres_per_unit(choices: Any) -> float:
    scene = choices.id_data  # an operator's properties belong to no data
    if not isinstance(scene, bpy.types.Scene):
        scene = scene_of(bpy.context)
    return metres_per_unit(scene)


class PlacementChoices:
    """The properties, for a group or an operator to inherit."""

    if TYPE_CHECKING:
        where: str
        size_by: str
        metres: float
        length: float
        origin_at_base: bool
        into: str
    else:
        where: EnumProperty(
            name="Place",
            description="Where results stand; what is chosen when they are ordered counts",
            items=WHERE_ITEMS,
            translation_context=CONTEXT,
        )
        size_by: EnumProperty(
            name="Size",
            description="How large results are",
            items=SIZE_ITEMS,
            translation_context=CONTEXT,
        )
        metres: FloatProperty(
            name="Length in Meters",
            description="The length whatever the units of the scene",
            default=PlacementOptions().metres,
            min=SHORTEST,
            options={"HIDDEN"},
            translation_context=CONTEXT,
        )
        length: FloatProperty(
            name="Length",
            description="Longest side or height of the result in the real world",
            subtype="DISTANCE",
            precision=4,
            min=0.0,
            get=_get_length,
            set=_set_length,
            translation_context=CONTEXT,
        )
        origin_at_base: BoolProperty(
            name="At Base",
            description="Put the object's origin at the bottom center, where it stands; otherwise "
            "it stays where the file has it",
            default=True,
            translation_context=CONTEXT,
        )
        into: EnumProperty(
            name="Collection",
            description="Where results are in the Outliner",
            items=INTO_ITEMS,
            translation_context=CONTEXT,
        )


class STUDIO3D_PG_placement(PlacementChoices, bpy.types.PropertyGroup):
    """``Scene.studio3d.placement``, and one for each panel of a group that makes models."""


def read(choices: PlacementChoices) -> PlacementOptions:
    """The choices as plain data."""
    return PlacementOptions(
        where=Where(choices.where),
        size_by=SizeBy(choices.size_by),
        # RNA floats are single precision: 0.1 comes back as 0.10000000149.
        metres=float(f"{choices.metres:.6g}"),
        origin_at_base=choices.origin_at_base,
        into=Into(choices.into),
    )


def write(choices: PlacementChoices, options: PlacementOptions) -> None:
    """The reverse of ``read``."""
    for name, value in options.to_json().items():
        setattr(choices, name, value)

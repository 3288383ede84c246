"""What a preset holds: the settings of one operation, without what a request starts from."""

from typing import Final

from ...catalog import Kind, Operation
from ..core.ids import EXTENSION
from .field_properties import define, rna_name

SETTINGS: Final = f"bpy.context.scene.{EXTENSION}."
"""Begins every line of a preset file. Whole, because the names that Blender lets a preset define
are lost to it under Python 3.13."""

NOT_KEPT: Final = {Kind.IMAGE, Kind.IMAGES, Kind.VIEWS, Kind.MODEL}


def folder(operation: Operation) -> str:
    """Where the operation's presets are, below Blender's folder of presets."""
    return f"{EXTENSION}/{operation.name}"


def names(operation: Operation) -> list[str]:
    """RNA names of the settings in the operation's own group that are no content."""
    units = operation.units()
    return [
        name
        for field in operation.fields
        if field.source is None and field.kind not in NOT_KEPT and field.name not in units
        for name in define(field)
    ]


def values(operation: Operation) -> list[str]:
    """The settings a preset of the operation holds, as Blender's preset files name them."""
    group = f"{SETTINGS}{rna_name(operation.name)}"
    return [f"{group}.{name}" for name in names(operation)]

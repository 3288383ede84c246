"""Lengths: entered in the units of the scene, sent in one of the service's.

A length of the catalogue names the field its unit goes into (``Field.length_in``). That unit is
nothing to choose in Blender, which has one already: it is the scene's where the service knows it.
"""

import re
from collections.abc import Mapping
from typing import Final

import bpy

from ...catalog import Field, Value

METRES: Final[Mapping[str, float]] = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254}
"""Metres by the service's name of a unit."""

_SCENE_UNITS: Final[Mapping[str, float]] = {
    "KILOMETERS": 1e3,
    "METERS": 1.0,
    "CENTIMETERS": 0.01,
    "MILLIMETERS": 0.001,
    "MICROMETERS": 1e-6,
    "MILES": 1609.344,
    "FEET": 0.3048,
    "INCHES": 0.0254,
    "THOU": 2.54e-5,
}
"""Metres by Blender's name of a unit."""

_ADAPTIVE: Final[Mapping[str, str]] = {"METRIC": "METERS", "IMPERIAL": "FEET"}
"""What a plain number means where Blender chooses the unit by size."""

_LENGTH: Final = re.compile(rf"\s*([-+.\d]+)\s*({'|'.join(METRES)})?\s*")

DIGITS: Final = 6
"""As many as single precision holds for sure."""


def metres_per_unit(scene: bpy.types.Scene) -> float:
    """Metres one unit of the scene stands for."""
    units = scene.unit_settings
    return 1.0 if units.system == "NONE" else units.scale_length


def service_unit(scene: bpy.types.Scene, unit_field: Field) -> str:
    """The scene's unit if the service takes it, else the one it takes by default."""
    shown = _metres_per_shown_unit(scene)
    offered = [choice.value for choice in unit_field.offered_choices()]
    return next((unit for unit in offered if METRES[unit] == shown), str(unit_field.default))


def to_service(scene: bpy.types.Scene, value: Value, unit: str) -> Value:
    """A length in scene units, or several as people write them, in the service's ``unit``."""
    if isinstance(value, tuple):
        plain = _metres_per_shown_unit(scene)
        return tuple(_written(text, plain, METRES[unit]) for text in value)
    if isinstance(value, int | float):
        return float(f"{value * metres_per_unit(scene) / METRES[unit]:.{DIGITS}g}")
    return value


def from_service(scene: bpy.types.Scene, value: Value, unit: str) -> Value:
    """The reverse of ``to_service``: a length in scene units, or several with their ``unit``."""
    if isinstance(value, tuple):
        return tuple(f"{text} {unit}" for text in value)
    if isinstance(value, int | float):
        return value * METRES[unit] / metres_per_unit(scene)
    return value


def _metres_per_shown_unit(scene: bpy.types.Scene) -> float:
    units = scene.unit_settings
    if units.system == "NONE":
        return 1.0
    name: str = units.length_unit
    return _SCENE_UNITS[_ADAPTIVE[units.system] if name == "ADAPTIVE" else name]


def _written(text: str, plain: float, unit: float) -> str:
    """``5 cm`` in another unit; what is no length stays, to be complained about as it is."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        return text
    try:
        number = float(found[1])
    except ValueError:
        return text
    metres = number * (METRES[found[2]] if found[2] else plain)
    return f"{metres / unit:.{DIGITS}g}"

"""``Scene.studio3d.printing``: what is asked of a print. Lengths are millimetres in every scene."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, TypeVar

import bpy
from bpy.props import (
    BoolProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ...printing import orders, scales
from ...printing.limits import MATERIALS, Limits, limits_for
from ...printing.orders import LONGEST, Setting
from ...printing.printers import PRINTERS
from ..core import ids
from ..core.ids import CONTEXT

Order = TypeVar("Order")

USUAL: Final = Limits()
NO_PRINTER: Final = "none"
CUSTOM: Final = "custom"
"""Scale of a height that is given in millimetres."""

PRINTER_ITEMS: Final = (
    (NO_PRINTER, "Any Printer", "Do not look whether it fits on a bed"),
    *((printer.key, printer.label, "") for printer in PRINTERS),
)
MATERIAL_ITEMS: Final = tuple((key, material.label, "") for key, material in MATERIALS.items())
SCALE_ITEMS: Final = (
    (CUSTOM, "By Height", "So many millimeters high"),
    *((scale.key, scale.label, "") for scale in scales.SCALES),
)
FORMAT_ITEMS: Final = (
    ("3mf", "3MF", "In millimeters, with names and colors: what slicers read best"),
    ("stl", "STL", "In millimeters, the surface alone"),
    ("obj", "OBJ", "In millimeters, with materials and textures beside it"),
)


class STUDIO3D_PG_print_limits(bpy.types.PropertyGroup):
    """What a check looks for."""

    if TYPE_CHECKING:
        printer: str
        nozzle: float
        wall: float
        overhang: float
        material: str
        price: float
    else:
        printer: EnumProperty(
            name="Printer",
            description="Tell what does not fit on its bed",
            items=PRINTER_ITEMS,
            translation_context=CONTEXT,
        )
        nozzle: FloatProperty(
            name="Nozzle (mm)",
            description="Width of a printed line; layers are half as high",
            default=USUAL.nozzle,
            min=0.02,
            max=5.0,
            precision=2,
            step=5,
            translation_context=CONTEXT,
        )
        wall: FloatProperty(
            name="Wall (mm)",
            description="Tell walls that are thinner: two lines of the nozzle, or what resin holds",
            default=USUAL.wall,
            min=0.0,
            max=100.0,
            precision=2,
            step=10,
            translation_context=CONTEXT,
        )
        overhang: FloatProperty(
            name="Overhang (°)",
            description="Tell surfaces that lean out from upright by more",
            default=USUAL.overhang,
            min=0.0,
            max=89.0,
            precision=0,
            step=100,
            translation_context=CONTEXT,
        )
        material: EnumProperty(
            name="Material",
            description="What is printed with, for the weight",
            items=MATERIAL_ITEMS,
            translation_context=CONTEXT,
        )
        price: FloatProperty(
            name="Price per kg",
            description="What a kilogram costs, in any currency",
            default=USUAL.price,
            min=0.0,
            max=1_000_000.0,
            precision=2,
            step=100,
            translation_context=CONTEXT,
        )


def _definition(setting: Setting, default: Any) -> Any:
    """The property that asks for a field of an order."""
    said: dict[str, Any] = {
        "name": setting.label,
        "description": setting.description,
        "default": default,
        "translation_context": CONTEXT,
    }
    if isinstance(default, bool):
        return BoolProperty(**said)
    if isinstance(default, str):
        items = [(key, label, "") for key, label in setting.choices.items()]
        return EnumProperty(**said, items=items) if items else StringProperty(**said)
    if isinstance(default, int):
        return IntProperty(**said, min=int(setting.least), max=int(setting.most))
    return FloatProperty(**said, min=setting.least, max=setting.most, precision=2, step=10)


def _group_for(order: type) -> type[bpy.types.PropertyGroup]:
    asked = orders.settings_of(order)
    definitions = {one.name: _definition(asked[one.name], one.default) for one in fields(order)}
    return type(
        f"{ids.EXTENSION.upper()}_PG_print_{order.__name__.lower()}",
        (bpy.types.PropertyGroup,),
        {"__annotations__": definitions, "__module__": __name__},
    )


if TYPE_CHECKING:

    class MendingSettings(bpy.types.PropertyGroup):
        """Fields of ``orders.Mending``."""

    class BaseSettings(bpy.types.PropertyGroup):
        """Fields of ``orders.Base``."""

        shape: str

    class HollowSettings(bpy.types.PropertyGroup):
        """Fields of ``orders.Hollow``."""

    class SplitSettings(bpy.types.PropertyGroup):
        """Fields of ``orders.Split``."""

    class PlateSettings(bpy.types.PropertyGroup):
        """Fields of ``orders.Plate``."""
else:
    MendingSettings = _group_for(orders.Mending)
    BaseSettings = _group_for(orders.Base)
    HollowSettings = _group_for(orders.Hollow)
    SplitSettings = _group_for(orders.Split)
    PlateSettings = _group_for(orders.Plate)


class STUDIO3D_PG_printing(bpy.types.PropertyGroup):
    """Everything the Print panel asks for."""

    if TYPE_CHECKING:
        limits: STUDIO3D_PG_print_limits
        mending: MendingSettings
        base: BaseSettings
        hollow: HollowSettings
        split: SplitSettings
        plate: PlateSettings
        arrange: bool
        paint: bool
        filaments: int
        palette: str
        scale: str
        real: float
        height: float
        formats: set[str]
        folder: str
    else:
        limits: PointerProperty(type=STUDIO3D_PG_print_limits)
        mending: PointerProperty(type=MendingSettings)
        base: PointerProperty(type=BaseSettings)
        hollow: PointerProperty(type=HollowSettings)
        split: PointerProperty(type=SplitSettings)
        plate: PointerProperty(type=PlateSettings)
        arrange: BoolProperty(
            name="Arrange on Bed",
            description="Write each selected object as a model of its own, beside the others on "
            "the bed of the chosen printer; otherwise all are one model",
            default=False,
            translation_context=CONTEXT,
        )
        paint: BoolProperty(
            name="Filament Colors",
            description="Paint the 3MF for a printer with several filaments, as Bambu Studio, "
            "OrcaSlicer and PrusaSlicer read it",
            default=False,
            translation_context=CONTEXT,
        )
        filaments: IntProperty(
            name="Filaments",
            description="How many colors to print with; they are found on the model",
            default=orders.Colors().filaments,
            min=orders.FEWEST_FILAMENTS,
            max=orders.MOST_FILAMENTS,
            translation_context=CONTEXT,
        )
        palette: StringProperty(
            name="Palette",
            description="The colors of the filaments that are loaded, as #ffffff, #d04020; empty "
            "for those that suit the model best",
            translation_context=CONTEXT,
        )
        scale: EnumProperty(
            name="Scale",
            description="How much smaller than in reality it is printed",
            items=SCALE_ITEMS,
            default="1-35",
            translation_context=CONTEXT,
        )
        real: FloatProperty(
            name="In Reality (m)",
            description="How high the person or thing is in reality, in meters",
            default=scales.PERSON,
            min=0.001,
            max=10_000.0,
            precision=2,
            step=5,
            translation_context=CONTEXT,
        )
        height: FloatProperty(
            name="Height (mm)",
            description="How high it is printed, in millimeters",
            default=50.0,
            min=0.1,
            max=LONGEST,
            precision=1,
            step=100,
            translation_context=CONTEXT,
        )
        formats: EnumProperty(
            name="Formats",
            description="Files to write for slicers",
            items=FORMAT_ITEMS,
            default={"3mf"},
            options={"ENUM_FLAG"},
            translation_context=CONTEXT,
        )
        folder: StringProperty(
            name="Folder",
            description="Where files for slicers go; empty for a folder beside the results",
            subtype="DIR_PATH",
            translation_context=CONTEXT,
        )


CLASSES: tuple[type[bpy.types.PropertyGroup], ...] = (
    STUDIO3D_PG_print_limits,
    MendingSettings,
    BaseSettings,
    HollowSettings,
    SplitSettings,
    PlateSettings,
    STUDIO3D_PG_printing,
)

DIGITS: Final = 6
"""As many as single precision holds for sure: 0.1 comes back as 0.10000000149."""


def _plain(value: Any) -> Any:
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def limits_of(settings: STUDIO3D_PG_printing) -> Limits:
    """What a check is to look for."""
    chosen = settings.limits
    usual = limits_for(_plain(chosen.nozzle), _plain(chosen.wall))
    return Limits(
        nozzle=usual.nozzle,
        wall=usual.wall,
        layer=usual.layer,
        overhang=_plain(chosen.overhang),
        printer="" if chosen.printer == NO_PRINTER else chosen.printer,
        material=chosen.material,
        price=_plain(chosen.price),
    )


def order_of(group: bpy.types.PropertyGroup, order: type[Order]) -> Order:
    """What the properties made for an order ask for."""
    names = orders.settings_of(order)
    return order(**{name: _plain(getattr(group, name)) for name in names})


def colors_of(settings: STUDIO3D_PG_printing) -> orders.Colors | None:
    """The filaments that are asked for; None if none are. Raises ValueError for no palette."""
    if not settings.paint:
        return None
    if settings.palette.strip():
        palette = orders.read_palette(settings.palette)
        return orders.Colors(len(palette), palette)
    return orders.Colors(settings.filaments)


def wanted_height(settings: STUDIO3D_PG_printing) -> float:
    """Millimetres that the model is to be high."""
    scale = scales.scale_of(settings.scale)
    height = settings.height if scale is None else scale.height(settings.real)
    return float(_plain(height))

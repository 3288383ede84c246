"""The options of ``print``."""

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final

from ...printing.limits import MATERIALS, Limits
from ...printing.orders import (
    LONGEST,
    STEPS,
    Base,
    Colors,
    Hollow,
    Mending,
    Plate,
    Setting,
    Split,
    read_palette,
    settings_of,
)
from ...printing.printers import PRINTERS
from ..arguments import Once, up_to

WORKS: Final = ("check", "fix", "base", "hollow", "split", "plate", "export")
FORMATS: Final = ("stl", "3mf", "obj")
UNITS: Final = ("mm", "cm", "m", "in")

DESCRIPTION: Final = """\
Make models ready for a 3D printer, in a background Blender on this machine: no key, no network, no
credits. Lengths are millimetres.

  print check FILE...    what is wrong with them, how large and how heavy they are
  print fix FILE...      mend what can be mended, and write files for a slicer
  print base FILE...     the same, with a base under each model, and a name on it
  print hollow FILE...   the same, with an empty space inside, and holes that it drains through
  print split FILE...    the same, in parts that fit on the bed, with pins between them
  print plate FILE...    put all models onto one bed, and write files for a slicer
  print export FILE...   write files for a slicer: STL, 3MF with colors, OBJ with materials

FILE is a model (GLB, FBX, OBJ, STL, PLY, USD) or a .blend, of which every object with what hangs on
it is one model. GLB, FBX and USD are in metres, a .blend in the unit of its scene, and STL, OBJ
and PLY, which do not say, in millimetres: --unit says otherwise.
"""

length = up_to(LONGEST)
angle = up_to(89.0)
price = up_to(1_000_000.0)


def listed(known: tuple[str, ...]) -> Any:
    """Several of these, with commas between them."""

    def read(text: str) -> list[str]:
        wanted = [word.strip().lower() for word in text.split(",") if word.strip()]
        for word in wanted:
            if word not in known:
                raise argparse.ArgumentTypeError(f"{word!r} is none of {', '.join(known)}")
        return wanted

    return read


def bounded(setting: Setting, whole: bool) -> Callable[[str], float]:
    """A number within the setting's bounds."""

    def read(text: str) -> float:
        try:
            number = int(text) if whole else float(text)
        except ValueError:
            number = math.nan
        if not setting.takes(number):
            raise argparse.ArgumentTypeError(
                f"it is {text!r}; it has to be a number from {setting.least:g} to {setting.most:g}"
            )
        return number

    return read


def palette(text: str) -> list[str]:
    """Colors of filaments."""
    try:
        return read_palette(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


@dataclass(frozen=True, slots=True)
class Asked:
    """An option that sets one field of an order."""

    option: str
    order: type
    field: str
    works: tuple[str, ...]
    help: str

    @property
    def dest(self) -> str:
        """Its name among the parsed arguments."""
        return self.option.removeprefix("--").replace("-", "_")

    def add_to(self, command: argparse.ArgumentParser) -> None:
        """Let the command take it; nothing is its value where it is not given."""
        setting = settings_of(self.order)[self.field]
        usual = next(one.default for one in fields(self.order) if one.name == self.field)
        told = f"{', '.join(self.works)}: {self.help}"
        if isinstance(usual, bool):
            command.add_argument(self.option, action="store_true", default=None, help=told)
            return
        more: dict[str, Any] = {"metavar": "TEXT"}
        if setting.choices:
            more = {"choices": list(setting.choices), "metavar": "|".join(setting.choices)}
        elif isinstance(usual, tuple):
            more = {"type": palette, "metavar": "LIST"}
        elif not isinstance(usual, str):
            whole = isinstance(usual, int)
            more = {"type": bounded(setting, whole), "metavar": "N" if whole else "MM"}
        command.add_argument(self.option, action=Once, help=told, **more)


MENDING: Final = ("fix", "base", "hollow", "split")
"""Works that mend a model first."""
HOLLOWING: Final = ("base", "hollow", "split")
WRITING: Final = (*MENDING, "plate", "export")
"""Works that write files."""
ASKED: Final = (
    Asked("--flat", Mending, "flat", MENDING, "cut so much off at the foot, for a flat base"),
    Asked("--shape", Base, "shape", ("base",), "its shape (default disc)"),
    Asked(
        "--diameter",
        Base,
        "diameter",
        ("base",),
        "from side to side (default: a little wider than the model)",
    ),
    Asked("--base-height", Base, "height", ("base",), "default 3, with a name 6, plinth 10"),
    Asked("--bevel", Base, "bevel", ("base",), "of its rim (default 0.5)"),
    Asked("--text", Base, "text", ("base",), "a name on its front, raised"),
    Asked("--engraved", Base, "engraved", ("base",), "the name goes in instead"),
    Asked("--hollow", Hollow, "wall", HOLLOWING, "hollow, with walls so thick (hollow: default 2)"),
    Asked("--drain-holes", Hollow, "holes", HOLLOWING, "at the bottom of each space (default 2)"),
    Asked("--hole-diameter", Hollow, "diameter", HOLLOWING, "of a drain hole (default 3)"),
    Asked("--pin", Split, "pin", ("split",), "diameter of the pins (default 4; 0: none)"),
    Asked(
        "--clearance",
        Split,
        "clearance",
        ("split",),
        "how much wider the hole of a pin is, on each side (default 0.2)",
    ),
    Asked("--copies", Plate, "copies", ("plate",), "how many of each model (default 1)"),
    Asked("--spacing", Plate, "spacing", ("plate",), "room between two models (default 5)"),
    Asked("--colors", Colors, "filaments", WRITING, "paint the 3MF with so many filaments, 2 to 8"),
    Asked(
        "--palette",
        Colors,
        "palette",
        WRITING,
        "paint the 3MF with filaments of these colors: #ffffff,#d04020",
    ),
)


def given_for(order: type, arguments: argparse.Namespace) -> dict[str, Any]:
    """What the options say of an order, by its fields; those that were not given are left out."""
    values = {
        asked.field: getattr(arguments, asked.dest) for asked in ASKED if asked.order is order
    }
    return {name: value for name, value in values.items() if value is not None}


def fill(command: argparse.ArgumentParser) -> None:
    """What ``print`` takes: models for a 3D printer."""
    command.description = DESCRIPTION
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.add_argument("work", metavar="|".join(WORKS), choices=WORKS)
    command.add_argument("files", nargs="+", metavar="FILE", help="models or .blend files")
    add_sizes(command)
    add_limits(command)
    add_fixes(command)
    for asked in ASKED:
        asked.add_to(command)
    add_files(command)


def add_sizes(command: argparse.ArgumentParser) -> None:
    """How large the models are."""
    command.add_argument(
        "--unit",
        choices=UNITS,
        metavar="|".join(UNITS),
        help="the unit of the files, where it is another than said above",
    )
    sizes = command.add_mutually_exclusive_group()
    sizes.add_argument("--height", type=length, metavar="MM", help="make every model so high")
    sizes.add_argument(
        "--longest", type=length, metavar="MM", help="make every model's longest side so long"
    )


def add_limits(command: argparse.ArgumentParser) -> None:
    """What the check looks for."""
    usual = Limits()
    add = command.add_argument
    add(
        "--nozzle",
        type=length,
        default=usual.nozzle,
        metavar="MM",
        help=f"width of a printed line (default {usual.nozzle:g})",
    )
    add(
        "--wall",
        type=length,
        metavar="MM",
        help="tell walls that are thinner (default: twice the nozzle)",
    )
    add(
        "--overhang",
        type=angle,
        default=usual.overhang,
        metavar="DEGREES",
        help=f"tell what leans out from upright by more (default {usual.overhang:g})",
    )
    add("--layer", type=length, metavar="MM", help="height of a layer (default: half the nozzle)")
    add(
        "--printer",
        choices=[printer.key for printer in PRINTERS],
        metavar="|".join(printer.key for printer in PRINTERS),
        help="tell what does not fit on its bed; split and plate need one",
    )
    add(
        "--material",
        choices=list(MATERIALS),
        default=usual.material,
        metavar="|".join(MATERIALS),
        help=f"what is printed with, for the weight (default {usual.material})",
    )
    add(
        "--price-per-kg",
        type=price,
        default=usual.price,
        metavar="N",
        help=f"price of a kilogram, in any currency (default {usual.price:g})",
    )


def add_fixes(command: argparse.ArgumentParser) -> None:
    """What ``print fix`` mends."""
    command.add_argument(
        "--steps",
        type=listed(STEPS),
        action=Once,
        metavar="LIST",
        help=f"fix, base, hollow, split: only these, of {','.join(STEPS)} (default: all)",
    )
    command.add_argument(
        "--remesh",
        action=Once,
        metavar="MM|nozzle",
        type=voxel,
        help="fix, base, hollow, split: make the surface anew of voxels of that size (nozzle: a "
        "quarter of it); closes everything and loses colors",
    )


def voxel(text: str) -> float | str:
    """A length, or the word for one that suits the nozzle."""
    return text if text == "nozzle" else length(text)


def add_files(command: argparse.ArgumentParser) -> None:
    """Where results go."""
    add = command.add_argument
    add(
        "--to",
        type=listed(FORMATS),
        action=Once,
        metavar="LIST",
        help=f"not for check: formats to write, of {','.join(FORMATS)} (default stl,3mf)",
    )
    add(
        "--output-dir",
        action=Once,
        metavar="DIR",
        help="not for check: folder for the files (default ./results); they replace what is there",
    )
    add(
        "--indices",
        action="store_true",
        help="have the indices of the faces, edges or vertices of each finding in the document",
    )
    add(
        "--blender",
        metavar="PATH",
        help="Blender, or a Python with bpy, that does the work (default: "
        "$BLENDER, then PATH, then the newest that is installed)",
    )

"""Steps of ``post`` that make a model ready for a 3D printer: ``base(disc, 30mm, text="Anna")``.

What may be asked for is declared in ``printing.orders``. Lengths are millimetres.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from ..catalog.messages import Message, error_message
from ..printing.limits import MATERIALS, Limits, limits_for
from ..printing.orders import (
    LONGEST,
    Base,
    Colors,
    Hollow,
    Mending,
    Setting,
    read_palette,
    settings_of,
)
from ..printing.printers import PRINTERS

FORMATS: Final = ("stl", "3mf")
"""Written in millimetres, as slicers read them."""
LENGTH: Final = re.compile(r"([-+.\d]+)\s*(mm|cm|m|in)?")
MILLIMETRES: Final[Mapping[str, float]] = {"": 1.0, "mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4}
SWITCHED: Final = {"on": True, "yes": True, "off": False, "no": False}


class BadOption(ValueError):
    """An option cannot be read; the text says which and why, without a full stop."""


@dataclass(frozen=True, slots=True)
class PrintStep:
    """One step, which sets one order of the work."""

    key: str
    """Of the order, in what ``background.printing.work`` takes."""
    order: type
    unnamed: tuple[str, ...] = ()
    """Fields that are told from what is given for them, without their name."""
    mends: bool = False
    """Whether the model is mended first, as it has to be closed."""

    def read(self, options: Sequence[str]) -> dict[str, Any]:
        """The order, whole, from options as they are written; raises BadOption."""
        given: dict[str, Any] = {}
        for option in options:
            name, value = self._named(option)
            if name in given:
                raise BadOption(Message("{name} is given twice", name=name))
            given[name] = value
        return asdict(self.order(**given))

    def _named(self, option: str) -> tuple[str, Any]:
        """The field of an option, and its value."""
        settings = settings_of(self.order)
        usual = {one.name: one.default for one in fields(self.order)}
        name, separator, text = (part.strip() for part in option.partition("="))
        if not separator and usual.get(name) is False:
            return name, True
        if not separator:
            name, text = self._told_by(name, settings), name
        if name not in settings:
            words = [word for one in self.unnamed for word in settings[one].choices]
            known = ", ".join([*words, *(f"{one}=…" for one in settings)])
            raise BadOption(_none_of(name or text, known))
        return name, _read(name, text.strip('"'), usual[name], settings[name])

    def _told_by(self, word: str, settings: Mapping[str, Setting]) -> str:
        """The field that a word without a name is for; "" if there is none."""
        for name in self.unnamed:
            choices = settings[name].choices
            if word in choices or (not choices and LENGTH.fullmatch(word)):
                return name
        return ""


def _choose(name: str, text: str, known: Iterable[str]) -> Message:
    words = '{name}="{text}": choose one of {known}'
    return Message(words, name=name, text=text, known=", ".join(known))


def _none_of(name: str, known: str) -> Message:
    return Message('"{name}" is none of {known}', name=name, known=known)


def _read(name: str, text: str, usual: Any, setting: Setting) -> Any:
    """The value of a field; raises BadOption."""
    if isinstance(usual, bool):
        if text not in SWITCHED:
            raise BadOption(Message('{name}="{text}": write on or off', name=name, text=text))
        return SWITCHED[text]
    if setting.choices:
        if text not in setting.choices:
            raise BadOption(_choose(name, text, setting.choices))
        return text
    if isinstance(usual, tuple):
        try:
            return read_palette(text)
        except ValueError as error:
            reason = error_message(error)
            raise BadOption(Message("{name}: {reason}", name=name, reason=reason)) from None
    if isinstance(usual, str):
        return text
    number = _whole(text) if isinstance(usual, int) else _millimetres(text)
    if number is None or not setting.takes(number):
        unit = "" if isinstance(usual, int) else " mm"
        words = Message(
            '{name}="{text}": write {least} to {most}',
            name=name,
            text=text,
            least=f"{setting.least:g}",
            most=f"{setting.most:g}{unit}",
        )
        raise BadOption(words)
    return number


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _millimetres(text: str) -> float | None:
    """A length with its unit, or in millimetres; None if it is none."""
    found = LENGTH.fullmatch(text)
    try:
        return float(found[1]) * MILLIMETRES[found[2] or ""] if found else None
    except ValueError:
        return None


def read_limits(options: Sequence[str]) -> dict[str, Any]:
    """What a check looks for; raises BadOption."""
    given: dict[str, Any] = {}
    for option in options:
        name, _, text = (part.strip() for part in option.partition("="))
        if name not in LIMITS:
            raise BadOption(_none_of(name, ", ".join(f"{one}=…" for one in LIMITS)))
        given[name] = LIMITS[name](name, text.strip('"'))
    nozzle = given.pop("nozzle", Limits().nozzle)
    usual = limits_for(nozzle, given.pop("wall", None), given.pop("layer", None))
    return usual.document() | given


def _length(name: str, text: str) -> float:
    number = _millimetres(text)
    if number is None or not 0.0 < number <= LONGEST:
        raise BadOption(Message('{name}="{text}": write a length in mm', name=name, text=text))
    return number


def _number(most: float) -> Callable[[str, str], float]:
    def read(name: str, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not 0.0 < number <= most:
            words = '{name}="{text}": write a number up to {most}'
            raise BadOption(Message(words, name=name, text=text, most=f"{most:g}"))
        return number

    return read


def _one_of(known: Sequence[str]) -> Callable[[str, str], str]:
    def read(name: str, text: str) -> str:
        if text not in known:
            raise BadOption(_choose(name, text, known))
        return text

    return read


LIMITS: Final[Mapping[str, Callable[[str, str], Any]]] = {
    "nozzle": _length,
    "wall": _length,
    "layer": _length,
    "overhang": _number(89.0),
    "printer": _one_of([printer.key for printer in PRINTERS]),
    "material": _one_of(list(MATERIALS)),
    "price": _number(1_000_000.0),
}
"""What ``print-check`` may be told."""

CHECK: Final = "print-check"
PRINT_STEPS: Final[Mapping[str, PrintStep]] = {
    "print-fix": PrintStep("fix", Mending),
    "base": PrintStep("base", Base, ("shape", "diameter"), mends=True),
    "hollow": PrintStep("hollow", Hollow, ("wall",), mends=True),
    "colors": PrintStep("colors", Colors, ("filaments",)),
}
"""By name, in the sequence they are done."""


def print_order(
    steps: Mapping[str, Mapping[str, Any]], exports: Sequence[str]
) -> dict[str, Any] | None:
    """What ``background.printing.work`` is to do, but for the file; None if it is nothing.

    ``steps`` are what was read of each, by name. ``to`` are the formats to write: an STL of a row
    that asks for nothing else that is for a printer is not among them, and stays in metres.
    """
    wanted = [format_ for format_ in FORMATS if format_ in exports]
    if not steps and "3mf" not in wanted:
        return None
    changing = [name for name in PRINT_STEPS if name in steps]
    order = {PRINT_STEPS[name].key: steps[name] for name in changing}
    if any(PRINT_STEPS[name].mends for name in changing):
        order.setdefault("fix", asdict(Mending()))
    if changing and not wanted:
        wanted = list(FORMATS)
    elif "colors" in steps and "3mf" not in wanted:
        wanted.append("3mf")  # nothing else is painted
    limits = steps.get(CHECK, Limits().document())
    return {"sizes": {}, "limits": limits, **order, "to": wanted}

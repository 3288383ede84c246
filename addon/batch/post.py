"""The column ``post``: what is to be done with a result after it has come.

Steps are separated by semicolons: ``optimize(preset=game); size=1.8; lods=0.5,0.25; asset=Props``.
A step named like an operation of the service orders that with the result so far and costs credits;
the others are done in Blender, after all orders, in a fixed sequence; those for a 3D printer
(``print_steps``) last.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..catalog import Kind, Mode, Operation, UnknownOperation, get, operations
from ..catalog.encoders import AddressOnly, Upload
from .print_steps import CHECK, PRINT_STEPS, BadOption, print_order, read_limits

ORIGINS = ("base", "center")
EXPORTS = ("glb", "fbx", "obj", "stl", "ply", "usd", "3mf")
METRES = {"mm": 0.001, "cm": 0.01, "m": 1.0}
"""By unit of a length, which are metres without one."""
MOST_LODS = 8
MOST_LETTERS = 10_000
TEXTURES = {"off": 0, "1024": 1024, "2048": 2048, "4096": 4096}
"""Sides in pixels of the pictures that are baked onto a result without any."""

_STEP = re.compile(
    r"(?P<name>[a-z][a-z0-9-]*)\s*(?:=\s*(?P<value>.*)|\((?P<options>.*)\))?", re.DOTALL
)

_OPTION = re.compile(r'(?:"[^"]*"|[^,;"])+')
"""One option; a comma or semicolon in its value stands in quotes."""


class BadPost(ValueError):
    """A step cannot be read; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Followup:
    """An order to the service that takes the result so far as its model."""

    operation: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Post:
    """What Blender does with the model, and what is ordered before that."""

    followups: tuple[Followup, ...] = ()
    scale: float = 1.0
    """Factor."""
    size: float | None = None
    """Longest side in metres."""
    height: float | None = None
    """In metres."""
    origin: str = "base"
    textures: int = TEXTURES["2048"]
    """Side in pixels of what is baked from the original onto a result without textures; 0: none."""
    clean: bool = False
    """Merge vertices that lie on each other, close holes, turn faces outwards."""
    lods: tuple[float, ...] = ()
    """Share of the triangles each level keeps."""
    exports: tuple[str, ...] = ()
    """File formats besides those every asset is written in."""
    asset: bool = False
    catalog: str = ""
    """Path in the asset library, such as ``Props/Chairs``; empty: unassigned."""
    printing: Mapping[str, Any] | None = None
    """What is done for a 3D printer; see ``print_steps.print_order``."""

    def local(self) -> dict[str, Any]:
        """The Blender part, as JSON."""
        document = asdict(replace(self, followups=()))
        del document["followups"]
        if self.printing is None:
            del document["printing"]  # assets of earlier versions stay what was ordered
        return document


@dataclass(slots=True)
class _Draft:
    values: dict[str, Any] = field(default_factory=dict)
    followups: list[Followup] = field(default_factory=list)
    printing: dict[str, dict[str, Any]] = field(default_factory=dict)


def parse_post(written: Any) -> Post:
    """Read the cell (text, or a list of steps); raises BadPost."""
    draft = _Draft()
    for text in _steps(written):
        match = _STEP.fullmatch(text)
        if match is None:
            raise BadPost(f'The step "{text}" cannot be read; write name, name=value or name(a=b).')
        name, value = match["name"], (match["value"] or "").strip()
        if name in PRINTING:
            _read_printing(name, value, match["options"] or "", draft)
        elif name in STEPS:
            if match["options"] is not None:
                raise BadPost(f"Write {name}=value, not {name}(...).")
            draft.values |= STEPS[name](value)
        else:
            draft.followups.append(_followup(name, value, match["options"] or "", draft))
    order = print_order(draft.printing, draft.values.get("exports", ()))
    return Post(followups=tuple(draft.followups), printing=order, **draft.values)


def _steps(written: Any) -> list[str]:
    if isinstance(written, str):
        if len(written) > MOST_LETTERS:
            raise BadPost(f"post has {len(written)} characters; at most {MOST_LETTERS} are read.")
        written = re.split(r";(?![^(]*\))", written)
    if not isinstance(written, Sequence) or not all(isinstance(step, str) for step in written):
        raise BadPost("post has to be text or a list of texts.")
    return [step.strip() for step in written if step.strip()]


def _read_printing(name: str, value: str, options: str, draft: _Draft) -> None:
    if value:
        raise BadPost(f"Write the options of {name} in parentheses: {name}(option=value).")
    if name in draft.printing:
        raise BadPost(f"{name} is written twice.")
    listed = [option.strip() for option in _OPTION.findall(options) if option.strip()]
    try:
        read = read_limits if name == CHECK else PRINT_STEPS[name].read
        draft.printing[name] = read(listed)
    except BadOption as error:
        raise BadPost(f"{name}: {error}.") from None


def _followup(name: str, value: str, options: str, draft: _Draft) -> Followup:
    try:
        operation = get(name)
    except UnknownOperation:
        known = ", ".join([*STEPS, *PRINTING, *(op.name for op in operations() if takes_model(op))])
        raise BadPost(f'There is no step "{name}". The steps are: {known}.') from None
    if not takes_model(operation):
        raise BadPost(f"{operation.label} cannot follow: it does not take a model file.")
    if value:
        raise BadPost(f"Write the options of {name} in parentheses: {name}(option=value).")
    if draft.values or draft.printing:
        raise BadPost(f"{name} is done by the service; write it before the steps done in Blender.")
    pairs = [pair.partition("=") for pair in _OPTION.findall(options) if pair.strip()]
    if not all(separator for _, separator, _ in pairs):
        raise BadPost(f"Write the options of {name} as {name}(option=value, option=value).")
    return Followup(name, {key.strip(): text.strip().strip('"') for key, _, text in pairs})


def takes_model(operation: Operation) -> bool:
    """Whether the operation starts from one model that may be a file."""
    return any(
        field.source is Mode.MODEL
        and field.kind is Kind.MODEL
        and isinstance(field.encoder, Upload | AddressOnly)
        for field in operation.fields
    )


def model_field(operation: Operation) -> str:
    """Name of the field that takes the model of a followup."""
    return next(field.name for field in operation.fields if field.source is Mode.MODEL)


def _positive(name: str, units: Mapping[str, float]) -> Callable[[str], dict[str, Any]]:
    def read(value: str) -> dict[str, Any]:
        unit = next((one for one in units if value.endswith(one)), "")
        number = _number(name, value.removesuffix(unit).strip()) * units.get(unit, 1.0)
        if not 0 < number < float("inf"):
            raise BadPost(f"{name}={value}: has to be more than 0.")
        return {name: number}

    return read


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise BadPost(f'{name}="{value}" is not a number.') from None


def _origin(value: str) -> dict[str, Any]:
    if value not in ORIGINS:
        raise BadPost(f'origin="{value}": choose one of {", ".join(ORIGINS)}.')
    return {"origin": value}


def _textures(value: str) -> dict[str, Any]:
    if value not in TEXTURES:
        raise BadPost(f'textures="{value}": choose one of {", ".join(TEXTURES)}.')
    return {"textures": TEXTURES[value]}


def _lods(value: str) -> dict[str, Any]:
    shares = tuple(_number("lods", part.strip()) for part in value.split(",") if part.strip())
    if not 0 < len(shares) <= MOST_LODS or not all(0 < share < 1 for share in shares):
        raise BadPost(f"lods={value}: write up to {MOST_LODS} shares between 0 and 1: lods=0.5,0.2")
    return {"lods": shares}


def _exports(value: str) -> dict[str, Any]:
    formats = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",") if part))
    unknown = [name for name in formats if name not in EXPORTS]
    if unknown or not formats:
        raise BadPost(f'export="{value}": choose from {", ".join(EXPORTS)}.')
    return {"exports": formats}


def _clean(value: str) -> dict[str, Any]:
    if value:
        raise BadPost("clean takes no value.")
    return {"clean": True}


def _asset(value: str) -> dict[str, Any]:
    parts = [part.strip() for part in value.split("/") if part.strip()]
    if any(":" in part or "\n" in part for part in parts):
        raise BadPost(f'asset="{value}": a catalogue name cannot contain a colon or a line break.')
    return {"asset": True, "catalog": "/".join(parts)}


STEPS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "textures": _textures,
    "clean": _clean,
    "scale": _positive("scale", {"m": 1.0}),
    "size": _positive("size", METRES),
    "height": _positive("height", METRES),
    "origin": _origin,
    "lods": _lods,
    "export": _exports,
    "asset": _asset,
}
"""The steps done in Blender, in the sequence they are done whatever order they are written in."""

PRINTING = (CHECK, *PRINT_STEPS)
"""Those for a printer, which have their options in parentheses; also done in Blender."""

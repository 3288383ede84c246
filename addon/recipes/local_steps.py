"""The steps that are done in Blender, on this computer and for nothing, each declared once.

The sidebar has its fields from here, batch lists and recipes how a step is written and read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..catalog import Choice, Field, Kind
from ..catalog.messages import Message
from .game_engines import GAME_ENGINES
from .print_steps import CHECK

ORIGINS = ("base", "center")
EXPORTS = ("glb", "fbx", "obj", "stl", "ply", "usd", "3mf")
METRES = {"mm": 0.001, "cm": 0.01, "m": 1.0}
"""By unit of a length, which are metres without one."""
MOST_LODS = 8
TEXTURES = {"off": 0, "1024": 1024, "2048": 2048, "4096": 4096}
"""Sides in pixels of the pictures that are baked onto a result without any."""
TEXTURE_SIZES = (256, 512, 1024, 2048, 4096)
"""Most pixels along the side of a picture that a result keeps."""
LEAST_TRIANGLES = 4
MOST_TRIANGLES = 10_000_000


class BadStep(ValueError):
    """A step cannot be read; the text says which and why."""


@dataclass(frozen=True, slots=True)
class LocalStep:
    """One step."""

    name: str
    label: str
    description: str
    read: Callable[[str], dict[str, Any]]
    """What its value says, as fields of ``post.Post``; raises BadStep."""
    value: Field | None = None
    """How people are asked for the value; None where it takes none."""
    in_parentheses: bool = False
    """Whether the value stands in parentheses: that of steps for a 3D printer."""

    def written(self, value: str) -> str:
        """The step as a text."""
        if not value:
            return self.name
        return f"{self.name}({value})" if self.in_parentheses else f"{self.name}={value}"


def _positive(name: str, units: Mapping[str, float]) -> Callable[[str], dict[str, Any]]:
    def read(value: str) -> dict[str, Any]:
        unit = next((one for one in units if value.endswith(one)), "")
        number = _number(name, value.removesuffix(unit).strip()) * units.get(unit, 1.0)
        if not 0 < number < float("inf"):
            words = Message("{name}={value}: has to be more than 0.", name=name, value=value)
            raise BadStep(words)
        return {name: number}

    return read


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        words = Message('{name}="{value}" is not a number.', name=name, value=value)
        raise BadStep(words) from None


def _triangles(value: str) -> dict[str, Any]:
    text = value.replace("_", "").replace(" ", "")
    if not text.isdecimal() or not LEAST_TRIANGLES <= int(text) <= MOST_TRIANGLES:
        words = Message(
            'triangles="{value}": write a whole number from {least} to {most}.',
            value=value,
            least=LEAST_TRIANGLES,
            most=MOST_TRIANGLES,
        )
        raise BadStep(words)
    return {"triangles": int(text)}


def _one_of(step: str, field: str, known: Mapping[str, Any]) -> Callable[[str], dict[str, Any]]:
    def read(value: str) -> dict[str, Any]:
        if value not in known:
            raise BadStep(_choose(step, value, ", ".join(known)))
        return {field: known[value]}

    return read


def _choose(step: str, value: str, known: str) -> Message:
    words = '{step}="{value}": choose one of {known}.'
    return Message(words, step=step, value=value, known=known)


def _lods(value: str) -> dict[str, Any]:
    shares = tuple(_number("lods", part.strip()) for part in value.split(",") if part.strip())
    if not 0 < len(shares) <= MOST_LODS or not all(0 < share < 1 for share in shares):
        words = Message(
            "lods={value}: write up to {n} shares between 0 and 1: lods=0.5,0.2",
            value=value,
            n=MOST_LODS,
        )
        raise BadStep(words)
    return {"lods": shares}


def _exports(value: str) -> dict[str, Any]:
    formats = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",") if part))
    unknown = [name for name in formats if name not in EXPORTS]
    if unknown or not formats:
        words = 'export="{value}": choose from {known}.'
        raise BadStep(Message(words, value=value, known=", ".join(EXPORTS)))
    return {"exports": formats}


def _clean(value: str) -> dict[str, Any]:
    if value:
        raise BadStep("clean takes no value.")
    return {"clean": True}


def _asset(value: str) -> dict[str, Any]:
    parts = [part.strip() for part in value.split("/") if part.strip()]
    if any(":" in part or "\n" in part for part in parts):
        words = 'asset="{value}": a catalogue name cannot contain a colon or a line break.'
        raise BadStep(Message(words, value=value))
    return {"asset": True, "catalog": "/".join(parts)}


def _text(name: str, label: str, description: str, default: str) -> Field:
    return Field(name, Kind.TEXT, label, description, default=default)


def _choice(name: str, label: str, labels: Mapping[str, str], default: str) -> Field:
    choices = tuple(Choice(value, words) for value, words in labels.items())
    return Field(name, Kind.CHOICE, label, default=default, choices=choices)


def _pixels(sides: tuple[int, ...]) -> dict[str, str]:
    return {str(side): Message("{n} px", n=side) for side in sides}


STEPS: Final[Mapping[str, LocalStep]] = {
    step.name: step
    for step in (
        LocalStep(
            "textures",
            "Bake Textures",
            "Where the result comes back without textures, bake those of the model before onto it",
            _one_of("textures", "textures", TEXTURES),
            _choice(
                "textures",
                "Size",
                {"off": "Off", **_pixels(tuple(filter(None, TEXTURES.values())))},
                "2048",
            ),
        ),
        LocalStep(
            "texture-size",
            "Limit Textures",
            "Make larger pictures of the result smaller, so that they have at most this many "
            "pixels along a side",
            _one_of("texture-size", "texture_size", {str(one): one for one in TEXTURE_SIZES}),
            _choice("texture-size", "Size", _pixels(TEXTURE_SIZES), "2048"),
        ),
        LocalStep(
            "clean",
            "Clean",
            "Merge vertices that lie on each other, close holes and turn faces outwards",
            _clean,
        ),
        LocalStep(
            "triangles",
            "Limit Triangles",
            "Reduce the result to at most this many triangles; its textures stay",
            _triangles,
            Field(
                "triangles",
                Kind.INTEGER,
                "Triangles",
                default=10_000,
                minimum=LEAST_TRIANGLES,
                maximum=MOST_TRIANGLES,
            ),
        ),
        LocalStep(
            "texture-set",
            "Texture Set",
            "One material for the whole result, with one picture of each kind that has at most "
            "this many pixels along a side; what has one material already keeps its UV map",
            _one_of("texture-set", "texture_set", {str(one): one for one in TEXTURE_SIZES}),
            _choice("texture-set", "Size", _pixels(TEXTURE_SIZES), "2048"),
        ),
        LocalStep(
            "scale",
            "Scale",
            "Make the result larger or smaller by a factor",
            _positive("scale", {}),
            _text("scale", "Factor", "", "1"),
        ),
        LocalStep(
            "size",
            "Size",
            "How long the longest side is, in meters unless it says mm or cm",
            _positive("size", METRES),
            _text("size", "Longest Side", "", "1"),
        ),
        LocalStep(
            "height",
            "Height",
            "How high the result is, in meters unless it says mm or cm",
            _positive("height", METRES),
            _text("height", "Height", "", "54mm"),
        ),
        LocalStep(
            "origin",
            "Origin",
            "Where the origin of the result is",
            _one_of("origin", "origin", {one: one for one in ORIGINS}),
            _choice("origin", "Origin", {"base": "Base", "center": "Center"}, "base"),
        ),
        LocalStep(
            "lods",
            "Levels of Detail",
            "The result again with these shares of its triangles, for engines and distant views",
            _lods,
            _text("lods", "Shares", "", "0.5, 0.25"),
        ),
        LocalStep(
            "collision",
            "Collision Shape",
            "A convex hull for each object, named as a game engine's importer wants it",
            _one_of("collision", "collision", {one: one for one in GAME_ENGINES}),
            _choice(
                "collision",
                "For",
                {name: engine.label for name, engine in GAME_ENGINES.items()},
                "unreal",
            ),
        ),
        LocalStep(
            "export",
            "Export",
            "Write files in these formats, beside those that the service delivered",
            _exports,
            _text("export", "Formats", "", "glb, fbx"),
        ),
        LocalStep(
            "asset",
            "Mark as Asset",
            "Show the result in asset browsers, in this catalog",
            _asset,
            _text("asset", "Catalog", "", ""),
        ),
    )
}
"""By name, in the sequence they are done whatever order they are written in."""


def _not_here(_value: str) -> dict[str, Any]:
    raise BadStep("Write the options of steps for a printer in parentheses.")


FOR_PRINTERS: Final[Mapping[str, LocalStep]] = {
    name: LocalStep(
        name, label, description, _not_here, _text(name, "Options", "", usual), in_parentheses=True
    )
    for name, label, description, usual in (
        (CHECK, "Check for Printing", "Find what a slicer would stumble over", ""),
        ("print-fix", "Mend for Printing", "Mend what can be mended, as in the Print panel", ""),
        ("base", "Base", "Stand the figurine on a base", "disc, 30mm"),
        ("hollow", "Hollow", "An empty space inside, and holes it drains through", "2mm"),
        ("colors", "Filament Colors", "Paint the 3MF with the filaments of a printer", "4"),
    )
}
"""Those for a 3D printer, which are done last."""

ALL: Final[Mapping[str, LocalStep]] = {**STEPS, **FOR_PRINTERS}

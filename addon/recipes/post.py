"""Steps as they are written: ``optimize(preset=low); size=1.8; lods=0.5,0.25; asset=Props``.

They are separated by semicolons. A step named like an operation of the service orders that with
the result so far and costs credits; the others are done in Blender, after all orders, in a fixed
sequence; those for a 3D printer (``print_steps``) last. They stand in the column ``post`` of batch
lists, in recipes and in what the sidebar orders.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..catalog import Kind, Mode, Operation, UnknownOperation, get, operations
from ..catalog.encoders import AddressOnly, Upload
from ..catalog.messages import Message, error_message
from .local_steps import ALL, FOR_PRINTERS, STEPS, TEXTURES, BadStep
from .print_steps import CHECK, PRINT_STEPS, BadOption, print_order, read_limits

__all__ = ["BadStep", "Followup", "Post", "parse_post"]

MOST_LETTERS = 10_000

_STEP = re.compile(
    r"(?P<name>[a-z][a-z0-9-]*)\s*(?:=\s*(?P<value>.*)|\((?P<options>.*)\))?", re.DOTALL
)

_OPTION = re.compile(r'(?:"[^"]*"|[^,;"])+')
"""One option; a comma or semicolon in its value stands in quotes."""


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
    texture_size: int = 0
    """Most pixels along the side of a picture; 0: as many as there are."""
    texture_set: int = 0
    """Most pixels along the side of the pictures of the one material that the whole model gets;
    0: it keeps those that it has."""
    triangles: int = 0
    """Most triangles; 0: as many as there are."""
    clean: bool = False
    """Merge vertices that lie on each other, close holes, turn faces outwards."""
    lods: tuple[float, ...] = ()
    """Share of the triangles each level keeps."""
    collision: str = ""
    """The game engine that a convex hull of each object is for; see ``game_engines``."""
    exports: tuple[str, ...] = ()
    """File formats besides those every asset is written in."""
    asset: bool = False
    catalog: str = ""
    """Path in the asset library, such as ``Props/Chairs``; empty: unassigned."""
    printing: Mapping[str, Any] | None = None
    """What is done for a 3D printer; see ``print_steps.print_order``."""
    written: str = field(default="", compare=False)
    """All of it as one text, to be ordered again."""

    def local(self) -> dict[str, Any]:
        """The Blender part, as JSON."""
        document = asdict(replace(self, followups=()))
        del document["followups"], document["written"]
        for name in _LATER:  # assets of earlier versions stay what was ordered
            if document[name] == getattr(NOTHING, name):
                del document[name]
        return document

    @property
    def is_local(self) -> bool:
        """Whether anything is to be done in Blender."""
        return self.local() != NOTHING.local()


NOTHING = Post()
_LATER = ("printing", "triangles", "texture_size", "texture_set", "collision")
"""What versions after the first have added."""


@dataclass(slots=True)
class _Draft:
    values: dict[str, Any] = field(default_factory=dict)
    followups: list[Followup] = field(default_factory=list)
    printing: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: list[str] = field(default_factory=list)
    """The orders as they are written."""
    local: dict[str, str] = field(default_factory=dict)
    """The other steps by name, as they are written."""


def parse_post(written: Any, recipe: Any = "") -> Post:
    """Read steps (text, or a list of steps); raises BadStep.

    ``recipe`` has more of them, read the same way: its orders go ahead, and of a step that is in
    both the one that is ``written`` counts.
    """
    first, own = _read(recipe), _read(written)
    values = first.values | own.values
    order = print_order(first.printing | own.printing, values.get("exports", ()))
    followups = (*first.followups, *own.followups)
    written = "; ".join([*first.orders, *own.orders, *(first.local | own.local).values()])
    return Post(followups=followups, printing=order, written=written, **values)


def _read(written: Any) -> _Draft:
    draft = _Draft()
    for text in split(written):
        match = _STEP.fullmatch(text)
        if match is None:
            words = 'The step "{text}" cannot be read; write name, name=value or name(a=b).'
            raise BadStep(Message(words, text=text))
        name, value = match["name"], (match["value"] or "").strip()
        if name in ALL:
            draft.local[name] = text
        else:
            draft.orders.append(text)
        if name in FOR_PRINTERS:
            _read_printing(name, value, match["options"] or "", draft)
        elif name in STEPS:
            if match["options"] is not None:
                raise BadStep(Message("Write {name}=value, not {name}(...).", name=name))
            draft.values |= STEPS[name].read(value)
        else:
            draft.followups.append(_followup(name, value, match["options"] or "", draft))
    return draft


def taken_apart(step: str) -> tuple[str, str]:
    """The name of a step that can be read, and what it says beside it."""
    match = _STEP.fullmatch(step)
    if match is None:
        return step, ""
    return match["name"], (match["value"] or match["options"] or "").strip()


def orders_in(written: str) -> list[str]:
    """The operations that the steps order, in their sequence, whether or not they are known."""
    names = [taken_apart(step)[0] for step in split(written)]
    return [name for name in names if name not in ALL]


def split(written: Any) -> list[str]:
    """The steps, each for itself; raises BadStep."""
    if isinstance(written, str):
        if len(written) > MOST_LETTERS:
            words = "These steps have {n} characters; at most {most} are read."
            raise BadStep(Message(words, n=len(written), most=MOST_LETTERS))
        written = re.split(r";(?![^(]*\))", written)
    if not isinstance(written, Sequence) or not all(isinstance(step, str) for step in written):
        raise BadStep("Steps have to be text or a list of texts.")
    return [step.strip() for step in written if step.strip()]


def _read_printing(name: str, value: str, options: str, draft: _Draft) -> None:
    if value:
        raise BadStep(_in_parentheses(name))
    if name in draft.printing:
        raise BadStep(Message("{name} is written twice.", name=name))
    listed = [option.strip() for option in _OPTION.findall(options) if option.strip()]
    try:
        read = read_limits if name == CHECK else PRINT_STEPS[name].read
        draft.printing[name] = read(listed)
    except BadOption as error:
        raise BadStep(
            Message("{name}: {reason}.", name=name, reason=error_message(error))
        ) from None


def _in_parentheses(name: str) -> Message:
    words = "Write the options of {name} in parentheses: {name}(option=value)."
    return Message(words, name=name)


def _followup(name: str, value: str, options: str, draft: _Draft) -> Followup:
    try:
        operation = get(name)
    except UnknownOperation:
        known = ", ".join([*ALL, *(op.name for op in operations() if takes_model(op))])
        words = 'There is no step "{name}". The steps are: {known}.'
        raise BadStep(Message(words, name=name, known=known)) from None
    if not takes_model(operation):
        words = "{operation} cannot follow: it does not take a model file."
        raise BadStep(Message(words, operation=operation.words))
    if value:
        raise BadStep(_in_parentheses(name))
    if draft.values or draft.printing:
        words = "{name} is done by the service; write it before the steps done in Blender."
        raise BadStep(Message(words, name=name))
    pairs = [pair.partition("=") for pair in _OPTION.findall(options) if pair.strip()]
    if not all(separator for _, separator, _ in pairs):
        words = "Write the options of {name} as {name}(option=value, option=value)."
        raise BadStep(Message(words, name=name))
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

"""Checks of a request against its declaration, with messages a person understands."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .conditions import EITHER, Settings
from .encoders import AddressOnly, is_address
from .fields import UNNAMED, Field
from .kinds import Kind
from .messages import Message, joined, together
from .operation import Operation
from .values import Mode, Value


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field; ``field`` is its name, or "" for the request as a whole."""

    field: str
    message: str


class InvalidRequest(ValueError):
    """The request would be refused (or misread) by the service; nothing was sent."""

    def __init__(self, label: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(together(*(problem.message for problem in problems)))
        self.label = label
        self.problems = problems


def grouped(number: float) -> str:
    """Write a number with thin groups of three, as people read it: 1 500 000."""
    if float(number).is_integer():
        return f"{int(number):,}".replace(",", " ")
    return f"{number:g}"


def simple_already(triangles: int) -> Message:
    """What is to be said of a model before a tool is paid that makes models simpler."""
    return Message(
        "With {n} triangles this is simple already: it may come back with no fewer.",
        n=grouped(triangles),
    )


def coerce(
    operation: Operation, values: Mapping[str, Any]
) -> tuple[dict[str, Value], list[Problem]]:
    """Bring given values to their fields' types; empty ones count as not given."""
    given: dict[str, Value] = {}
    problems: list[Problem] = []
    names = [name for field in operation.fields for name in (field.name, *field.aliases)]
    given_as: dict[str, str] = {}
    for name, raw in values.items():
        if is_empty(raw):
            continue
        if name not in names:
            from difflib import get_close_matches  # late: only mistakes need it

            close = get_close_matches(name, names, n=1)
            meant = Message(' Did you mean "{name}"?', name=close[0]) if close else ""
            words = Message(
                '{operation} has no field "{name}".{meant}',
                operation=operation.words,
                name=name,
                meant=meant,
            )
            problems.append(Problem(name, words))
            continue
        field = operation.field(name)
        before = given_as.setdefault(field.name, name)
        if before != name:  # of two, the one that was not meant might be paid for
            words = Message(
                "{first} and {then} are the same field: give one of them.",
                first=before,
                then=name,
            )
            problems.append(Problem(field.name, words))
            continue
        alias = (
            operation.value_aliases.get(field.name, {}).get(raw) if isinstance(raw, str) else None
        )
        value = _typed(field, alias or raw)
        if value is None:
            noun = Message(_NOUNS[field.kind])
            words = Message("{field} must be {noun}.", field=field.words, noun=noun)
            problems.append(Problem(field.name, words))
        else:
            given[field.name] = value
    return given, problems


def by_name(operation: Operation, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values under the fields' own names; what is no field keeps the name it was given.

    So does what says a field a second time, under another name: ``coerce`` refuses it.
    """
    names = {other: f.name for f in operation.fields for other in (f.name, *f.aliases)}
    named: dict[str, Any] = {}
    for name, value in values.items():
        own = names.get(name, name)
        if is_empty(named.get(own)):
            named[own] = value
        elif not is_empty(value):
            named[name] = value
    return named


def is_empty(raw: Any) -> bool:
    """Whether a value says nothing."""
    if isinstance(raw, str):
        return not raw.strip()
    return raw is None or (isinstance(raw, list | tuple | Mapping) and not raw)


_NOUNS: dict[Kind, str] = {
    Kind.TEXT: "text",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.SWITCH: "true or false",
    Kind.CHOICE: "one of its choices",
    Kind.IMAGE: "a picture file or an http(s) address",
    Kind.IMAGES: "a list of picture files",
    Kind.VIEWS: "pictures by view name",
    Kind.MODEL: "a 3D file or an http(s) address",
    Kind.NUMBERS: "a list of numbers",
}


def _typed(field: Field, raw: Any) -> Value | None:
    if field.kind is Kind.VIEWS:
        return _views(raw, [choice.value for choice in field.choices])
    return _CONVERTERS[field.kind](raw)


def _text(raw: Any) -> str | None:
    return raw.strip() if isinstance(raw, str) else None


def _switch(raw: Any) -> bool | None:
    return raw if isinstance(raw, bool) else None


def _integer(raw: Any) -> int | None:
    return raw if isinstance(raw, int) and _number(raw) is not None else None


def _number(raw: Any) -> float | None:
    if not isinstance(raw, int | float) or isinstance(raw, bool):
        return None
    try:
        number = float(raw)
    except OverflowError:  # a whole number may have more digits
        return None
    return number if math.isfinite(number) else None


def _texts(raw: Any) -> tuple[str, ...] | None:
    if isinstance(raw, list | tuple) and all(isinstance(item, str) and item for item in raw):
        return tuple(raw)
    return None


def _views(raw: Any, order: list[str]) -> dict[str, str] | None:
    """Views in the declared order (some engines take them by position), unknown ones last."""
    if not isinstance(raw, Mapping):
        return None
    if not all(isinstance(key, str) and isinstance(item, str) for key, item in raw.items()):
        return None
    names = [*(view for view in order if view in raw), *(key for key in raw if key not in order)]
    return {name: raw[name] for name in names if raw[name]} or None


def _numbers(raw: Any) -> tuple[str, ...] | None:
    texts = [str(item) for item in raw] if isinstance(raw, list | tuple) else None
    if texts is None:
        return None
    try:
        finite = all(math.isfinite(float(text)) for text in texts)
    except ValueError:
        return None
    return tuple(texts) if finite else None


_CONVERTERS: dict[Kind, Callable[[Any], Value | None]] = {
    Kind.TEXT: _text,
    Kind.CHOICE: _text,
    Kind.IMAGE: _text,
    Kind.MODEL: _text,
    Kind.SWITCH: _switch,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.IMAGES: _texts,
    Kind.NUMBERS: _numbers,
}


def infer_mode(operation: Operation, given: Mapping[str, Value]) -> Mode | None:
    """The mode of the given source field that says most; without any, the first mode."""
    modes = operation.modes
    sources = {field.source for field in operation.fields if field.source and field.name in given}
    for mode in (Mode.MODEL, Mode.MULTI_VIEW, Mode.IMAGE, Mode.TEXT):
        if mode in sources:
            return mode
    return modes[0] if modes else None


def check(operation: Operation, settings: Settings, given: Mapping[str, Value]) -> list[Problem]:
    """Find everything wrong with typed settings; ``given`` are those the user really set."""
    problems: list[Problem] = []
    if settings.mode is not None and settings.mode not in operation.modes:
        words = Message(
            "{operation} does not start from {wanted}; it takes {offered}.",
            operation=operation.words,
            wanted=Message(_MODE_NOUNS[settings.mode]),
            offered=_either(operation.modes),
        )
        return [Problem("", words)]
    for field in operation.fields:
        if field.name in given:
            problems += _check_applies(operation, field, settings)
        elif _is_required(operation, field, settings) and field.name not in settings.values:
            problems.append(Problem(field.name, _missing(operation, field)))
        if field.name in settings.values:
            problems += check_value(field, settings.values[field.name])
    problems += [
        Problem(rule.field, rule.message) for rule in operation.rules if rule.when.holds(settings)
    ]
    return problems


_MODE_NOUNS = {
    Mode.TEXT: "a prompt",
    Mode.IMAGE: "an image",
    Mode.MULTI_VIEW: "several views",
    Mode.MODEL: "a model",
}


def _either(modes: Sequence[Mode]) -> Message:
    """``a prompt or an image``."""
    return joined(EITHER, [Message(_MODE_NOUNS[mode]) for mode in modes])


def _is_required(operation: Operation, field: Field, settings: Settings) -> bool:
    if field.source is not None and field.source == settings.mode:
        return True
    return field.required and field in operation.visible_fields(settings)


def _missing(operation: Operation, field: Field) -> str:
    if field.source is not None and len(operation.modes) > 1:
        return Message(
            "{operation} needs {sources}.",
            operation=operation.words,
            sources=_either(operation.modes),
        )
    return Message("{field} is missing.", field=field.words)


def _check_applies(operation: Operation, field: Field, settings: Settings) -> list[Problem]:
    if not operation.belongs(field, settings.mode):
        mode = Message(_MODE_NOUNS[settings.mode] if settings.mode else "this")
        if field.source is not None:
            words = Message(
                "Give {operation} {mode} or {wanted}, not both.",
                operation=operation.words,
                mode=mode,
                wanted=Message(_MODE_NOUNS[field.source]),
            )
        else:
            words = Message(
                "{field} cannot be used when starting from {mode}.", field=field.words, mode=mode
            )
        return [Problem(field.name, words)]
    if field.when is not None and not field.when.holds(settings):
        words = Message(
            "{field} only applies when {condition}.",
            field=field.words,
            condition=field.when.words(operation.labels()),
        )
        return [Problem(field.name, words)]
    return []


def check_value(field: Field, value: Value) -> list[Problem]:
    """Check one typed value against its field's own limits."""
    problems: list[Problem] = []
    if field.kind is Kind.TEXT and isinstance(value, str):
        problems += _check_text(field, value)
    elif field.kind is Kind.CHOICE:
        problems += _check_choice(field, value)
    elif isinstance(value, int | float):
        problems += _check_number(field, value)
    elif isinstance(value, tuple):
        problems += _check_count(field, len(value)) or _check_lengths(field, value)
    elif isinstance(value, Mapping):
        problems += _check_views(field, value)
    elif isinstance(field.encoder, AddressOnly) and not is_address(value):
        words = Message("{field} takes an http(s) address, not a local file.", field=field.words)
        problems.append(Problem(field.name, words))
    return problems


def _check_text(field: Field, value: str) -> list[Problem]:
    if field.max_length is not None and len(value) > field.max_length:
        words = Message(
            "{field} is {length} characters; the service takes {most}.",
            field=field.words,
            length=grouped(len(value)),
            most=grouped(field.max_length),
        )
        return [Problem(field.name, words)]
    return []


def _check_choice(field: Field, value: Value) -> list[Problem]:
    allowed = [choice.value for choice in field.choices]
    if value in allowed or (field.pattern and re.fullmatch(field.pattern, str(value))):
        return []
    if field.pattern and value == UNNAMED:
        words = Message(
            "Give {field} a value, such as {example}.",
            field=field.words,
            example=field.pattern_example,
        )
        return [Problem(field.name, words)]
    listed = ", ".join(choice.value for choice in field.offered_choices())
    offered = Message(listed)
    if field.pattern:
        offered = Message(
            "{listed}, or a value such as {example}", listed=listed, example=field.pattern_example
        )
    words = Message(
        '{field} cannot be "{value}"; choose one of: {offered}.',
        field=field.words,
        value=value,
        offered=offered,
    )
    return [Problem(field.name, words)]


def _check_number(field: Field, value: float) -> list[Problem]:
    if field.minimum is not None and value < field.minimum:
        template, limit = "{field} is {value}; the least is {limit}.", field.minimum
    elif field.maximum is not None and value > field.maximum:
        template, limit = "{field} is {value}; the most is {limit}.", field.maximum
    else:
        return []
    measured = grouped(limit)
    if field.unit:
        measured = Message("{number} {unit}", number=measured, unit=Message(field.unit))
    words = Message(template, field=field.words, value=grouped(value), limit=measured)
    return [Problem(field.name, words)]


def _check_count(field: Field, count: int) -> list[Problem]:
    if field.minimum is not None and count < field.minimum:
        template, limit = "{field}: {count} given, at least {limit} needed.", field.minimum
    elif field.maximum is not None and count > field.maximum:
        template, limit = "{field}: {count} given, at most {limit} taken.", field.maximum
    else:
        return []
    words = Message(template, field=field.words, count=count, limit=grouped(limit))
    return [Problem(field.name, words)]


def _check_lengths(field: Field, values: Sequence[str]) -> list[Problem]:
    """That none of several lengths is zero or less, which no model can have."""
    if not field.length_in:
        return []
    wrong = next((text for text in values if float(text) <= 0), None)
    if wrong is None:
        return []
    words = Message("{field}: {value} is no length.", field=field.words, value=wrong)
    return [Problem(field.name, words)]


def _check_views(field: Field, views: Mapping[str, str]) -> list[Problem]:
    names = [choice.value for choice in field.choices]
    unknown = [view for view in views if view not in names]
    if unknown:
        words = Message(
            'There is no view "{name}"; the views are: {listed}.',
            name=unknown[0],
            listed=", ".join(names),
        )
        return [Problem(field.name, words)]
    if names and names[0] not in views:
        words = Message(
            "{field} need a {view} view.",
            field=field.words,
            view=Message(names[0]),
        )
        return [Problem(field.name, words)]
    return _check_count(field, len(views))

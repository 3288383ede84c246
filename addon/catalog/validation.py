"""Checks of a request against its declaration, with messages a person understands."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from .conditions import Mode, Settings, Value
from .encoders import AddressOnly, is_address
from .fields import Field, Kind
from .operation import Operation

EMPTY: tuple[Any, ...] = (None, "", (), [], {})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field; ``field`` is its name, or "" for the request as a whole."""

    field: str
    message: str


class InvalidRequest(ValueError):
    """The request would be refused (or misread) by the service; nothing was sent."""

    def __init__(self, label: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.label = label
        self.problems = problems


def grouped(number: float) -> str:
    """Write a number with thin groups of three, as people read it: 1 500 000."""
    if float(number).is_integer():
        return f"{int(number):,}".replace(",", " ")
    return f"{number:g}"


def coerce(operation: Operation, values: Mapping[str, Any]) -> tuple[dict[str, Value], list[Problem]]:
    """Bring given values to their fields' types; empty ones count as not given."""
    given: dict[str, Value] = {}
    problems: list[Problem] = []
    names = [name for field in operation.fields for name in (field.name, *field.aliases)]
    for name, raw in values.items():
        if any(raw is empty or (raw == empty and not isinstance(raw, int)) for empty in EMPTY):
            continue
        if name not in names:
            close = get_close_matches(name, names, n=1)
            meant = f' Did you mean "{close[0]}"?' if close else ""
            problems.append(Problem(name, f'{operation.label} has no field "{name}".{meant}'))
            continue
        field = operation.field(name)
        value = _typed(field, raw)
        if value is None:
            problems.append(Problem(field.name, f"{field.label} must be {_NOUNS[field.kind]}."))
        else:
            given[field.name] = value
    return given, problems


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
    match field.kind:
        case Kind.TEXT | Kind.CHOICE | Kind.IMAGE | Kind.MODEL:
            return raw.strip() if isinstance(raw, str) and raw.strip() else None
        case Kind.SWITCH:
            return raw if isinstance(raw, bool) else None
        case Kind.INTEGER:
            whole = isinstance(raw, int) and not isinstance(raw, bool)
            return raw if whole else None
        case Kind.NUMBER:
            number = isinstance(raw, int | float) and not isinstance(raw, bool)
            return float(raw) if number and math.isfinite(raw) else None
        case Kind.VIEWS:
            return _views(raw)
        case Kind.IMAGES:
            return _texts(raw)
        case Kind.NUMBERS:
            return _numbers(raw)


def _texts(raw: Any) -> tuple[str, ...] | None:
    if isinstance(raw, list | tuple) and all(isinstance(item, str) and item for item in raw):
        return tuple(raw)
    return None


def _views(raw: Any) -> dict[str, str] | None:
    if not isinstance(raw, Mapping):
        return None
    if not all(isinstance(key, str) and isinstance(item, str) for key, item in raw.items()):
        return None
    return {key: item for key, item in raw.items() if item} or None


def _numbers(raw: Any) -> tuple[str, ...] | None:
    texts = [str(item) for item in raw] if isinstance(raw, list | tuple) else None
    if texts is None:
        return None
    try:
        finite = all(math.isfinite(float(text)) for text in texts)
    except ValueError:
        return None
    return tuple(texts) if finite else None


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
        offered = ", ".join(_MODE_NOUNS[mode] for mode in operation.modes)
        wanted = _MODE_NOUNS[settings.mode]
        return [Problem("", f"{operation.label} does not start from {wanted}; it takes {offered}.")]
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


def _is_required(operation: Operation, field: Field, settings: Settings) -> bool:
    if field.source is not None and field.source == settings.mode:
        return True
    return field.required and field in operation.visible_fields(settings)


def _missing(operation: Operation, field: Field) -> str:
    sources = [_MODE_NOUNS[mode] for mode in operation.modes]
    if field.source is not None and len(sources) > 1:
        return f"{operation.label} needs {' or '.join(sources)}."
    return f"{field.label} is missing."


def _check_applies(operation: Operation, field: Field, settings: Settings) -> list[Problem]:
    if not operation.belongs(field, settings.mode):
        mode = _MODE_NOUNS[settings.mode] if settings.mode else "this"
        if field.source is not None:
            wanted = _MODE_NOUNS[field.source]
            return [Problem(field.name, f"Give {operation.label} {mode} or {wanted}, not both.")]
        return [Problem(field.name, f"{field.label} cannot be used when starting from {mode}.")]
    if field.when is not None and not field.when.holds(settings):
        words = field.when.words(operation.labels())
        return [Problem(field.name, f"{field.label} only applies when {words}.")]
    return []


def check_value(field: Field, value: Value) -> list[Problem]:
    """Check one typed value against its field's own limits."""
    if isinstance(value, str) and field.kind is Kind.TEXT:
        return _check_text(field, value)
    if field.kind is Kind.CHOICE:
        return _check_choice(field, value)
    if field.kind in (Kind.INTEGER, Kind.NUMBER) and isinstance(value, int | float):
        return _check_number(field, value)
    if field.kind in (Kind.IMAGES, Kind.NUMBERS) and isinstance(value, tuple):
        return _check_count(field, len(value))
    if field.kind is Kind.VIEWS and isinstance(value, Mapping):
        return _check_views(field, value)
    if isinstance(field.encoder, AddressOnly) and isinstance(value, str) and not is_address(value):
        return [Problem(field.name, f"{field.label} takes an http(s) address, not a local file.")]
    return []


def _check_text(field: Field, value: str) -> list[Problem]:
    if field.max_length is not None and len(value) > field.max_length:
        length, most = grouped(len(value)), grouped(field.max_length)
        return [Problem(field.name, f"{field.label} is {length} characters; the service takes {most}.")]
    return []


def _check_choice(field: Field, value: Value) -> list[Problem]:
    allowed = [choice.value for choice in field.choices]
    if value in allowed:
        return []
    offered = ", ".join(choice.value for choice in field.offered_choices())
    return [Problem(field.name, f'{field.label} cannot be "{value}"; choose one of: {offered}.')]


def _check_number(field: Field, value: float) -> list[Problem]:
    unit = f" {field.unit}" if field.unit else ""
    if field.minimum is not None and value < field.minimum:
        least = grouped(field.minimum)
        return [Problem(field.name, f"{field.label} is {grouped(value)}; the least is {least}{unit}.")]
    if field.maximum is not None and value > field.maximum:
        most = grouped(field.maximum)
        return [Problem(field.name, f"{field.label} is {grouped(value)}; the most is {most}{unit}.")]
    return []


def _check_count(field: Field, count: int) -> list[Problem]:
    if field.minimum is not None and count < field.minimum:
        least = grouped(field.minimum)
        return [Problem(field.name, f"{field.label} has {count}; the service wants {least} or more.")]
    if field.maximum is not None and count > field.maximum:
        most = grouped(field.maximum)
        return [Problem(field.name, f"{field.label} has {count}; the service takes {most}.")]
    return []


def _check_views(field: Field, views: Mapping[str, str]) -> list[Problem]:
    names = [choice.value for choice in field.choices]
    unknown = [view for view in views if view not in names]
    if unknown:
        listed = ", ".join(names)
        return [Problem(field.name, f'There is no view "{unknown[0]}"; the views are: {listed}.')]
    if names and names[0] not in views:
        return [Problem(field.name, f"{field.label} need a {names[0]} view.")]
    return _check_count(field, len(views))

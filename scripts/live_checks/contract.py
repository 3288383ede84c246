"""What the service's answers have to look like, with how sure that is: A, B, C or ?."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from addon.catalog import AssetType
from addon.service.answers import TaskState
from scripts.live_checks.exchange import Answer
from scripts.live_checks.findings import Finding

ACCEPTED = (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED)


def _parses(parse: Callable[[str], object]) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        try:
            parse(value)
        except ValueError:
            return False
        return True

    return check


def _one_of(words: Mapping[str, Any]) -> Callable[[Any], bool]:
    return lambda value: value in words


@dataclass(frozen=True, slots=True)
class Item:
    """A field of a JSON object: the types it may have, and ``right`` for what they do not say."""

    name: str
    types: tuple[type, ...]
    mark: str
    words: str = ""
    right: Callable[[Any], bool] = lambda _: True

    @property
    def expected(self) -> str:
        return self.words or " or ".join(_TYPES[kind] for kind in self.types)


_TYPES: Mapping[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
    type(None): "null",
}

_NONE = type(None)
WALLET = (
    Item(
        "balance",
        (str,),
        "A",
        "text with two decimals",
        lambda text: bool(re.fullmatch(r"-?\d+\.\d\d", text)),
    ),
    Item("rate_limit", (int,), "B", "a whole number above 0", lambda number: number > 0),
)
RECEIPT = (
    Item("task_id", (str,), "A", "a UUID", _parses(UUID)),
    Item("created_at", (str,), "B", "a time (ISO 8601)", _parses(datetime.fromisoformat)),
)
STATUS = (
    Item("status", (str,), "A", ", ".join(TaskState.__members__), _one_of(TaskState.__members__)),
    Item("progress", (int,), "A", "a whole number from 0 to 100", range(101).__contains__),
    Item("failure_reason", (str, _NONE), "A"),
    Item("results", (list,), "A"),
)
_ASSET_TYPES = {str(kind): kind for kind in AssetType}
RESULT = (
    Item("asset", (str, _NONE), "A"),
    Item("asset_type", (str,), "A", ", ".join(_ASSET_TYPES), _one_of(_ASSET_TYPES)),
    Item("metadata", (dict, _NONE), "C"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error's body: which of the three shapes it may have, and the code if it has one.

    ``service`` is ``{error, error_code}``, ``detail`` ``{detail}``, ``fields`` ``{field: [text]}``.
    """

    shapes: tuple[str, ...]
    code: str
    mark: str
    says: str = ""
    """Regular expression of what its sentence says, where programs read that."""


SHAPES: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "service": {"error": (str,), "error_code": (str,)},
    "detail": {"detail": (str,)},
}
_MORE = {"details"}
"""Beside the service's own shape, which may have further keys."""


@dataclass(frozen=True, slots=True)
class Expected:
    """An answer: its codes, and an object's fields or an error's body."""

    statuses: tuple[int, ...]
    mark: str
    fields: tuple[Item, ...] = ()
    refusal: Refusal | None = None


def compare(answer: Answer, expected: Expected, where: str) -> list[Finding]:
    """Every difference of one answer."""
    return list(_differences(answer, expected, where))


def _differences(answer: Answer, expected: Expected, where: str) -> Iterator[Finding]:
    if answer.status not in expected.statuses:
        codes = " or ".join(str(int(code)) for code in expected.statuses)
        target = answer.headers.get("Location", "")
        said = f"{answer.status} {urljoin(answer.url, target) if target else answer.excerpt}"
        kind = "redirect" if target else "status code"
        yield Finding(kind, where, f"HTTP {codes}", f"HTTP {said}", expected.mark)
        return
    document = answer.document
    if not isinstance(document, dict):
        yield Finding("form", where, "a JSON object", answer.excerpt, expected.mark)
    elif expected.refusal is not None:
        yield from _refusal_differences(document, expected.refusal, where)
    else:
        yield from object_differences(document, expected.fields, where)


def object_differences(
    document: Mapping[str, Any], fields: tuple[Item, ...], where: str
) -> Iterator[Finding]:
    """Missing and unknown fields, other types, and other values than can be."""
    for item in fields:
        place = f"{where}.{item.name}"
        if item.name not in document:
            yield Finding("missing field", place, item.expected, "not there", item.mark)
            continue
        value = document[item.name]
        if type(value) not in item.types:
            yield Finding("type", place, item.expected, f"{named(value)}", item.mark)
        elif not item.right(value):
            yield Finding("value", place, item.expected, json.dumps(value), item.mark)
    for name in document.keys() - {item.name for item in fields}:
        yield Finding("unknown field", f"{where}.{name}", "not there", named(document[name]), "A")


def named(value: Any) -> str:
    """What a value is, and not the value: what nobody knows may be a secret."""
    return _TYPES.get(type(value), type(value).__name__)


def shape_of(document: Mapping[str, Any]) -> str:
    """Which shape an error's body has; its keys if it is none of the known ones."""
    for name, keys in SHAPES.items():
        if keys.keys() <= document.keys() and document.keys() - keys.keys() <= _MORE:
            typed = all(type(document[key]) in types for key, types in keys.items())
            return name if typed else _keys(document)
    lists = [value for value in document.values() if isinstance(value, list)]
    return "fields" if document and len(lists) == len(document) else _keys(document)


def _keys(document: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {named(value)}" for name, value in sorted(document.items()))


def _refusal_differences(
    document: Mapping[str, Any], refusal: Refusal, where: str
) -> Iterator[Finding]:
    shape = shape_of(document)
    if shape not in refusal.shapes:
        expected = " or ".join(refusal.shapes)
        yield Finding("error body", where, f"the shape {expected}", shape, refusal.mark)
        return
    code = str(document.get("error_code", ""))
    if shape == "service" and code.lower() != refusal.code:
        yield Finding("error code", where, refusal.code, code, refusal.mark)
    said = str(document.get("error") or document.get("detail") or "")
    if refusal.says and not re.search(refusal.says, said):
        yield Finding("error text", where, refusal.says, said, refusal.mark)

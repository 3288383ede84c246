"""What an order is called: its subject first, then what was done with it.

The subject is kept as the job's name, and names what enters the scene. What stands in lists is
made of it by ``title``, in the language of whoever reads.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from ..catalog import Field, Kind, Operation, UnknownOperation, get, operations
from ..catalog.encoders import is_address
from ..catalog.messages import Message, joined
from ..service.addresses import shown_link
from .short_text import shorten

if TYPE_CHECKING:
    from .planner import Plan

LENGTH: Final = 40
"""Characters of a name made from a prompt."""

MODEL: Final = "Model"
PICTURE: Final = "Picture"

Known = Callable[[str], str]
"""The name of the job that made a file; "" if none did."""


def nothing_known(_path: str) -> str:
    """Where there is no list of jobs to look into."""
    return ""


_ID: Final = re.compile(
    r"(?<![0-9a-z])([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,})(?![0-9a-z])",
    re.IGNORECASE,
)
"""What no person calls anything."""

_OWN_PICTURE: Final = re.compile(r"\d{4}-\d\d-\d\d-(.+)-[0-9a-f]{6}")
"""A file of ``new_picture``, with the name inside."""


def of_plan(plan: "Plan", known: Known = nothing_known) -> str:
    """The subject of an order: its model, its prompt or its picture; else what it makes."""
    step = plan.steps[0]
    operation = get(step.operation)
    return subject(operation, step.values, known) or noun(operation)


def subject(operation: Operation, values: Mapping[str, Any], known: Known = nothing_known) -> str:
    """The same of an operation with these values; "" where nothing in them is a name."""
    return shorten(next(_candidates(operation, values, known), ""), LENGTH)


def noun(operation: Operation) -> str:
    """What the operation is about, for what has no name."""
    about_model = operation.makes_model or operation.model_fields()
    return MODEL if about_model else PICTURE


def of_text(text: str) -> str:
    """What a name says once ids are taken out of it; "" if that is nothing."""
    plain = " ".join(_ID.sub(" ", text).split()).strip(" -_.,")
    return plain if any(character.isalpha() for character in plain) else ""


def of_file(path: str) -> str:
    """What a file's or address' name says, without its ending; "" if nothing."""
    plain = unquote(shown_link(path)) if is_address(path) else path
    stem = PurePath(plain.replace("\\", "/")).stem
    own = _OWN_PICTURE.fullmatch(stem)
    text = of_text((own[1] if own else stem).replace("_", " "))
    if _ID.search(stem) and _is_end_of_result(text):
        return ""
    return text


def title(name: str, names_of_operations: Sequence[str]) -> Message:
    """The name as it stands in lists: what was done with the subject stands behind it.

    Engines have no place in it: all of them make the subject itself.
    """
    done = [words for words in map(_task, names_of_operations) if words]
    if not done:
        return Message("{name}", name=name)
    return Message("{name} · {task}", name=name, task=joined("{first}, {then}", done))


def _task(name: str) -> Message | None:
    try:
        operation = get(name)
    except UnknownOperation:
        return None
    return None if operation.group.has_engines else Message(operation.task_label)


def _candidates(operation: Operation, values: Mapping[str, Any], known: Known) -> Iterator[str]:
    """Names that say something, the best first."""
    fields = [field for field in operation.fields if values.get(field.name)]
    for field in sorted(fields, key=_rank):
        if field.kind is Kind.TEXT and field.source is not None:
            yield from filter(None, [" ".join(str(values[field.name]).split())])
        for path in _paths(field, values[field.name]):
            yield from filter(None, [of_text(known(path)) or of_file(path)])


def _rank(field: Field) -> int:
    order = (Kind.MODEL, Kind.TEXT, Kind.IMAGE, Kind.IMAGES, Kind.VIEWS)
    return order.index(field.kind) if field.kind in order else len(order)


def _paths(field: Field, value: Any) -> Sequence[str]:
    """The files of a field that takes any, but no results of other jobs."""
    if field.kind in {Kind.MODEL, Kind.IMAGE}:
        return [str(value)]
    if field.kind is Kind.IMAGES:
        return [str(path) for path in value]
    return [str(path) for path in value.values()] if field.kind is Kind.VIEWS else []


def _is_end_of_result(text: str) -> bool:
    """Whether it is what our own names of results have behind the id of the task."""
    names = [operation.name for operation in operations()]
    return any(text == name or text.startswith(f"{name}-") for name in names)

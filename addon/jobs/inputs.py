"""The local files of an order, looked at before any of it is paid for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..catalog import Field, InvalidRequest, Kind, Operation, Problem, get
from ..catalog.encoders import is_address
from ..catalog.messages import Message, together
from ..catalog.validation import simple_already
from ..service.errors import InputUnreadable, ServiceError
from ..service.file_types import MODEL_SUFFIXES
from ..service.limits import check_upload
from ..service.names import at_home
from ..service.pictures import look_at
from ..service.triangles import count_triangles
from .paths import FILE_KINDS, locations
from .planner import Plan, Step

SENT_MODELS: Final = (*MODEL_SUFFIXES, ".zip")


class MissingFile(InvalidRequest):
    """A local file of the order is not there."""


def check_inputs(plan: Plan, *, can_change: bool = True) -> tuple[Message, ...]:
    """Look at every local file of every step; raises InvalidRequest with all problems.

    A model that is yet to be exported is not looked for. Returns what is to be said before it is
    paid: of pictures that do not go as they are, of models that are simple already, and of what was
    chosen; ``can_change`` tells whether copies can be made of pictures.
    """
    problems: list[Problem] = []
    notes: dict[Message, None] = {}
    missing = False
    for step, field, path in _local_files(plan):
        if not path.is_file():
            missing = True
            problems.append(Problem(field.name, Message("There is no file {path}.", path=path)))
            continue
        try:
            if field.kind is Kind.MODEL:
                _check_model(path)
                notes |= dict.fromkeys(_if_simple(path, get(step.operation)))
            else:
                notes |= dict.fromkeys(_check_picture(path, can_change=can_change))
        except ServiceError as trouble:
            problems.append(Problem(field.name, together(trouble.message, trouble.hint)))
    if problems:
        error = MissingFile if missing else InvalidRequest
        raise error(get(plan.last.request.operation).label, tuple(problems))
    return (*notes, *dict.fromkeys(_notes_on_choices(plan)))


def _notes_on_choices(plan: Plan) -> Iterator[Message]:
    """Of what the jobs of the plan order; what only gets a model to the service is no choice."""
    for job in plan.jobs:
        if job.upload_proxy:
            continue
        for field in get(job.request.operation).fields:
            note = field.note_on(job.request.values.get(field.name))
            if note:
                yield Message(note)


def _local_files(plan: Plan) -> Iterator[tuple[Step, Field, Path]]:
    for step in plan.steps:
        for field, location in _files(step):
            if location and location not in plan.exports and not is_address(location):
                yield step, field, at_home(location)


def _files(step: Step) -> Iterator[tuple[Field, str]]:
    for field in get(step.operation).fields:
        if field.kind in FILE_KINDS:
            for location in locations(step.values.get(field.name)):
                yield field, location.strip()


def _check_picture(path: Path, *, can_change: bool) -> Iterator[Message]:
    """What is to be said of a picture; raises InputUnreadable and UploadTooLarge."""
    picture = look_at(path)
    picture.check(can_change=can_change)
    if picture.changes:
        yield picture.words() if can_change else picture.words_unchanged()


def _if_simple(path: Path, operation: Operation) -> Iterator[Message]:
    """That an operation which makes models simpler has little to do."""
    enough = operation.simple_below
    found = count_triangles(path, enough) if enough else None
    if found and found < enough:
        yield Message("{name}: {remark}", name=path.name, remark=simple_already(found))


def _check_model(path: Path) -> None:
    """Raises InputUnreadable and UploadTooLarge for what cannot be sent."""
    check_upload(path)
    if path.suffix.lower() not in SENT_MODELS:
        raise InputUnreadable(
            Message(
                "{name} is no 3D file that can be sent; it has to be one of: {listed}.",
                name=path.name,
                listed=", ".join(suffix[1:].upper() for suffix in SENT_MODELS),
            ),
            hint="",
        )

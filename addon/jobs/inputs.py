"""The local files of an order, looked at before any of it is paid for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..catalog import Field, InvalidRequest, Kind, Problem, get
from ..catalog.encoders import AddressOnly, Upload, is_address
from ..catalog.messages import Message, together
from ..service.errors import ServiceError
from ..service.file_types import MODEL_SUFFIXES
from ..service.limits import check_upload
from ..service.pictures import check_picture_file
from .paths import FILE_KINDS, locations
from .planner import Plan, Step

SENT_MODELS: Final = (*MODEL_SUFFIXES, ".zip")


class MissingFile(InvalidRequest):
    """A local file of the order is not there."""


def check_inputs(plan: Plan) -> None:
    """Look at every local file of every step; raises InvalidRequest with all problems.

    A model that is yet to be exported is not looked for. What is in the files is looked at where
    one job of several is paid for before another is sent; a single one is refused when it is sent,
    at no cost.
    """
    problems: list[Problem] = []
    missing = False
    for field, path in _local_files(plan):
        if not path.is_file():
            missing = True
            problems.append(Problem(field.name, Message("There is no file {path}.", path=path)))
        elif len(plan.jobs) > 1 and (trouble := _trouble(field, path)):
            problems.append(Problem(field.name, trouble))
    if problems:
        error = MissingFile if missing else InvalidRequest
        raise error(get(plan.last.request.operation).label, tuple(problems))


def _local_files(plan: Plan) -> Iterator[tuple[Field, Path]]:
    for step in plan.steps:
        for field, location in _files(step):
            if location and location not in plan.exports and not is_address(location):
                yield field, Path(location).expanduser()


def _files(step: Step) -> Iterator[tuple[Field, str]]:
    for field in get(step.operation).fields:
        if field.kind in FILE_KINDS:
            for location in locations(step.values.get(field.name)):
                yield field, location.strip()


def _trouble(field: Field, path: Path) -> str:
    """Why the file cannot be sent; "" if it can."""
    try:
        if not isinstance(field.encoder, Upload | AddressOnly):
            check_picture_file(path)
            return ""
        check_upload(path)
    except ServiceError as error:
        return together(error.message, error.hint)
    if field.kind is Kind.MODEL and path.suffix.lower() not in SENT_MODELS:
        return Message(
            "{name} is no 3D file that can be sent; it has to be one of: {listed}.",
            name=path.name,
            listed=", ".join(suffix[1:].upper() for suffix in SENT_MODELS),
        )
    return ""

"""From the bytes of a POST to a checked body, or to a 400 that names every mistake."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from flask import g, request
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scripts.sandbox.contract import Body, Endpoint, Upload
from scripts.sandbox.errors import ApiError, invalid
from scripts.sandbox.options import Behaviour
from scripts.sandbox.request_log import brief

_WORDING = {
    "missing": "This field is required.",
    "extra_forbidden": "Unknown field.",
    "bool_type": "Must be a valid boolean.",
    "int_type": "A valid integer is required.",
    "int_parsing": "A valid integer is required.",
    "int_from_float": "A valid integer is required.",
    "float_type": "A valid number is required.",
    "float_parsing": "A valid number is required.",
    "finite_number": "A valid number is required.",
    "string_type": "Not a valid string.",
    "string_too_short": "This field may not be blank.",
    "string_too_long": "Ensure this field has no more than {max_length} characters.",
    "greater_than": "Ensure this value is greater than {gt}.",
    "greater_than_equal": "Ensure this value is greater than or equal to {ge}.",
    "less_than_equal": "Ensure this value is less than or equal to {le}.",
    "too_short": "Ensure this field has at least {min_length} elements.",
    "too_long": "Ensure this field has no more than {max_length} elements.",
    "literal_error": '"{input}" is not a valid choice.',
    "value_error": "{error}",
    "list_type": "Expected a list of items.",
}
"""pydantic's error types in the words of the service's framework."""


def parse_body(endpoint: Endpoint, behaviour: Behaviour, folder: Path) -> Body:
    """The request's checked body; uploaded parts are written into ``folder``.

    Raises ApiError: 400 with all mistakes, 415 for a content type the endpoint does not take.
    """
    try:
        if request.mimetype == "application/json":
            g.entry.fields = _as_dict(brief(request.get_json(silent=True)))
            return endpoint.body.model_validate_json(request.get_data(), strict=True)
        if request.mimetype == "multipart/form-data" and endpoint.multipart:
            form = _read_form(folder, behaviour)
            return endpoint.body.model_validate(form)
    except ValidationError as error:
        raise invalid(_explain(error.errors(include_url=False)), behaviour) from error
    message = f'Unsupported media type "{request.mimetype}" in request.'
    raise ApiError(415, message, shape="detail")


def _read_form(folder: Path, behaviour: Behaviour) -> dict[str, str | Upload]:
    """Fields and file parts by name; text stays text, for a form knows no other type."""
    fields: dict[str, str | Upload] = {}
    repeated = set()
    for name, value in request.form.items(multi=True):
        if name in fields:
            repeated.add(name)
        fields[name] = value
    for number, (name, part) in enumerate(request.files.items(multi=True)):
        if name in fields:
            repeated.add(name)
        path = folder / f"part-{number}"
        part.save(path)
        fields[name] = Upload(path, part.filename or "")
    g.entry.fields = {name: _brief_part(value) for name, value in fields.items()}
    if repeated:
        raise invalid({name: ["This field is given twice."] for name in repeated}, behaviour)
    return fields


def _brief_part(value: str | Upload) -> object:
    if isinstance(value, Upload):
        return f"<file {value.filename} of {value.path.stat().st_size} bytes>"
    return brief(value)


def _as_dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _explain(errors: list[ErrorDetails]) -> dict[str, list[str]]:
    fields: defaultdict[str, list[str]] = defaultdict(list)
    for error in errors:
        name = ".".join(str(part) for part in error["loc"]) or "non_field_errors"
        fields[name].append(_word(error))
    return dict(fields)


def _word(error: ErrorDetails) -> str:
    template = _WORDING.get(error["type"])
    if template is None:
        return error["msg"]
    return template.format(**{"input": brief(error["input"]), **error.get("ctx", {})})

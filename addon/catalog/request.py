"""From loose values to a validated, priced request and its body on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .conditions import Settings
from .encoders import ReadImage, WireBody
from .operation import Operation
from .prices import Estimate
from .registry import get
from .validation import InvalidRequest, Problem, check, coerce, infer_mode
from .values import Mode, Value, Values


@dataclass(frozen=True, slots=True)
class Request:
    """A validated order to the service.

    ``values`` hold every field that is sent, JSON-able: pictures and models are local paths or
    addresses, views a mapping of view name to one.
    """

    operation: str
    values: Mapping[str, Value]
    mode: Mode | None

    @property
    def settings(self) -> Settings:
        """The same, as conditions see it."""
        return Settings(self.mode, self.values)


@dataclass(frozen=True, slots=True)
class WireRequest:
    """One POST: ``json`` for a JSON body, or ``form`` with ``files`` (part name to local path)."""

    path: str
    json: dict[str, Any] | None
    form: dict[str, str] | None
    files: dict[str, str]


def build_request(operation: str, values: Mapping[str, Any], mode: Mode | None = None) -> Request:
    """Validate ``values`` and fill in defaults; empty values count as not given.

    Raises UnknownOperation, or InvalidRequest with every problem found.
    """
    declared = get(operation)
    given, problems = coerce(declared, values)
    chosen = mode or infer_mode(declared, given)
    settings = Settings(chosen, {**declared.defaults(), **given})
    problems += check(declared, settings, given)
    if problems:
        raise InvalidRequest(declared.label, tuple(problems))
    return Request(declared.name, _sent(declared, settings), chosen)


def _sent(declared: Operation, settings: Settings) -> dict[str, Value]:
    """The values that go out: those of visible fields, and what hidden ones say instead."""
    sent: dict[str, Value] = {}
    for field in declared.fields:
        if not declared.belongs(field, settings.mode):
            continue
        shown = field.when is None or field.when.holds(settings)
        value = settings.values.get(field.name) if shown else field.otherwise
        if value is not None:
            sent[field.name] = value
    return sent


def estimate(request: Request) -> Estimate:
    """What the request is expected to cost, in credits."""
    return get(request.operation).estimate(request.settings)


def estimate_settings(operation: Operation, mode: Mode | None, values: Values) -> Estimate:
    """The same for settings that are still being made, without validating them."""
    return operation.estimate(Settings(mode, {**operation.defaults(), **values}))


def encode(request: Request, read: ReadImage) -> WireRequest:
    """Put a request into the service's own form; ``read`` turns pictures into data URIs."""
    declared = get(request.operation)
    body = WireBody()
    for name, value in request.values.items():
        field = declared.field(name)
        if not (field.only_if_changed and value == field.default):
            field.encoder.write(name, value, body, read)
    path = declared.route(request.settings).path.format_map(request.values)
    if body.files or declared.always_form:
        form = {name: form_text(value) for name, value in body.values.items()}
        return WireRequest(path, None, form, body.files)
    return WireRequest(path, body.values, None, {})


def form_text(value: Value) -> str:
    """A scalar as multipart text: booleans in lower case, numbers in decimals."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value)


__all__ = [
    "InvalidRequest",
    "Problem",
    "Request",
    "WireRequest",
    "build_request",
    "encode",
    "estimate",
    "estimate_settings",
    "form_text",
]

"""Refusals and the three shapes in which the service words them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from scripts.sandbox.options import Behaviour

Shape = Literal["service", "detail", "fields"]


@dataclass(eq=False)
class ApiError(Exception):
    """An answer other than success.

    ``shape`` "service" is ``{"error", "error_code"}``, "detail" is the framework's
    ``{"detail"}``, "fields" its ``{field: [message]}``.
    """

    status: int
    message: str
    code: str | None = None
    shape: Shape = "service"
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, behaviour: Behaviour) -> dict[str, Any]:
        """The JSON body under the current switches."""
        if self.shape == "detail":
            return {"detail": self.message}
        if self.shape == "fields":
            return dict(self.fields)
        body: dict[str, Any] = {"error": self.message}
        if self.code is not None:
            body["error_code"] = self.code.lower() if behaviour.lower_case_codes else self.code
        if self.fields:
            body["details"] = dict(self.fields)
        return body


def invalid(fields: Mapping[str, list[str]], behaviour: Behaviour) -> ApiError:
    """400 for a body that breaks the contract; ``fields`` says where and why."""
    sentence = " ".join(
        message if name == "non_field_errors" else f"{name}: {message}"
        for name, messages in fields.items()
        for message in messages
    )
    return ApiError(400, sentence, "VALIDATION_FAILED", shape=behaviour.error_shape, fields=fields)


def not_found() -> ApiError:
    """404 for a task that never was or is no more."""
    message = "No PublicAPIGenerationRequest matches the given query."
    return ApiError(404, message, shape="detail")


def foreign_task() -> ApiError:
    """403 for a task of another key."""
    message = "You do not have permission to perform this action."
    return ApiError(403, message, shape="detail")


def throttled(seconds: int, behaviour: Behaviour) -> ApiError:
    """429; nothing was done and nothing is charged."""
    message = f"Request was throttled. Expected available in {seconds} seconds."
    headers = {"Retry-After": str(seconds)} if behaviour.retry_after else {}
    shape: Shape = "detail" if behaviour.throttle_text_key == "detail" else "service"
    return ApiError(429, message, "RATE_LIMITED", shape=shape, headers=headers)

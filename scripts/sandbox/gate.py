"""What every API request has to pass: the slash, the armed faults, the key, the throttle."""

import hmac
import math

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from scripts.sandbox.errors import ApiError, Shape, invalid, throttled
from scripts.sandbox.faults import Fault
from scripts.sandbox.recording import drop_connection, is_control
from scripts.sandbox.sandbox import Sandbox, account_of

_DEFAULT_WAIT = 5
_REFUSALS: dict[str, tuple[int, str, str | None, Shape]] = {
    "401": (401, "This API key has been revoked.", "API_KEY_REVOKED", "service"),
    "402": (402, "Insufficient credits.", "INSUFFICIENT_CREDITS", "service"),
    "403": (403, "You do not have permission to perform this action.", None, "detail"),
    "404": (404, "Not found.", None, "detail"),
    "500": (500, "An unexpected error occurred.", "INTERNAL_ERROR", "service"),
}
_GATEWAY_NAMES = {
    413: "Request Entity Too Large",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}


def install(app: Flask, sandbox: Sandbox) -> None:
    """Put the gate before every view of ``app`` and word its errors like the service."""

    @app.before_request
    def enter() -> Response | None:
        if is_control():
            return None
        if not request.path.endswith("/"):
            raise invalid({"path": ["Every path ends in a slash."]}, sandbox.behaviour)
        if request.routing_exception is not None:
            return None
        g.fault = sandbox.faults.take(_stage())
        if g.fault is not None and g.fault.what != "lost":
            return _strike(g.fault, sandbox)
        g.account = _authenticate(sandbox)
        _throttle(sandbox)
        return None

    @app.after_request
    def lose(response: Response) -> Response:
        fault: Fault | None = g.get("fault")
        return drop_connection() if fault is not None and fault.what == "lost" else response

    @app.errorhandler(ApiError)
    def refuse(error: ApiError) -> Response:
        response = jsonify(error.body(sandbox.behaviour))
        response.status_code = error.status
        response.headers.update(error.headers)
        return response

    @app.errorhandler(HTTPException)
    def framework_error(error: HTTPException) -> Response:
        if isinstance(error, RequestEntityTooLarge):
            return _html(413, "Request Entity Too Large")
        response = jsonify({"detail": _wording(error)})
        response.status_code = error.code or 500
        return response


def _wording(error: HTTPException) -> str:
    """The sentence of the service's framework, where the two frameworks differ."""
    if isinstance(error, NotFound):
        return "Not found."
    if isinstance(error, MethodNotAllowed):
        return f'Method "{request.method}" not allowed.'
    return error.description or error.name


def _stage() -> str:
    if request.method == "POST":
        return "submit"
    return "status" if request.path.startswith("/v1/") else "wallet"


def _strike(fault: Fault, sandbox: Sandbox) -> Response:
    match fault.what:
        case "dropped":
            return drop_connection()
        case "hang":
            sandbox.closing.wait()
            return drop_connection()
        case "429":
            raise throttled(int(fault.value or _DEFAULT_WAIT), sandbox.behaviour)
        case "500-html":
            return _html(500, "Server Error (500)")
        case "not-json":
            return _html(200, "Scheduled maintenance")
        case refusal if refusal in _REFUSALS:
            raise ApiError(*_REFUSALS[refusal])
        case gateway:
            return _html(int(gateway), _GATEWAY_NAMES[int(gateway)])


def _html(status: int, title: str) -> Response:
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Response(page, status, mimetype="text/html")


def _authenticate(sandbox: Sandbox) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key:
        raise ApiError(401, "Authentication credentials were not provided.", "INVALID_API_KEY")
    if _is(key, sandbox.options.expired_key):
        raise ApiError(401, "This API key has expired.", "API_KEY_EXPIRED")
    if _is(key, sandbox.options.revoked_key):
        raise ApiError(401, "This API key has been revoked.", "API_KEY_REVOKED")
    if not any(_is(key, known) for known in sandbox.options.keys):
        raise ApiError(401, "Invalid API key.", "INVALID_API_KEY")
    return account_of(key)


def _is(key: str, known: str) -> bool:
    return hmac.compare_digest(key.encode(), known.encode())


def _throttle(sandbox: Sandbox) -> None:
    if request.method != "POST" and not sandbox.behaviour.throttle_reads:
        return
    wait = sandbox.throttle.admit(g.account)
    if wait:
        raise throttled(math.ceil(wait), sandbox.behaviour)

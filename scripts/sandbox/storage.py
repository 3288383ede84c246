"""The storage server: signed links, ranges, and no welcome for an Authorization header."""

from collections.abc import Iterable, Iterator
from typing import cast

from flask import Flask, Response, request, send_file
from werkzeug.wsgi import FileWrapper

from scripts.sandbox import recording
from scripts.sandbox.faults import Fault
from scripts.sandbox.recording import drop_connection
from scripts.sandbox.sandbox import Sandbox
from scripts.sandbox.signing import LinkRefused
from scripts.sandbox.status import is_forgotten

_SLOW_BYTES_PER_SECOND = 100_000
_STEPS_PER_SECOND = 10
_SOME_GARBAGE = b"sandbox garbage!"


def create_storage(sandbox: Sandbox) -> Flask:
    """The application behind the results' addresses."""
    app = Flask("sandbox-storage", static_folder=None)
    recording.install(app, sandbox, "storage")

    @app.get("/assets/<task_id>/<path:file>")
    def asset(task_id: str, file: str) -> Response:
        if "Authorization" in request.headers:
            return _refusal(400, "InvalidArgument", "Only one auth mechanism allowed.")
        try:
            sandbox.signer.check(request.path, request.args)
        except LinkRefused as refusal:
            return _refusal(403, "AccessDenied", str(refusal))
        task = sandbox.book.get(task_id)
        if task is None or is_forgotten(sandbox, task, sandbox.clock.now()):
            return _refusal(404, "NoSuchKey", "The specified key does not exist.")
        fault = sandbox.faults.take("download")
        instead = None if fault is None else _strike(fault, sandbox)
        if instead is not None:
            return instead
        response = send_file(
            sandbox.runner.results_folder(task_id) / file,
            mimetype="application/octet-stream",
            conditional=True,
        )
        return response if fault is None else _damage(fault, response, sandbox)

    return app


def _refusal(status: int, code: str, message: str) -> Response:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    )
    return Response(text, status, mimetype="application/xml")


def _strike(fault: Fault, sandbox: Sandbox) -> Response | None:
    """The answer in place of the file; None when the fault is in the file itself."""
    match fault.what:
        case "dropped":
            return drop_connection()
        case "hang":
            sandbox.closing.wait()
            return drop_connection()
        case "403":
            return _refusal(403, "AccessDenied", "Request has expired")
        case "500":
            return _refusal(500, "InternalError", "We encountered an internal error.")
        case "503":
            return _refusal(503, "SlowDown", "Please reduce your request rate.")
    return None


def _damage(fault: Fault, response: Response, sandbox: Sandbox) -> Response:
    """``response`` with its body changed on the way; the headers stay."""
    length = response.content_length or 0
    body = cast("FileWrapper", response.response)
    response.direct_passthrough = False
    response.call_on_close(body.close)
    match fault.what:
        case "cut":
            response.response = _cut(body, int(fault.value or length // 2))
        case "corrupt":
            response.response = _overwrite(body, length // 2)
        case "wrong-magic":
            response.response = _overwrite(body, 0)
        case "slow":
            response.response = _slowly(body, int(fault.value or _SLOW_BYTES_PER_SECOND), sandbox)
    return response


def _cut(body: Iterable[bytes], length: int) -> Iterator[bytes]:
    for chunk in body:
        yield chunk[:length]
        length -= len(chunk)
        if length <= 0:
            return


def _overwrite(body: Iterable[bytes], start: int) -> Iterator[bytes]:
    """``body`` with some bytes at ``start`` replaced; the length stays."""
    position = 0
    for chunk in body:
        changed = bytearray(chunk)
        first, last = max(start - position, 0), start + len(_SOME_GARBAGE) - position
        for index in range(first, min(last, len(chunk))):
            changed[index] = _SOME_GARBAGE[(position + index - start) % len(_SOME_GARBAGE)]
        position += len(chunk)
        yield bytes(changed)


def _slowly(body: Iterable[bytes], per_second: int, sandbox: Sandbox) -> Iterator[bytes]:
    step = max(1, per_second // _STEPS_PER_SECOND)
    for chunk in body:
        for start in range(0, len(chunk), step):
            yield chunk[start : start + step]
            sandbox.closing.wait(1 / _STEPS_PER_SECOND)

"""Takes every request of a server in whole, logs it, and closes connections on demand."""

import logging
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import LimitedStream

from scripts.sandbox.request_log import Entry
from scripts.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_log = logging.getLogger(__name__)
_STREAM = "sandbox.body"
_PIECE = 1 << 20


def install(app: Flask, sandbox: Sandbox, server: str) -> None:
    """Record all requests of ``app`` under the name ``server``."""
    app.wsgi_app = WholeRequests(app.wsgi_app)  # type: ignore[method-assign]

    @app.before_request
    def enter() -> None:
        g.entry = Entry(
            server=server,
            method=request.method,
            path=request.path,
            has_auth="Authorization" in request.headers,
            content_type=request.mimetype or None,
            agent=request.user_agent.string,
            at=sandbox.clock.now(),
        )
        if not is_control():
            sandbox.log.add(g.entry)

    @app.after_request
    def leave(response: Response) -> Response:
        entry: Entry = g.entry
        if "dropped" not in g:
            entry.status = response.status_code
        if not is_control():
            outcome = entry.status or "no answer"
            _log.info("%s %s %s %s", server, entry.method, entry.path, outcome)
        return response


def is_control() -> bool:
    """Whether the request is for the tests' controls and not part of the contract."""
    return request.path.startswith("/_sandbox/")


def drop_connection() -> Response:
    """Close the client's connection once its request is here; the answer returned goes nowhere."""
    g.dropped = True
    take_in_rest(request.environ)
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return Response(status=500)


class WholeRequests:
    """WSGI middleware: what the application leaves of a body is read before its answer is sent.

    A proxy in front of a service does the same. An answer given while the client still sends is a
    matter of luck: on a slow machine the client finds a broken connection instead, and so cannot
    know whether its request arrived.
    """

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        body = LimitedStream(environ["wsgi.input"], int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = environ[_STREAM] = body
        environ["wsgi.input_terminated"] = True
        answer = self._application(environ, start_response)
        take_in_rest(environ)
        return answer


def take_in_rest(environ: "WSGIEnvironment") -> None:
    """Read the body to its end; a client that is gone has sent all it will send."""
    body: LimitedStream = environ[_STREAM]
    try:
        while not body.is_exhausted:
            body.read(_PIECE)
    except ClientDisconnected:
        return

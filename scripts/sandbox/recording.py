"""Writes every request of a server into the request log, and closes connections on demand."""

import logging
import socket

from flask import Flask, Response, g, request

from scripts.sandbox.request_log import Entry
from scripts.sandbox.sandbox import Sandbox
from scripts.sandbox.whole_requests import WholeRequests, take_in_rest

_log = logging.getLogger(__name__)


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

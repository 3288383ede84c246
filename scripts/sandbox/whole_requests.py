"""Every request is taken in whole before it is answered, as a proxy in front of a service does.

An answer given while the client still sends is a matter of luck: on a slow machine the client finds
a broken connection instead, and so cannot know whether its request arrived.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import LimitedStream

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_STREAM = "sandbox.body"
_PIECE = 1 << 20


class WholeRequests:
    """WSGI middleware: what the application leaves of a body is read before its answer is sent."""

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

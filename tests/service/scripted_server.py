"""A loopback HTTP server that answers what a test tells it to, and remembers what it was asked."""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.patience import seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; ``length`` announces another Content-Length than is sent, None leaves it out."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = -1
    drop: bool = False
    """Close the connection after the request was read, without a word."""
    wait: threading.Event | None = None
    """Hold the answer back until this is set."""


def json_answer(value: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(
        status, json.dumps(value).encode(), {"Content-Type": "application/json"} | headers
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Script = Answer | Callable[[Asked], Answer]


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle is what some tests are about."""


class ScriptedServer:
    """Answers per (method, path): one after the other, the last one for ever."""

    def __init__(self) -> None:
        self._scripts: dict[tuple[str, str], deque[Script]] = defaultdict(deque)
        self._lock = threading.Lock()
        self.asked: list[Asked] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.serve(self)

            def do_POST(self) -> None:
                server.serve(self)

            def do_CONNECT(self) -> None:  # as asked of a proxy
                server.serve(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._http = _QuietServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def on(self, method: str, path: str, *scripts: Script) -> None:
        """Answer requests to ``path`` (without query) like this from now on."""
        with self._lock:
            self._scripts[method, path] = deque(scripts)

    def count(self, method: str, path: str = "") -> int:
        return sum(a.method == method and path in {"", a.path} for a in self.asked)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(seconds(10))

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        path = handler.path
        path = path if handler.command == "CONNECT" else urlsplit(path).path
        asked = Asked(handler.command, path, dict(handler.headers), body)
        with self._lock:
            self.asked.append(asked)
            scripts = self._scripts[handler.command, path]
            script: Script = Answer(404) if not scripts else scripts[0]
            if len(scripts) > 1:
                scripts.popleft()
        self._send(handler, script if isinstance(script, Answer) else script(asked))

    def _send(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        if answer.wait is not None:
            answer.wait.wait(seconds(60))
        if answer.drop:
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if answer.length is not None:
            announced = len(answer.body) if answer.length < 0 else answer.length
            handler.send_header("Content-Length", str(announced))
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(answer.body)
        handler.close_connection = True


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    try:
        yield server
    finally:
        server.close()

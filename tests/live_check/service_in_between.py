"""A service that differs from the sandbox in what a test changes: a proxy in front of it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.patience import seconds
from tests.sandbox.front import Front

WALLET = "/account/user/wallet/"


@dataclass
class Passing:
    """One answer on its way, to be changed."""

    method: str
    path: str
    """Without the query."""
    query: str
    status: int
    headers: dict[str, str]
    body: bytes
    sent_key: str
    """The Authorization header of the request."""

    @property
    def is_status(self) -> bool:
        return self.path.endswith("/status/")

    @property
    def is_file(self) -> bool:
        return self.path.startswith("/assets/")

    @property
    def is_receipt(self) -> bool:
        return self.method == "POST" and self.status == 201

    def change(self, edit: Callable[[Any], object]) -> None:
        """Edit the JSON document in place."""
        document = json.loads(self.body)
        edit(document)
        self.body = json.dumps(document).encode()

    def replace(self, document: Any, status: int | None = None) -> None:
        self.body = json.dumps(document).encode()
        self.status = status or self.status


Plant = Callable[[Passing], None]


@dataclass
class Between:
    """Where the changed service answers, and all that went through."""

    address: str
    passed: list[Passing] = field(default_factory=list)

    def posts(self) -> list[Passing]:
        return [one for one in self.passed if one.method == "POST"]

    def paid(self) -> list[Passing]:
        return [one for one in self.passed if one.is_receipt]


def _lost(_: Passing) -> None:
    raise ConnectionAbortedError


LOSE = _lost
"""Plant: the answer never arrives."""


def _handler(front: Front, plant: Plant, between: Between) -> type[BaseHTTPRequestHandler]:
    ahead = requests.Session()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections stay

        def answer(self) -> None:
            _, _, path, query, _ = urlsplit(self.path)
            files = path.startswith("/assets/")
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            kept = ("Authorization", "Content-Type")
            response = ahead.request(
                self.command,
                (front.storage if files else front.address) + self.path,
                headers={name: self.headers[name] for name in kept if name in self.headers},
                data=sent,
                timeout=seconds(30),
            )
            names = {"Content-Type", "Retry-After"} & set(response.headers)
            headers = {name: response.headers[name] for name in names}
            body = response.content
            if not files:  # links lead here as well
                body = body.replace(front.storage.encode(), between.address.encode())
            key = self.headers.get("Authorization", "")
            passing = Passing(self.command, path, query, response.status_code, headers, body, key)
            between.passed.append(passing)
            try:
                plant(passing)
            except ConnectionAbortedError:
                self.close_connection = True
                return
            self.send_response(passing.status)
            for name, value in passing.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(passing.body)))
            self.end_headers()
            self.wfile.write(passing.body)

        do_GET = do_POST = answer  # noqa: N815 - the names the base class calls

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
            pass

    return Handler


@contextmanager
def between(front: Front, plant: Plant = lambda _: None) -> Iterator[Between]:
    """The sandbox, changed by ``plant``."""
    found = Between("")
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(front, plant, found)) as server:
        found.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield found
        server.shutdown()

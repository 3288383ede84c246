"""Starting and stopping: two ports, one sandbox."""

import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from scripts.sandbox.api import create_api
from scripts.sandbox.options import Options
from scripts.sandbox.sandbox import Sandbox
from scripts.sandbox.storage import create_storage
from scripts.sandbox.work import Engine

_POLL_SECONDS = 0.05
"""How soon a server notices that it shall stop."""


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that answers."""

    address: str
    storage: str
    key: str


class _QuietHandler(WSGIRequestHandler):
    """The applications log each request themselves, without the signed query."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def serve(options: Options, engines: Mapping[str, Engine]) -> Iterator[Running]:
    """A running sandbox for the length of the ``with`` block."""
    with ExitStack() as stack:
        folder = options.state_dir
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sandbox-")))
        folder.mkdir(parents=True, exist_ok=True)
        sandbox = Sandbox(options, engines, folder)
        stack.callback(sandbox.close)
        storage = _start(create_storage(sandbox), options.host, options.storage_port, stack)
        sandbox.storage_address = storage
        api = _start(create_api(sandbox), options.host, options.port, stack)
        sandbox.resume()
        yield Running(api, storage, options.keys[0])


def _start(app: Flask, host: str, port: int, stack: ExitStack) -> str:
    """Serve ``app`` until ``stack`` unwinds; its address."""
    server = make_server(host, port, app, threaded=True, request_handler=_QuietHandler)
    thread = threading.Thread(
        target=server.serve_forever, args=(_POLL_SECONDS,), name=app.name, daemon=True
    )
    thread.start()
    stack.callback(_stop, server, thread)
    return f"http://{host}:{server.server_port}"


def _stop(server: BaseWSGIServer, thread: threading.Thread) -> None:
    server.shutdown()
    thread.join()
    server.server_close()

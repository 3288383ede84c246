"""A service that takes next to no time: ``python -m scripts.bench.service [BYTES]``.

It takes any order and has each finished at once: what is measured is what is spent on this side.
The result is a small GLB, or one of ``BYTES`` for who sends about as much. One JSON line on stdout
says where it is; it ends when stdin closes.
"""

import json
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
SMALL: Final = 400
CHUNK: Final = 64 * 1024
LARGE: Final = 200 * 10**6 - 4096
"""Bytes: as much as may be sent, with what goes around it."""


class Handler(BaseHTTPRequestHandler):
    """Answers as the service does, as far as a runner asks."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Service"

    def do_GET(self) -> None:
        parts = self.path.partition("?")[0].strip("/").split("/")
        if parts[0] == "file":
            self._file(int(parts[1].partition(".")[0]))
        elif parts[-1] == "status":
            self._json(200, self._finished(parts[-2]))
        else:
            self._json(200, {"balance": "1000000.00", "rate_limit": 10**6})

    def do_POST(self) -> None:
        left = int(self.headers.get("Content-Length", 0))
        is_large = left > self.server.large // 2
        while left > 0:
            left -= len(self.rfile.read(min(left, CHUNK)))
        self._json(201, {"task_id": self.server.new_task(is_large=is_large)})

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""

    def _finished(self, task: str) -> dict[str, Any]:
        size = self.server.large if task.startswith("large") else SMALL
        address = f"http://127.0.0.1:{self.server.server_port}/file/{size}.glb?of={task}"
        asset = {"asset": address, "asset_type": "3D_MODEL", "metadata": None}
        return {"status": "FINISHED", "progress": 100, "failure_reason": None, "results": [asset]}

    def _json(self, status: int, said: Any) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _file(self, size: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "model/gltf-binary")
        self.send_header("Content-Length", str(size))
        self.end_headers()
        self.wfile.write(b"glTF" + struct.pack("<II", 2, size))
        left, zeros = size - 12, bytes(CHUNK)
        while left > 0:
            left -= self.wfile.write(zeros[: min(left, CHUNK)])


class Service(ThreadingHTTPServer):
    """On a port of its own."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, large: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.large = large
        self._tasks = 0
        self._lock = threading.Lock()

    def new_task(self, *, is_large: bool) -> str:
        """The id of a task, which says how large its result is."""
        with self._lock:
            self._tasks += 1
            return f"{'large' if is_large else 'small'}-{self._tasks:08d}"


@contextmanager
def running(large: int = LARGE) -> Iterator[str]:
    """A service in a process of its own; gives its address."""
    command = [sys.executable, "-m", "scripts.bench.service", str(large)]
    process: Any
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:  # leaving closes stdin, which ends it
        yield str(json.loads(process.stdout.readline())["address"])


def main() -> None:
    """Serve until whoever started it is gone."""
    with Service(int(sys.argv[1]) if len(sys.argv) > 1 else LARGE) as service:
        threading.Thread(target=service.serve_forever, daemon=True).start()
        ready = {"address": f"http://127.0.0.1:{service.server_port}"}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()

"""The service that is ordered from: the sandbox, or a small one that needs no libraries."""

import json
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

import requests

SANDBOX_NEEDS: Final = ("cv2", "flask", "itsdangerous", "numpy", "pebble", "pydantic", "trimesh")
KEY: Final = "system-check-key-0123456789"
ASK_SECONDS: Final = 20.0
HOURS: Final = 12 * 3600.0


class Service(Protocol):
    """What the checks ask of it."""

    name: str
    address: str
    key: str

    def orders(self) -> int:
        """How many it has taken."""

    def hold(self) -> None:
        """Let what is ordered from now on take hours."""

    def let_go(self) -> None:
        """End all that is held."""


@contextmanager
def service(folder: Path, *, small: bool) -> Iterator[Service]:
    """The sandbox where its libraries are there and it is wanted; ``folder`` gets its log."""
    if small or not all(map(find_spec, SANDBOX_NEEDS)):
        with small_service() as started:
            yield started
        return
    from scripts.sandbox.processes import SandboxProcesses

    with SandboxProcesses(folder) as sandboxes:
        sandbox = sandboxes.start(time_scale=0.01, rate_limit=1000)
        yield Sandboxed(sandbox.address, sandbox.key)


@dataclass(slots=True)
class Sandboxed:
    """The sandbox, by its controls for tests."""

    address: str
    key: str
    name: str = "the sandbox"

    def orders(self) -> int:
        log = self._control("GET", "log")
        return sum(entry["method"] == "POST" for entry in log["requests"])

    def hold(self) -> None:
        self._control("PATCH", "behaviour", {"time_scale": 100, "asset_lag": 0})

    def let_go(self) -> None:
        self._control("PATCH", "behaviour", {"time_scale": 0.01})
        self._control("POST", "clock", {"seconds": HOURS})

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        url = f"{self.address}/_sandbox/{path}"
        answer = requests.request(method, url, json=body, timeout=ASK_SECONDS)
        answer.raise_for_status()
        return answer.json() if answer.content else None


@dataclass(slots=True)
class Small:
    """Takes every order and makes a cube of each."""

    address: str = ""
    key: str = KEY
    name: str = "a small service"
    taken: list[str] = field(default_factory=list)
    is_held: bool = False

    def orders(self) -> int:
        return len(self.taken)

    def hold(self) -> None:
        self.is_held = True

    def let_go(self) -> None:
        self.is_held = False


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Who asked was killed, as it is to be."""


@contextmanager
def small_service() -> Iterator[Small]:
    """One on a port of its own."""
    state = Small()
    with _Server(("127.0.0.1", 0), _handler(state)) as server:
        state.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield state
        server.shutdown()


def _handler(state: Small) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = self.path.partition("?")[0].strip("/").split("/")
            if parts[-1] == "wallet":
                self._json(200, {"balance": "10000.00", "rate_limit": 1000})
            elif parts[-1] == "status":
                self._json(200, status(state, parts[-2]))
            elif parts[-1].endswith(".glb"):
                self._answer(200, "model/gltf-binary", cube())
            else:
                self._json(404, {"detail": "Not found."})

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            state.taken.append(f"00000000-0000-4000-8000-{len(state.taken) + 1:012}")
            self._json(201, {"task_id": state.taken[-1]})

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

        def _json(self, code: int, said: Any) -> None:
            self._answer(code, "application/json", json.dumps(said).encode())

        def _answer(self, code: int, kind: str, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def status(state: Small, task: str) -> dict[str, Any]:
    """How a task is."""
    if state.is_held:
        return {"status": "IN_PROGRESS", "progress": 10, "failure_reason": None, "results": []}
    asset = {"asset": f"{state.address}/{task}.glb", "asset_type": "3D_MODEL", "metadata": None}
    return {"status": "FINISHED", "progress": 100, "failure_reason": None, "results": [asset]}


def cube() -> bytes:
    """A GLB of a cube of one metre."""
    places = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    faces = [0, 1, 3, 0, 3, 2, 4, 6, 7, 4, 7, 5, 0, 4, 5, 0, 5, 1]
    faces += [2, 3, 7, 2, 7, 6, 0, 2, 6, 0, 6, 4, 1, 5, 7, 1, 7, 3]
    corners = b"".join(struct.pack("<3f", *place) for place in places)
    binary = corners + struct.pack(f"<{len(faces)}H", *faces)
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "Cube"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": len(places),
                "type": "VEC3",
                "min": [0, 0, 0],
                "max": [1, 1, 1],
            },
            {"bufferView": 1, "componentType": 5123, "count": len(faces), "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": len(corners)},
            {"buffer": 0, "byteOffset": len(corners), "byteLength": 2 * len(faces)},
        ],
        "buffers": [{"byteLength": len(binary)}],
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    whole = struct.pack("<I4s", len(text), b"JSON") + text
    whole += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return b"glTF" + struct.pack("<II", 2, 12 + len(whole)) + whole

"""A running sandbox front with the packing engine, and a plain client of it."""

import base64
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from PIL import Image

from scripts.sandbox.operations import ENDPOINTS
from scripts.sandbox.options import Behaviour, Options
from scripts.sandbox.server import Running, serve
from scripts.sandbox.work import Engine
from tests.patience import seconds, until
from tests.sandbox.packing import only_figures, pack

RAPID = "/v1/3d-models/tencent/generate/rapid/"
PRO = "/v1/3d-models/tencent/generate/pro/"
TRIPO_TEXT = "/v1/3d-models/tripo/text-to-3d/3.1/"
TRELLIS = "/v1/3d-models/trellis2/generate/"
CONVERT = "/v1/tools/convert/"
REMOVE_BG = "/v1/tools/remove-bg/"
VOLUME = "/v1/tools/calculate-volume/"

KEY, OTHER_KEY = "sandbox-key", "second-key"
FAST = Behaviour(time_scale=0, asset_lag=0, rate_limit=1000)
ENGINES: Mapping[str, Engine] = {
    **{endpoint.kind: pack for endpoint in ENDPOINTS.values()},
    "volume": only_figures,
}
_USUAL = 20


def picture(kind: str = "PNG", side: int = 8) -> bytes:
    """The bytes of a small real picture."""
    stream = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(stream, kind)
    return stream.getvalue()


def data_uri(kind: str = "PNG", mime: str = "image/png", side: int = 8) -> str:
    return f"data:{mime};base64,{base64.b64encode(picture(kind, side)).decode()}"


class Front:
    """Calls with the key, and the controls."""

    def __init__(self, running: Running) -> None:
        self.address = running.address
        self.storage = running.storage

    def request(
        self, method: str, path: str, *, key: str | None = KEY, **arguments: Any
    ) -> requests.Response:
        headers = dict(arguments.pop("headers", {}))
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        return requests.request(
            method, self.address + path, headers=headers, timeout=seconds(_USUAL), **arguments
        )

    def get(self, path: str, **arguments: Any) -> requests.Response:
        return self.request("GET", path, **arguments)

    def post(self, path: str, body: Any = None, **arguments: Any) -> requests.Response:
        if body is not None:
            arguments["json"] = body
        return self.request("POST", path, **arguments)

    def submit(self, path: str = RAPID, body: Any = None, **arguments: Any) -> str:
        """The id of a task that must be accepted."""
        if body is None and not arguments:
            body = {"prompt": "a chair"}
        answer = self.post(path, body, **arguments)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["task_id"])

    def status(self, task_id: str) -> dict[str, Any]:
        answer = self.get(f"/v1/generation-request/{task_id}/status/")
        assert answer.status_code == 200, answer.text
        status: dict[str, Any] = answer.json()
        return status

    def wait(self, task_id: str) -> dict[str, Any]:
        """The status of an ended task."""
        status: dict[str, Any] = {}

        def has_ended() -> bool:
            status.update(self.status(task_id))
            return status["status"] in {"FINISHED", "FAILED"}

        until(has_ended, usual=_USUAL, what=lambda: f"the end of {status}")
        return status

    def packed(self, task_id: str) -> zipfile.ZipFile:
        """What the packing engine was given."""
        status = self.wait(task_id)
        assert status["status"] == "FINISHED", status
        data = requests.get(status["results"][0]["asset"], timeout=seconds(_USUAL)).content
        return zipfile.ZipFile(io.BytesIO(data))

    def parameters(self, task_id: str) -> dict[str, Any]:
        with self.packed(task_id) as packed:
            parameters: dict[str, Any] = json.loads(packed.read("parameters.json"))
        return parameters

    def asset(self, task_id: str) -> str:
        """The address of the finished model."""
        return str(self.wait(task_id)["results"][1]["asset"])

    def balance(self) -> str:
        return str(self.get("/account/user/wallet/").json()["balance"])

    def control(self, method: str, name: str, body: Any = None) -> Any:
        answer = requests.request(
            method, f"{self.address}/_sandbox/{name}", json=body, timeout=seconds(_USUAL)
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def arm(self, name: str, **more: Any) -> None:
        self.control("POST", "faults", {"name": name, **more})

    def behave(self, **changes: Any) -> None:
        self.control("PATCH", "behaviour", changes)

    def log(self) -> dict[str, Any]:
        log: dict[str, Any] = self.control("GET", "log")
        return log

    def reset(self, behaviour: Behaviour = FAST) -> None:
        """As freshly started, but for tasks and transactions."""
        self.behave(**behaviour.model_dump())
        self.control("POST", "balance", {"balance": 10_000})
        for name in ("faults", "log", "throttle"):
            self.control("DELETE", name)


@contextmanager
def running(
    state_dir: Path | None = None, engines: Mapping[str, Engine] = ENGINES, **options: Any
) -> Iterator[Front]:
    """A front of one's own."""
    settings: dict[str, Any] = {"behaviour": FAST, "keys": (KEY, OTHER_KEY), **options}
    with serve(Options(state_dir=state_dir, **settings), engines) as server:
        yield Front(server)

"""From the service's last word on a task to the object in the scene, in a real window.

What nobody can do without is the wait for the next look at the task, and converting the file.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from scripts.bench import background as models
from scripts.bench.machine import Setting
from scripts.bench.rows import Row, Spread
from scripts.bench.service import Handler, Service
from scripts.bench.windows import account_at, opened, wait

TRIANGLES: Final = 100_000
TEXTURE: Final = 1024
MOST_RUNS: Final = 3
"""Each waits for a look at the task, which are seconds apart."""

INSIDE: Final = """
plan = part("jobs.planner").plan_one("tencent-rapid", dict(prompt="a chair"))
part("blender.runtime.submission").submit(bpy.context, plan)
"""


class Holding(Handler):
    """Says that the task is being made until it is let go."""

    server: "Held"

    def _finished(self, task: str) -> dict[str, Any]:
        self.server.looks += 1
        if not self.server.is_finished:
            return {
                "status": "IN_PROGRESS",
                "progress": 50,
                "failure_reason": None,
                "results": [],
            }
        self.server.told_at = self.server.told_at or time.monotonic()
        return super()._finished(task)

    def _file(self, size: int) -> None:
        del size
        model = self.server.model
        self.send_response(200)
        self.send_header("Content-Type", "model/gltf-binary")
        self.send_header("Content-Length", str(len(model)))
        self.end_headers()
        self.wfile.write(model)


class Held(Service):
    """A service of one task, whose result is ``model``."""

    def __init__(self, model: bytes) -> None:
        super().__init__(0)
        self.RequestHandlerClass = Holding
        self.model = model
        self.looks = 0
        self.is_finished = False
        self.told_at = 0.0


def rows(setting: Setting) -> Iterator[Row]:
    """All of it, against the wait for the look and the conversion by itself."""
    triangles = min(TRIANGLES, setting.triangles)
    folder = models.made(
        setting.blender, setting.folder / "models", triangles, 1, min(TEXTURE, setting.texture)
    )
    glb = folder / "model.glb"
    ours, needed = [], []
    for _ in range(min(setting.runs, MOST_RUNS)):
        with held(glb.read_bytes()) as service:
            whole, look = arrival(setting, service)
        ours.append(whole)
        needed.append(look + converted(setting, glb))
    yield Row(
        f"finished until it is in the scene, {triangles // 1000}k triangles",
        "s",
        Spread.of(ours),
        "<= 1.2 x",
        Spread.of(needed),
        "the wait for the next look, and importing and saving the file",
        "as it stands under direct",
    )


def arrival(setting: Setting, service: Held) -> tuple[float, float]:
    """Seconds until the object is there, and of these until the service was asked."""
    address = f"http://127.0.0.1:{service.server_port}"
    with opened(setting, account_at(address)) as window:
        before = window.evaluate("len(bpy.context.scene.objects)")
        window.execute(INSIDE)
        wait(lambda: service.looks > 0, "a look at the task")
        service.is_finished = True
        began = time.monotonic()
        wait(lambda: window.evaluate("len(bpy.context.scene.objects)") > before, "the object")
        return time.monotonic() - began, service.told_at - began


def converted(setting: Setting, glb: Path) -> float:
    """Seconds that a background Blender takes to import the file and save it."""
    began = time.monotonic()
    blend = setting.folder / "direct.blend"
    models.cost(setting.blender, models.HERE / "direct.py", [str(glb), str(blend)])
    return time.monotonic() - began


@contextmanager
def held(model: bytes) -> Iterator[Held]:
    """The service, in a thread."""
    with Held(model) as service:
        threading.Thread(target=service.serve_forever, daemon=True).start()
        yield service
        service.shutdown()

"""Bringing a large result into a real window, against importing its file there.

Each measurement is of a window of its own, on a virtual screen. What counts is how long Blender
does not answer: the call itself, and the longest gap between two beats of a timer until the view
stands still. The floor is what Blender needs to show the same object when it has it already; below
it is what the view needs for the object whenever it is turned, and the call cannot be quicker than
reading the .blend.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from scripts.bench import background as models
from scripts.bench.machine import Setting
from scripts.bench.rows import Row, Spread
from scripts.bench.windows import opened, wait
from tests.window.harness import BlenderWindow

SHADINGS: Final[Mapping[str, str]] = {"SOLID": "Solid", "MATERIAL": "Material Preview"}
WAYS: Final = ("watch", "call", "direct", "floor")

CALM_BEATS: Final = 25
CALM: Final = 0.05
"""Seconds between two beats of a window that stands still."""

INSIDE: Final = """
from pathlib import Path
def measured(act):
    global taken
    began = time.perf_counter()
    act()
    taken = time.perf_counter() - began
preferences = bpy.context.preferences.addons["bl_ext.user_default.studio3d"].preferences
preferences.place_when_ready = {by_itself}
area("VIEW_3D").spaces.active.shading.type = {shading!r}
bpy.context.scene.eevee.taa_samples = 1  # drawing the same again and again tells nothing more
def add_job():
    request = part("catalog").build_request("tencent-rapid", dict(prompt="bench"))
    store, State = part("blender.core.session").store(), part("jobs.states").State
    job = store.add(
        request, name="bench", estimate=35, service_address="http://127.0.0.1:9",
        folder=Path({blend!r}).parent, wants_prepared=True,
        origin=part("blender.core.session").origin(bpy.context))
    for step in (State.SUBMITTING, State.PENDING, State.DOWNLOADING, State.PREPARING):
        store.change(job.id, step)
    return job.id
def finish(job_id):
    store, State = part("blender.core.session").store(), part("jobs.states").State
    prepared = part("jobs.job").Prepared(
        Path({blend!r}), bpy.app.version, {collection!r}, {triangles!r}, (2.0, 2.0, 2.0))
    store.change(job_id, State.READY, prepared=prepared)
    part("blender.runtime.job_monitor").wake()
def load():
    with bpy.data.libraries.load({blend!r}) as (_, wanted):
        wanted.collections = [{collection!r}]
    return wanted.collections[0]
def read():
    global collection
    collection = load()
"""
TURN: Final = "area('VIEW_3D').spaces.active.region_3d.view_distance *= 1.02"

BEFORE: Final[Mapping[str, str]] = {
    "watch": "job_id = add_job()",
    "call": "job_id = add_job()\nfinish(job_id)",
    "direct": "",
    "floor": "measured(read)\nreading = taken",
}
ACTS: Final[Mapping[str, str]] = {
    "watch": "finish(job_id)",
    "call": "bpy.ops.studio3d.place('EXEC_DEFAULT', True, job_id=job_id)",
    "direct": "with override(): bpy.ops.import_scene.gltf(filepath={glb!r})",
    "floor": "bpy.context.scene.collection.children.link(collection)",
}
"""``watch``: the result comes by itself, as it does while people work."""


class Stall(NamedTuple):
    """Milliseconds of the call, and seconds of the longest gap from there until all is drawn."""

    call: float
    gap: float
    reading: float = 0.0
    """Milliseconds for the .blend alone; of the floor, as what follows."""
    again: float = 0.0
    """Seconds of the longest gap when the view is moved afterwards."""


def rows(setting: Setting) -> Iterator[Row]:
    """The call and the longest gap, in each shading."""
    files = made(setting)
    for shading in setting.shadings:
        found: dict[str, list[Stall]] = {way: [] for way in WAYS}
        for _ in range(setting.runs):
            for way in WAYS:
                found[way].append(stall(setting, files, shading, way))
        yield from _told(SHADINGS[shading], found)


def _told(label: str, found: Mapping[str, list[Stall]]) -> Iterator[Row]:
    calls = {way: Spread.of([one.call for one in many]) for way, many in found.items()}
    gaps = {way: Spread.of([one.gap for one in many]) for way, many in found.items()}
    reading = Spread.of([one.reading for one in found["floor"]])
    again = Spread.of([one.again for one in found["floor"]])
    direct = "import_scene.gltf"
    drawn = "Blender's own drawing of the object"
    yield Row(
        f"placing, {label}", "ms", calls["call"], "<= 1/60", calls["direct"], direct,
        "reading the .blend into memory",
    )  # fmt: skip
    yield Row(
        f"placing, {label}", "ms", calls["call"], "", reading, "reading the .blend alone",
        "reading the .blend into memory",
    )  # fmt: skip
    yield Row(f"longest gap, {label}", "s", gaps["watch"], "<= 1/10", gaps["direct"], direct, drawn)
    yield Row(
        f"longest gap, {label}", "s", gaps["watch"], "<= 0.1 s more, later 1/3", gaps["floor"],
        "showing what is loaded", drawn,
    )  # fmt: skip
    yield Row(
        f"longest gap, {label}", "s", gaps["watch"], "", again, "moving the view afterwards", drawn
    )


def made(setting: Setting) -> Mapping[str, str | int]:
    """The model, and the .blend that was prepared of it."""
    folder = models.made(
        setting.blender, setting.folder / "models", setting.triangles, 1, setting.texture
    )
    work = {
        "files": [str(folder / "model.glb")],
        "to": str(folder / "prepared.blend"),
        "report": str(folder / "report.json"),
        "name": "bench",
    }
    (folder / "order.json").write_text(json.dumps(work))
    models.cost(setting.blender, models.PREPARE, [str(folder / "order.json")])
    said = json.loads((folder / "report.json").read_text())
    return {
        "glb": work["files"][0],
        "blend": str(work["to"]),
        "collection": said["collection"],
        "triangles": said["triangles"],
    }


def stall(setting: Setting, files: Mapping[str, str | int], shading: str, way: str) -> Stall:
    """What one way costs in a window that was just opened."""
    with opened(setting) as w:
        w.execute(INSIDE.format(shading=shading, by_itself=way == "watch", **files))
        w.execute(BEFORE[way])
        _calm(w)
        before = w.evaluate("len(bpy.context.scene.objects)")
        w.reset_heartbeat()
        act = ACTS[way].format(**files)
        w.execute(f"def act():\n {act}\nmeasured(act)")
        _until(w, f"len(bpy.context.scene.objects) > {before}")
        _calm(w)
        call, gap = w.evaluate("taken") * 1000, w.heartbeat().longest
        if way != "floor":
            return Stall(call, gap)
        w.reset_heartbeat()
        w.execute(TURN)
        _calm(w)
        return Stall(call, gap, w.evaluate("reading") * 1000, w.heartbeat().longest)


def _until(window: BlenderWindow, condition: str) -> None:
    wait(lambda: window.evaluate(condition), condition)


def _calm(window: BlenderWindow) -> None:
    """Until the window stands still; a view is drawn again and again until it is smooth."""
    _until(window, f"len(heartbeat.gaps) > {CALM_BEATS}")
    _until(window, f"max(heartbeat.gaps[-{CALM_BEATS}:]) < {CALM}")

"""Blender answers its user all the time: while a job runs, and while a big result comes in."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.patience import seconds
from tests.sandboxes import Sandbox
from tests.window.artist import Artist, environment
from tests.window.harness import BlenderWindow

pytestmark = pytest.mark.alone  # what else the machine does would be taken for ours

MOST_OF_AN_IMPORT = 0.25
"""Placing takes a twentieth of the time in which the same model is imported."""

MOST_OF_THE_ORDINARY = 3.0
"""A stall is what lasts this many times longer than drawing an object that was just added."""

MAKE_BIG = """
import bpy, json, sys
import numpy
side = 501
x, y = numpy.meshgrid(numpy.linspace(-1, 1, side), numpy.linspace(-1, 1, side))
points = numpy.stack([x, y, numpy.sin(4 * x) * numpy.cos(4 * y)], axis=-1).reshape(-1, 3)
corner = numpy.arange(side * side).reshape(side, side)
a, b, c, d = corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1]
faces = numpy.concatenate([numpy.stack(f, axis=-1).reshape(-1, 3) for f in ((a, b, c), (a, c, d))])
mesh = bpy.data.meshes.new("Big")
mesh.from_pydata(points, [], faces)
collection = bpy.data.collections.new("Big")
collection.objects.link(bpy.data.objects.new("Big", mesh))
bpy.data.libraries.write(sys.argv[-2], {collection}, fake_user=True)
bpy.context.scene.collection.children.link(collection)
bpy.ops.export_scene.gltf(filepath=sys.argv[-1])
"""

READY_TO_PLACE = """
import time
from pathlib import Path
bpy.context.preferences.addons["bl_ext.user_default.studio3d"].preferences.place_when_ready = False
store, State = part("blender.core.session").store(), part("jobs.states").State
for step in (State.SUBMITTING, State.PENDING, State.DOWNLOADING, State.PREPARING):
    store.change({job_id!r}, step)
prepared = part("jobs.job").Prepared(
    Path({blend!r}), bpy.app.version, "Big", 500000, (2.0, 2.0, 2.0)
)
store.change({job_id!r}, State.READY, prepared=prepared)
"""


def test_a_whole_job_never_stalls_the_window(
    open_window: Callable[..., BlenderWindow], tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    ordinary = longest_stall_of_ordinary_work(artist)
    window.reset_heartbeat()
    job_id = artist.submit("a red chair")
    artist.wait_for(job_id, "PLACED")
    window.settle()
    assert window.heartbeat().longest < MOST_OF_THE_ORDINARY * ordinary


def longest_stall_of_ordinary_work(artist: Artist) -> float:
    """What adding an object costs: without a graphics card, redrawing takes its time."""
    window = artist.window
    window.reset_heartbeat()
    for _ in range(3):
        window.execute("with override(): bpy.ops.mesh.primitive_monkey_add()")
        window.settle()
    return window.heartbeat().longest


@pytest.mark.newest
def test_half_a_million_triangles_come_in_without_a_stall(
    open_window: Callable[..., BlenderWindow], tmp_path: Path, blender: str
) -> None:
    script, blend, glb = (tmp_path / name for name in ("big.py", "big.blend", "big.glb"))
    script.write_text(MAKE_BIG)
    subprocess.run(
        [blender, "--background", "--factory-startup", "--python", str(script),
         "--", str(blend), str(glb)],
        check=True, timeout=seconds(60), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    window = open_window(environment=environment(tmp_path / "home"))
    artist = Artist(window)
    job_id = artist.add_idle_job("Big")
    window.execute(READY_TO_PLACE.format(job_id=job_id, blend=str(blend)))
    window.settle()
    placing = time_of(window, f"bpy.ops.studio3d.place('EXEC_DEFAULT', True, job_id={job_id!r})")
    assert window.evaluate("len(bpy.data.objects['Big'].data.polygons)") == 500_000
    importing = time_of(
        window, f"with override(): bpy.ops.import_scene.gltf(filepath={str(glb)!r})"
    )
    assert placing < MOST_OF_AN_IMPORT * importing


def time_of(window: BlenderWindow, statement: str) -> float:
    """How long Blender's main thread is at it."""
    window.execute(f"began = time.perf_counter()\n{statement}\ntaken = time.perf_counter() - began")
    return float(window.evaluate("taken"))

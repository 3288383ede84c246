"""Where results land, as it is seen: a box while a job runs, and the view on the first result."""

from collections.abc import Callable
from pathlib import Path

from tests.window.artist import NOWHERE, Artist, environment
from tests.window.harness import BlenderWindow

OpenWindow = Callable[..., BlenderWindow]

PLAY = """
from pathlib import Path
for name in ("nudge", "check", "ensure"):
    setattr(part("blender.runtime.worker_host"), name, lambda: None)  # nobody works on the jobs

def store():
    return part("blender.core.session").store()

def states():
    return part("jobs.states").State

def run(job_id, progress):
    for step in (states().SUBMITTING, states().PENDING, states().RUNNING):
        store().change(job_id, step)
    store().change(job_id, states().RUNNING, progress=progress, task_id="task")
    part("blender.runtime.build_snapshot").refresh(bpy.context)

def arrive(job_id, side, folder):
    job = store().get(job_id)
    made = bpy.data.collections.new(job.name)
    bpy.ops.mesh.primitive_monkey_add()
    monkey = bpy.context.object
    made.objects.link(monkey)
    low, high = (Vector([pick(v.co[i] for v in monkey.data.vertices) for i in range(3)])
                 for pick in (min, max))
    foot = Vector(((low.x + high.x) / 2, (low.y + high.y) / 2, low.z))
    factor = side / (high.z - low.z)
    monkey.data.transform(Matrix.Scale(factor, 4) @ Matrix.Translation(-foot))
    path = str(Path(folder) / f"{job_id}.blend")
    bpy.data.libraries.write(path, {made}, fake_user=True)
    sides = tuple((high - low) * factor)
    name = made.name
    bpy.data.batch_remove([monkey.data, monkey, made])
    for step in (states().DOWNLOADING, states().PREPARING):
        store().change(job_id, step)
    prepared = part("jobs.job").Prepared(Path(path), bpy.app.version, name, 500, sides)
    store().change(job_id, states().READY, prepared=prepared)
    part("blender.runtime.job_monitor").wake()

def view():
    return area("VIEW_3D").spaces.active.region_3d

from mathutils import Matrix, Vector
"""


def test_boxes(open_window: OpenWindow, tmp_path: Path) -> None:
    variables = environment(tmp_path / "home") | {"STUDIO3D_API_URL": NOWHERE}
    variables["STUDIO3D_API_KEY"] = "test-key"
    window = open_window(environment=variables, size=(1200, 800))
    artist = Artist(window)
    window.execute(PLAY)
    first, second = artist.submit("a brass lamp"), artist.submit("a red chair")
    window.execute(f"run({first!r}, 40)")
    window.settle()
    window.screenshot("spots-boxes")
    window.execute("""
import time
drawing = part("blender.panels.spot_boxes")
times = []
for f in ("draw_boxes", "draw_labels"):
    def timed(f=getattr(drawing, f)):
        begin = time.perf_counter(); f(); times.append((f.__name__, (time.perf_counter()-begin)*1000))
    kind = "POST_VIEW" if f == "draw_boxes" else "POST_PIXEL"
    bpy.types.SpaceView3D.draw_handler_add(timed, (), "WINDOW", kind)
for n in range(20):
    with override():
        bpy.ops.wm.redraw_timer(type="DRAW", iterations=1)
""")
    print(window.evaluate("times"))
    window.execute(f"arrive({first!r}, 2.0, {str(tmp_path)!r})")
    artist.wait_for(first, "PLACED")
    window.settle()
    window.screenshot("spots-first")
    print(
        window.evaluate(
            "[tuple(o.location) for o in bpy.context.scene.objects if o.get('studio3d_job')]"
        )
    )
    window.execute(f"run({second!r}, 70)")
    window.execute("bpy.context.scene.render.filepath = '/tmp/w/place_gl.png'")
    window.execute("with override(): bpy.ops.render.opengl(write_still=True)")
    window.execute(
        "with override(): print(bpy.ops.studio3d.picture_from_viewport('EXEC_DEFAULT', target='studio3d.image'))"
    )
    print(window.evaluate("bpy.context.scene.studio3d.image"))
    window.execute(f"arrive({second!r}, 1.0, {str(tmp_path)!r})")
    artist.wait_for(second, "PLACED")
    window.settle()
    window.screenshot("spots-second")

"""Where results land, as it is seen: a box while a job runs, and the view on the first result."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.window.artist import NOWHERE, Artist, environment
from tests.window.harness import BlenderWindow

OpenWindow = Callable[..., BlenderWindow]

PLAY = """
from pathlib import Path
from mathutils import Matrix, Vector
for name in ("nudge", "check", "ensure"):
    setattr(part("blender.runtime.worker_host"), name, lambda: None)  # nobody works on the jobs

def change(job_id, *states, **values):
    every = part("jobs.states").State
    store = part("blender.core.session").store()
    for state in states:
        store.change(job_id, every[state])
    job = store.change(job_id, store.get(job_id).state, **values)
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    part("blender.runtime.job_monitor").wake()
    return job

def run(job_id, progress):
    change(job_id, "SUBMITTING", "PENDING", "RUNNING", progress=progress, task_id="task")

def arrive(job_id, side, folder):
    job = change(job_id, "DOWNLOADING", "PREPARING")
    mesh = bpy.data.meshes.new(job.name)
    import bmesh
    made = bmesh.new()
    bmesh.ops.create_monkey(made)
    made.to_mesh(mesh)
    made.free()
    columns = list(zip(*(v.co[:] for v in mesh.vertices)))
    low, high = (Vector([pick(one) for one in columns]) for pick in (min, max))
    factor = side / (high.z - low.z)
    foot = Vector(((low.x + high.x) / 2, (low.y + high.y) / 2, low.z))
    mesh.transform(Matrix.Scale(factor, 4) @ Matrix.Translation(-foot))
    home = bpy.data.collections.new(job.name)
    home.objects.link(bpy.data.objects.new(job.name, mesh))
    path = Path(folder) / f"{job_id}.blend"
    bpy.data.libraries.write(str(path), {home}, fake_user=True)
    sides, name = tuple((high - low) * factor), home.name
    bpy.data.batch_remove([*home.objects, mesh, home])
    prepared = part("jobs.job").Prepared(path, bpy.app.version, name, 500, sides)
    change(job_id, "READY", prepared=prepared)

def view(screen_area=None):
    found = (screen_area or area("VIEW_3D")).spaces.active.region_3d
    return [*found.view_location, found.view_distance]

def placed(job_id):
    return [o for o in bpy.context.scene.objects if o.get("studio3d_job") == job_id]

def boxes():
    return part("blender.snapshot.snapshot").current().boxes

def corners_of(job_id):
    obj = placed(job_id)[0]
    return [obj.matrix_world @ Vector(corner) for corner in obj.bound_box]

def sides_of(job_id):
    sides = [corner.x for corner in corners_of(job_id)]
    return [min(sides), max(sides)]

def seen_in(job_id, screen_area=None):
    # The larger part of the view's width or height that it takes; 0 where some is hidden.
    from bpy_extras.view3d_utils import location_3d_to_region_2d
    found = screen_area or area("VIEW_3D")
    place = next(one for one in found.regions if one.type == "WINDOW")
    sidebar = next(one for one in found.regions if one.type == "UI")
    right = sidebar.x - place.x if sidebar.width > 1 else place.width
    view = found.spaces.active.region_3d
    points = [location_3d_to_region_2d(place, view, one) for one in corners_of(job_id)]
    if not all(p and 0 < p.x < right and 0 < p.y < place.height for p in points):
        return 0
    return max((max(p.x for p in points) - min(p.x for p in points)) / right,
               (max(p.y for p in points) - min(p.y for p in points)) / place.height)
"""


def opened(open_window: OpenWindow, folder: Path) -> tuple[BlenderWindow, Artist]:
    variables = environment(folder / "home")
    variables |= {"STUDIO3D_API_URL": NOWHERE, "STUDIO3D_API_KEY": "test-key"}
    window = open_window(environment=variables, size=(1200, 800))
    artist = Artist(window)
    window.execute(PLAY)
    return window, artist


def test_boxes_stand_where_results_come_and_the_first_is_framed(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    window, artist = opened(open_window, tmp_path)
    window.execute("part('blender.snapshot.viewports').AT_EASE = 60.0")  # as a graphics card draws
    before = window.evaluate("view()")
    first, second = artist.submit("a brass lamp"), artist.submit("a red chair")
    window.execute(f"run({first!r}, 40)")
    viewport = window.region("VIEW_3D", "WINDOW")
    assert window.wait_for_text("a brass lamp Generating 40", within=viewport)
    shown = edges(window, "spots-boxes")
    window.execute(f"{PREFERENCES}.show_spots = False")
    window.settle()
    assert edges(window, "spots-off") < shown / 10
    window.execute(f"{PREFERENCES}.show_spots = True")
    window.settle()
    assert edges(window, "spots-on") == shown

    window.execute(f"arrive({first!r}, 0.7, {str(tmp_path)!r})")
    artist.wait_for(first, "PLACED")
    framed = window.evaluate("view()")
    assert framed != before
    assert window.evaluate(f"seen_in({first!r})") > 0.5
    window.wait_until("len(boxes()) == 1")
    window.settle()
    window.screenshot("spots-first-framed")

    window.execute(f"run({second!r}, 70); arrive({second!r}, 0.7, {str(tmp_path)!r})")
    artist.wait_for(second, "PLACED")
    assert window.evaluate("view()") == framed
    window.wait_until("not boxes()")
    sides = [window.evaluate(f"sides_of({job!r})") for job in (first, second)]
    assert 1.0 < sides[0][0] < sides[0][1] < sides[1][0]  # beside the cube, and each other
    window.execute("with override(): bpy.ops.view3d.view_selected()")
    window.execute("area('VIEW_3D').spaces.active.region_3d.view_distance *= 4")
    window.settle()
    window.screenshot("spots-side-by-side")


def test_where_drawing_takes_long_boxes_come_and_go_without_progress(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    window, artist = opened(open_window, tmp_path)
    window.execute("part('blender.snapshot.viewports').AT_EASE = 0.0")
    window.execute(COUNT_DRAWINGS)
    first = artist.submit("a brass lamp")
    viewport = window.region("VIEW_3D", "WINDOW")
    window.wait_for_text("a brass lamp", within=viewport)
    window.settle()
    drawn = window.evaluate("len(drawings)")
    window.execute(f"run({first!r}, 10)")
    for progress in (40, 70):
        window.execute(f"change({first!r}, progress={progress})")
        window.settle()
    assert window.evaluate("len(drawings)") == drawn
    assert window.evaluate("boxes()[0].fraction") == pytest.approx(0.7)
    assert not window.find_text("Generating", within=viewport)
    window.screenshot("spots-slow-view")
    window.execute(f"change({first!r}, 'ABANDONED')")
    window.wait_until("not boxes()")
    window.settle()
    assert window.evaluate("len(drawings)") == drawn + 1


COUNT_DRAWINGS = """
drawings = []
bpy.types.SpaceView3D.draw_handler_add(lambda: drawings.append(1), (), "WINDOW", "POST_PIXEL")
"""

EDGE = (71, 114, 179)
"""The theme's color of progress bars, which the edges of the boxes have."""


def edges(window: BlenderWindow, name: str) -> int:
    """How many pixels of the viewport have the color of boxes; leaves a picture of the window."""
    where = window.region("VIEW_3D", "WINDOW")
    with Image.open(window.screenshot(name)) as picture:
        part = picture.convert("RGB").crop(
            (where.left + 60, where.top + 80, where.left + where.width - 60, where.top + 700)
        )
        pixels = part.getcolors(part.width * part.height) or []
    return sum(
        count
        for count, color in pixels
        if isinstance(color, tuple)
        and all(abs(one - other) < 12 for one, other in zip(color, EDGE, strict=True))
    )


PREFERENCES = "bpy.context.preferences.addons['bl_ext.user_default.studio3d'].preferences"


@pytest.mark.fault(
    "A placed result is deleted, and that undone and redone",
    "The list says each time whether it is there",
)
def test_after_undo_it_is_not_placed_and_its_spot_is_its_own_again(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    window, artist = opened(open_window, tmp_path)
    artist.in_viewport("shift+d")  # the user's own step before
    window.key("Return")
    through_camera = "area('VIEW_3D').spaces.active.region_3d.view_perspective"
    window.execute(f"{through_camera} = 'CAMERA'")
    job = artist.submit("a brass lamp")
    window.execute(f"run({job!r}, 10); arrive({job!r}, 0.7, {str(tmp_path)!r})")
    artist.wait_for(job, "PLACED")
    window.wait_until(f"row({job!r}).is_here")
    assert window.evaluate(through_camera) == "CAMERA"  # which the first result does not end
    place = window.evaluate(f"list(placed({job!r})[0].location)")

    artist.in_viewport("ctrl+z")
    window.wait_until(f"not row({job!r}).is_here")
    assert artist.job(job)["text"] == "Not in the scene any more"
    artist.in_viewport("ctrl+shift+z")
    window.wait_until(f"row({job!r}).is_here")
    assert artist.job(job)["text"] == "Placed"

    window.execute(
        f"bpy.ops.object.select_all(action='DESELECT'); placed({job!r})[0].select_set(True)"
    )
    artist.in_viewport("Delete")
    window.wait_until(f"not row({job!r}).is_here")
    artist.in_viewport("ctrl+z")
    window.wait_until(f"row({job!r}).is_here")
    artist.in_viewport("ctrl+shift+z")
    window.wait_until(f"not row({job!r}).is_here")

    window.execute(f"{through_camera} = 'PERSP'")
    looked = window.evaluate("view()")
    window.execute(f"with override(): bpy.ops.studio3d.place('INVOKE_DEFAULT', job_id={job!r})")
    assert window.evaluate(f"list(placed({job!r})[0].location)") == place
    assert window.evaluate("view()") == looked  # it is not the first any more


def test_in_a_scene_of_millimetres_in_german_at_one_and_a_half(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    window, artist = opened(open_window, tmp_path)
    window.execute(GERMAN)
    window.settle()
    job = artist.submit("Messinglampe")
    window.execute(f"run({job!r}, 40)")
    window.settle()
    window.screenshot("spots-german")
    window.execute("bpy.ops.wm.window_new()")
    window.settle()
    window.execute(f"arrive({job!r}, 3.0, {str(tmp_path)!r})")  # larger than views reach
    artist.wait_for(job, "PLACED")
    second = "bpy.data.window_managers[0].windows[1].screen.areas[0]"
    assert window.evaluate(f"seen_in({job!r})") > 0.5
    assert window.evaluate(f"seen_in({job!r}, {second})") > 0.5
    assert "8 m" in window.evaluate(f"row({job!r}).remark")  # of the second window's Clip End
    window.settle()
    window.screenshot("spots-millimetres")


GERMAN = """
units = bpy.context.scene.unit_settings
units.scale_length, units.length_unit = 0.001, "MILLIMETERS"
bpy.context.preferences.view.ui_scale = 1.5
bpy.context.preferences.view.language = "de_DE"
choices = bpy.context.scene.studio3d.placement
choices.size_by, choices.metres = "HEIGHT", 3.0
area("VIEW_3D").spaces.active.region_3d.view_distance = 9000.0
area("VIEW_3D").spaces.active.clip_end = 90000.0
"""

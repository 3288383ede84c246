"""From a picture to an order, and from one version of an object to another, by mouse."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.window.artist import NOWHERE, TAB, Artist, environment
from tests.window.conftest import OpenWindow
from tests.window.harness import BlenderWindow, Point, Rect
from tests.window.test_undo_of_answers import PLAY

pytestmark = pytest.mark.newest

SIZE = (1400, 1300)
ARROW_FROM_RIGHT = 45
"""From the sidebar's right edge to an arrow that opens a menu, in pixels."""

PICTURES = """
from pathlib import Path
State, jobs = part("jobs.states").State, part("jobs.job")
store = part("blender.core.session").store()
def made(name, operation, values, picture):
    request = part("catalog").build_request(operation, values)
    job = store.add(
        request, name=name, estimate=4, service_address={nowhere!r}, folder=Path("/results"))
    for state in ("SUBMITTING", "PENDING", "DOWNLOADING"):
        store.change(job.id, State(state))
    store.change(job.id, State.READY, files=(jobs.ResultFile(Path(picture), "IMAGE"),))
made("a black ball", "image-gemini3pro", dict(prompt="a black ball"), {ball!r})
made("ball, cut out", "remove-bg", dict(image={ball!r}), {cut!r})
part("blender.runtime.build_snapshot").refresh(bpy.context)
"""

ANSWER = """
bpy.context.view_layer.update()
job = send({tool!r}, [{obj}])
meshes = copied(job, [{obj}])
write(job, meshes, {path!r})
finish(job, {path!r})
"""


DRAWN = """
from pathlib import Path
store = part("blender.core.session").store()
job = store.get(job.id)
prepared = dataclasses.replace(job.prepared, preview=Path({path!r}))
store.change(job.id, job.state, prepared=prepared)
part("blender.runtime.build_snapshot").refresh(bpy.context)
"""


def variables(tmp_path: Path) -> Mapping[str, str]:
    """A user with a key, at a service that does not answer."""
    return environment(tmp_path / "home") | {
        "STUDIO3D_API_URL": NOWHERE,
        "STUDIO3D_API_KEY": "test-key",
    }


@pytest.fixture
def with_pictures(open_window: OpenWindow, tmp_path: Path) -> BlenderWindow:
    """A window whose list has a picture, and another that was cut out of it."""
    box = (120, 60, 380, 320)
    ball = Image.new("RGB", (512, 384), (220, 200, 60))
    ImageDraw.Draw(ball).ellipse(box, fill=(20, 20, 20))
    ball.save(tmp_path / "ball.png")
    cut = Image.new("RGBA", (512, 384))
    ImageDraw.Draw(cut).ellipse(box, fill=(20, 20, 20, 255))
    cut.save(tmp_path / "cut.png")
    window = open_window(environment=variables(tmp_path), size=SIZE)
    Artist(window)
    paths = {"ball": str(tmp_path / "ball.png"), "cut": str(tmp_path / "cut.png")}
    window.execute(PICTURES.format(nowhere=NOWHERE, **paths))
    return window


def open_only(window: BlenderWindow, panel: str, opened: str = "Generate") -> Rect:
    """Open that panel of the sidebar in place of the one that is open; where the sidebar is."""
    sidebar = window.open_sidebar(TAB)
    window.click(window.wait_for_text(opened, within=sidebar).center)
    window.click(window.wait_for_text(panel, within=sidebar).center)
    return sidebar


def show_in_german(window: BlenderWindow, name: str, part: Rect | None = None) -> None:
    """Leave a picture of it in German and at one and a half times the size."""
    window.execute(LOOK.format(language="de_DE", scale=1.5))
    window.settle()
    window.screenshot(f"{name}-german", part)
    window.execute(LOOK.format(language="en_US", scale=1.0))
    window.settle()


LOOK = """
bpy.context.preferences.view.language = {language!r}
bpy.context.preferences.view.ui_scale = {scale}
"""


def below(place: Rect, height: int) -> Rect:
    """What lies below some words, on either side of them."""
    return Rect(max(0, place.left - 150), place.top, 700, height)


def test_a_picture_leads_to_a_dialog_with_all_it_takes_to_order(
    with_pictures: BlenderWindow, tmp_path: Path
) -> None:
    window = with_pictures
    sidebar = open_only(window, "Image")
    window.wait_for_text("Before", within=sidebar)
    window.screenshot("pictures-compact", sidebar)
    first = window.wait_for_text("Use for 3D", within=sidebar)
    window.click(first.center)
    title = window.wait_for_text("Generate Model")
    window.screenshot("pictures-generate-dialog")
    assert window.evaluate("bpy.context.scene.studio3d.image.endswith('cut.png')")
    assert window.find_text("35 credits", within=below(title, 400))

    # The same menu as in the sidebar, over the dialog.
    mode = window.find_text("Multi-View", within=below(title, 400))[0]
    window.click(Point(mode.left + mode.width + 25, mode.center.y + 25))
    window.click(window.wait_for_text("Results", within=below(title, 400)).center)
    window.screenshot("pictures-results")
    window.click(window.wait_for_text("black ball", within=below(title, 400)).center)
    window.wait_until("bpy.context.scene.studio3d.image.endswith('ball.png')")
    window.screenshot("pictures-result-chosen")
    window.click(window.find_text("Generate", within=below(title, 500))[-1].center)
    window.wait_until("any(row.job.operation == 'tencent-rapid' for row in rows())")

    window.click(Point(sidebar.left + sidebar.width - ARROW_FROM_RIGHT, first.center.y))
    window.screenshot("pictures-menu")
    window.click(window.wait_for_text("Remove Background", within=below(first, 300)).center)
    title = window.wait_for_text("4 credits")
    window.screenshot("pictures-edit-dialog")
    window.key("Return")
    window.wait_until("sum(row.job.operation == 'remove-bg' for row in rows()) == 2")
    assert window.evaluate("bpy.context.scene.studio3d.pictures.image") == ""


def test_a_cut_out_is_seen_beside_its_source(with_pictures: BlenderWindow) -> None:
    window = with_pictures
    open_only(window, "Image")
    sidebar = window.widen_sidebar(230)
    for words in ("Edit with Prompt", "Remove Background", "Enhance", "Save As", "Front"):
        assert window.find_text(words, within=sidebar), words
    window.screenshot("pictures-wide", sidebar)
    show_in_german(window, "pictures")
    areas = "[[a.ui_type for a in w.screen.areas] for w in bpy.context.window_manager.windows]"
    before = window.evaluate(areas)
    window.click(window.wait_for_text("Compare", within=sidebar).center)
    button = window.wait_for_text("Open in Image Editors")
    ground = "part('blender.widgets.previews')._Cache.grounds"
    window.wait_until(f"any({ground}.values())")
    window.settle()
    window.screenshot("pictures-compare")
    assert window.evaluate(areas) == before
    window.click(button.center)
    window.wait_until("len(bpy.context.window_manager.windows) == 2")
    shown = (
        "[a.spaces.active.image and a.spaces.active.image.filepath[-8:] for a in sorted("
        "bpy.context.window_manager.windows[1].screen.areas, key=lambda a: a.x)]"
    )
    window.wait_until(f"{shown} == ['ball.png', '/cut.png']")
    window.settle()
    window.screenshot("pictures-in-editors")
    assert window.evaluate(areas)[:1] == before
    window.execute(
        "with bpy.context.temp_override(window=bpy.context.window_manager.windows[1]):\n"
        "    bpy.ops.wm.window_close()"
    )


def repaired_and_reduced(window: BlenderWindow, tmp_path: Path) -> Artist:
    """A crate with two results, one made from the other."""
    artist = Artist(window)
    window.execute(PLAY)
    window.execute("crate = cube('Crate')")
    for tool, obj in (("repair", "crate"), ("optimize", "bpy.data.objects['Crate']")):
        window.execute(ANSWER.format(tool=tool, obj=obj, path=str(tmp_path / f"{tool}.blend")))
        artist.wait_for(window.evaluate("job.id"), "PLACED")
        paint(Path(window.evaluate("str(job.export.blend)")).with_suffix(".png"), "gray")
        window.execute(DRAWN.format(path=str(paint(tmp_path / f"{tool}.png", "orange"))))
    return artist


def paint(path: Path, color: str) -> Path:
    """A picture as background Blenders draw them."""
    Image.new("RGB", (160, 160), color).save(path)
    return path


def test_each_version_is_a_click_away_and_one_is_kept_after_a_word(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(environment=variables(tmp_path), size=SIZE)
    artist = repaired_and_reduced(window, tmp_path)
    sidebar = open_only(window, "Tools")
    keep = window.wait_for_text("Keep Only This", within=sidebar)
    top = window.find_text("Versions", within=sidebar)[0].top
    strip = Rect(sidebar.left, top, sidebar.width, keep.top - top)
    window.screenshot("versions", sidebar)
    shown = "[o.name for o in bpy.data.objects if o.name.startswith('Crate') and o.visible_get()]"
    labels = ("Original", "Repair", "Optimize")
    places = {label: window.wait_for_text(label, within=strip).center for label in labels}
    for label, others in (
        ("Original", ["Crate Optimize", "Crate Repair"]),
        ("Repair", ["Crate Optimize", "Crate Original"]),
    ):
        window.click(places[label])
        window.wait_until(f"all(bpy.data.objects[n].hide_viewport for n in {others!r})")
        assert window.evaluate(shown) == ["Crate"]
        for one in labels:  # nothing moves under the mouse
            found = window.wait_for_text(one, within=strip).center
            assert abs(found.x - places[one].x) + abs(found.y - places[one].y) < 4
    window.screenshot("versions-repair-shown", sidebar)
    show_in_german(window, "versions")

    window.click(keep.center)
    window.wait_for_text("Removed from this file")
    window.screenshot("versions-keep")
    crates = "sorted(o.name for o in bpy.data.objects if o.name.startswith('Crate'))"
    window.key("Escape")
    assert len(window.evaluate(crates)) == 3
    window.click(keep.center)
    window.wait_for_text("Removed from this file")
    window.key("Return")
    window.wait_until(f"{crates} == ['Crate']")
    artist.in_viewport("ctrl+z")
    window.wait_until(f"{crates} == ['Crate', 'Crate Optimize', 'Crate Original']")
    window.wait_for_text("Keep Only This", within=sidebar)

"""Orders, their list and their results by mouse: narrow, in German, large, in a light theme too.

Each step leaves a picture to be looked at.
"""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.sandboxes import Sandbox
from tests.window.artist import NOWHERE, TAB, Artist, environment
from tests.window.conftest import OpenWindow
from tests.window.harness import BlenderWindow, Point, Rect
from tests.window.test_appearance import DARK, DRESS, LIGHT

pytestmark = pytest.mark.newest

READABLE = 4.5
"""Contrast that words have to have with what is behind them."""

NARROW = 200
"""Width of a sidebar that leaves most of the window to the scene, in pixels with its tabs."""

ORDERS = """
import dataclasses, time
from pathlib import Path
State, jobs, origins = part("jobs.states").State, part("jobs.job"), part("jobs.origin")
store = part("blender.core.session").store()
def made(name, *states, operation="tencent-rapid", values=None, chain=None, **changes):
    request = part("catalog").Request(operation, values or dict(prompt=name), None)
    origin = part("blender.core.session").origin(bpy.context)
    job = store.add(request, name=name, estimate=35, service_address={nowhere!r},
        folder=Path("/r"), origin=dataclasses.replace(origin, chain=chain), wants_prepared=True)
    for state in states:
        last = changes if state == states[-1] else dict()
        job = store.change(job.id, State(state), **last)
    return job
SENT = ("SUBMITTING", "PENDING")
place = origins.ChainPlace
made("an oak chair", *SENT, "DOWNLOADING", "READY", "PLACED")
made("a castle with four towers and a moat", *SENT, "FAILED", task_id="t",
    submitted_at=time.time(), failure=jobs.Failure("task_failed", "The prompt was refused.",
    "Change it.", part("service.errors").Charged.REFUNDED))
chest = dict(operation="repair", values=dict(model_file="/r/chest.glb"))
made("Chest", *SENT, "DOWNLOADING", "READY", chain=place("c", 1, 2, False, True),
    operation="convert", values=dict(model_file="/r/chest.glb"))
made("Chest", *SENT, "RUNNING", chain=place("c", 1, 2, False), progress=40, task_id="u", **chest)
made("Chest", chain=place("c", 2, 2), operation="texture-model",
    values=dict(model_file="/r/chest.glb", prompt="rust"))
part("blender.runtime.build_snapshot").refresh(bpy.context)
area("VIEW_3D").spaces.active.overlay.show_overlays = False
area("VIEW_3D").spaces.active.shading.type = "WIREFRAME"
"""


def contrast(picture: Path, part: Rect) -> float:
    """Of the words in that part of the picture with what is behind them, as WCAG counts it."""
    with Image.open(picture) as shot:
        box = (part.left, part.top, part.left + part.width, part.top + part.height)
        found: Any = shot.convert("RGB").crop(box).getcolors(part.width * part.height)
    behind = luminance(max(found)[1])
    shades = [luminance(color) for _, color in found]
    return max((max(behind, one) + 0.05) / (min(behind, one) + 0.05) for one in shades)


def luminance(color: tuple[int, int, int]) -> float:
    parts = [one / 255 for one in color]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def dress(window: BlenderWindow, theme: str, scale: float) -> None:
    window.execute("from pathlib import Path\n" + DRESS.format(theme=theme, scale=scale))
    window.settle()


def only_panel(window: BlenderWindow, name: str, sidebar: Rect) -> None:
    """Open that panel and close the others, as Blender does it for a click with Ctrl."""
    place = window.wait_for_text(name, within=sidebar).center
    window.display.hold("ctrl")
    window.click(place)
    window.display.let_go("ctrl")


ROOM = """(lambda v, w: v.region_to_view(w, 0)[0] - v.region_to_view(0, 0)[0])(
    region('VIEW_3D', 'UI').view2d, region('VIEW_3D', 'UI').width)"""
"""Width of what the sidebar shows, in pixels before it was zoomed."""


def make_narrow(window: BlenderWindow) -> None:
    """Zoom the sidebar: enlarged widgets have as little room as usual ones in a narrow one."""
    for _ in range(8):
        window.execute("with override('VIEW_3D', 'UI'):\n    bpy.ops.view2d.zoom_in()")
        if window.evaluate(f"{ROOM} <= {NARROW}"):
            break
    assert window.evaluate(f"{ROOM} <= {NARROW}")


def picture(window: BlenderWindow, name: str) -> Path:
    window.execute("area('VIEW_3D').tag_redraw()")
    window.settle()
    return window.screenshot(f"orders-{name}", window.region())


def test_the_list_can_be_read(open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox), size=(1400, 1100))
    Artist(window)
    window.execute(ORDERS.format(nowhere=NOWHERE))
    sidebar = window.open_sidebar(TAB)
    only_panel(window, "Jobs", sidebar)
    window.wait_for_text("Chest", within=sidebar)
    assert window.find_text("Repair", within=sidebar)
    assert not window.find_text("oak", within=sidebar), "what is done is among the results"
    facts = window.wait_for_text("refunded", within=sidebar)
    for theme, name in ((DARK, "dark"), (LIGHT, "light")):
        dress(window, theme, 1.0)
        window.screenshot(f"orders-{name}", window.region())
        shot = window.screenshot(f"orders-whole-{name}")
        assert contrast(shot, facts) >= READABLE, name
    dress(window, DARK, 1.0)
    make_narrow(window)
    picture(window, "narrow")
    assert window.find_text("refunded", within=window.region())
    window.execute("bpy.context.preferences.view.language = 'de_DE'")
    window.settle()
    picture(window, "narrow-german")
    window.execute("with override('VIEW_3D', 'UI'):\n    bpy.ops.view2d.reset()")
    dress(window, LIGHT, 1.5)
    picture(window, "large-light-german")
    window.execute("bpy.context.preferences.view.language = 'en_US'")
    dress(window, DARK, 1.0)


def test_by_hand(open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox) -> None:
    """Order once with two clicks, look, take settings back, place by click, start a new file."""
    window = open_window(environment=environment(tmp_path / "home", sandbox), size=(1400, 1100))
    artist = Artist(window)
    settings = "bpy.context.scene.studio3d"
    window.execute(
        f"{settings}.prompt = 'an ornate wooden treasure chest with iron bands, worn and old'\n"
        f"{settings}.tencent_rapid.enable_pbr = True"
    )
    sidebar = window.open_sidebar(TAB)
    window.wait_for_text("worn and old", within=sidebar)  # the whole prompt, below its field
    picture(window, "generate")
    window.click(window.find_text("Hunyuan", within=sidebar)[0].center)
    below = Rect(sidebar.left - 90, sidebar.top + 140, 380, 60)
    window.wait_for_text("Quick drafts", within=below)
    window.screenshot("orders-engines")
    window.key("Escape")
    button = window.find_text("Generate", within=sidebar)[-1].center
    window.double_click(button)
    window.wait_until("len(rows()) == 1")
    job = window.evaluate("rows()[0].job.id")
    artist.wait_for(job, "PLACED")
    assert window.evaluate("len(rows())") == 1
    window.execute(f"{settings}.tencent_rapid.enable_pbr = False\n{settings}.prompt = ''")
    window.wait_until("not watching()")
    window.wait_for_text("Nothing under way", within=sidebar)
    window.wait_for_text("This month", within=sidebar)
    window.settle()  # the panels below stand still now
    window.open_panel("Results", sidebar, shows="Import")
    picture(window, "results")
    window.display.move(window.region("VIEW_3D", "WINDOW").center)
    window.execute(
        f"with override('VIEW_3D', 'WINDOW'):\n"
        f"    bpy.ops.studio3d.job_details('INVOKE_DEFAULT', job_id={job!r})"
    )
    window.settle()
    window.screenshot("orders-details")
    window.key("Return")
    window.wait_until(f"{settings}.tencent_rapid.enable_pbr")
    assert window.evaluate(f"{settings}.prompt").endswith("worn and old")
    window.click(place_button(window, sidebar))
    there = window.region("VIEW_3D", "WINDOW").center
    window.click(Point(there.x - 300, there.y + 150))
    window.wait_until("len([o for o in bpy.data.objects if 'ornate' in o.name]) == 2")
    spots = window.evaluate(
        "sorted(tuple(o.location) for o in bpy.data.objects if 'ornate' in o.name)"
    )
    assert spots[0][:2] != spots[1][:2]
    window.screenshot("orders-placed-by-click")
    window.execute("bpy.ops.wm.read_homefile()")
    window.wait_until(f"{settings}.tencent_rapid.enable_pbr")
    assert window.evaluate(f"{settings}.prompt") == ""


def place_button(window: BlenderWindow, sidebar: Rect) -> Point:
    """Beside Import."""
    words = window.wait_for_text("Import", within=sidebar)
    return Point(words.left + words.width + FROM_IMPORT, words.center.y)


FROM_IMPORT = 27
"""From the end of that word to the next button, in pixels."""


def test_stopping_asks_and_the_popup_shows_the_newest(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    Artist(window)
    window.execute(ORDERS.format(nowhere=NOWHERE))
    window.execute("for n in range(12):\n    made(f'stone {n}', 'ABANDONED')\nmade('the newest')")
    window.execute("part('blender.runtime.build_snapshot').refresh(bpy.context)")
    window.display.move(window.region("VIEW_3D", "WINDOW").center)
    window.execute("with override('VIEW_3D', 'WINDOW'):\n    bpy.ops.studio3d.show_jobs()")
    middle = window.region("VIEW_3D", "WINDOW").center
    around = Rect(middle.x - 350, 0, 700, 880)
    window.wait_for_text("the newest", within=around)
    window.screenshot("orders-popup")
    assert window.find_text("more in the", within=around)
    window.key("Escape")
    window.execute("running = next(r.job.id for r in rows() if r.job.state == 'RUNNING')")
    window.execute(
        "with override('VIEW_3D', 'WINDOW'):\n"
        "    bpy.ops.studio3d.cancel('INVOKE_DEFAULT', job_id=running)"
    )
    window.wait_for_text("Keep Waiting", within=around)
    window.screenshot("orders-stop")
    window.click_text("Keep Waiting", within=around)
    assert window.evaluate("row(running).job.state") == "RUNNING"

"""The sidebar by mouse and keyboard, at its default width; each test leaves a picture."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.sandboxes import Sandbox
from tests.window.artist import NOWHERE, TAB, Artist, environment
from tests.window.harness import BlenderWindow, Point, Rect

OpenWindow = Callable[..., BlenderWindow]

LINE_TO_BUTTON = 31
"""From the line that says what is missing down to the button, in pixels."""

VIEW_DISTANCE = "area('VIEW_3D').spaces.active.region_3d.view_distance"

FAILED_JOB = """
from pathlib import Path
from typing import Any
State = part("jobs.states").State
address = part("blender.core.account").current().address
job_id = add_elsewhere("a castle with four towers and a moat around it", address)
store = part("blender.core.session").store()
store.change(job_id, State.SUBMITTING)
store.change(job_id, State.PENDING, task_id="t")
store.change(job_id, State.FAILED, failure=part("jobs.job").Failure(
    "task_failed", "The service could not make the model: the prompt was refused.",
    "Change the prompt and try again.", part("service.errors").Charged.REFUNDED))
part("blender.runtime.build_snapshot").refresh(bpy.context)
"""


def sidebar_picture(window: BlenderWindow, name: str) -> Image.Image:
    """Write the sidebar alone as ``build/screenshots/<Blender>/<name>.png``."""
    with Image.open(window.screenshot(name, window.region())) as picture:
        picture.load()
    return picture


ROW = 29
"""From one row of the first steps to the next, in pixels."""


def generate_button(window: BlenderWindow, sidebar: Rect) -> Point:
    """Where the button is; the same word is the panel's name further up."""
    _, button = window.find_text("Generate", within=sidebar)
    return button.center


def test_first_run_paste_the_key_where_it_is_missing(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    home = tmp_path / "home"
    window = open_window(environment=environment(home))
    Artist(window)
    sidebar = window.open_sidebar(TAB)
    field = window.wait_for_text("Paste API Key", within=sidebar)
    sidebar_picture(window, "sidebar-no-key")
    window.click_text("Local Sandbox", within=sidebar)
    window.wait_for_text("scripts.sandbox", within=sidebar)
    *_, address = window.find_text("Address", within=sidebar)  # below the words that ask for it
    window.enter_text(address.center, sandbox.address)
    window.wait_until(f"part('blender.snapshot.snapshot').current().address == {sandbox.address!r}")
    sidebar_picture(window, "sidebar-try-sandbox")
    window.enter_text(field.center, "expired-key")
    window.wait_until(
        "getattr(part('blender.snapshot.snapshot').current().wallet, 'failure', None) is not None"
    )
    window.wait_for_text("expired", within=sidebar)
    sidebar_picture(window, "sidebar-key-refused")
    third = window.wait_for_text("Test Connection", within=sidebar).center
    window.enter_text(Point(third.x, third.y - ROW), sandbox.key)
    assert (home / "key").read_text().strip() == sandbox.key
    assert stat.S_IMODE((home / "key").stat().st_mode) == 0o600
    # The balance is asked for at once: it shows that the key works.
    window.wait_until(
        "part('blender.runtime.preflight').balance_of(part('blender.snapshot.snapshot').current())"
    )
    window.wait_for_text("credits", within=sidebar)
    assert not window.find_text("Paste API Key", within=sidebar)
    sidebar_picture(window, "sidebar-key-entered")


def test_without_an_account_one_click_places_a_sample(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(environment=environment(tmp_path / "home"))
    artist = Artist(window)
    sidebar = window.open_sidebar(TAB)
    window.wait_for_text("recorded sample", within=sidebar)
    sidebar_picture(window, "sidebar-samples")
    window.click_text("Vase", within=sidebar)
    window.wait_until("len(rows()) == 1")
    artist.wait_for(window.evaluate("rows()[0].job.id"), "PLACED")
    assert any("Sample" in name for name in artist.scene_objects())
    window.wait_for_text("Recorded sample", within=sidebar)
    window.screenshot("sample-placed")


@pytest.mark.newest
def test_nothing_can_be_generated_without_a_prompt(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    Artist(window)
    sidebar = window.open_sidebar(TAB)
    reason = window.wait_for_text("Write a prompt first", within=sidebar)
    window.click(Point(reason.center.x, reason.center.y + LINE_TO_BUTTON))
    assert window.evaluate("len(rows())") == 0
    window.enter_text(window.wait_for_text("What to make", within=sidebar).center, "a red chair")
    window.wait_until("bpy.ops.studio3d.generate.poll()")
    window.click(generate_button(window, sidebar))
    window.wait_until("len(rows()) == 1")


def test_modes_change_by_click_and_show_their_settings(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    picture = tmp_path / "orange.png"
    Image.new("RGB", (64, 48), (240, 140, 20)).save(picture)
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    Artist(window)
    window.execute(f"bpy.context.scene.studio3d.image = {str(picture)!r}")
    sidebar = window.open_sidebar(TAB)
    window.click_text("Advanced", within=sidebar)
    for mode, name in (("Multi-View", "MULTI_VIEW"), ("Image", "IMAGE"), ("Text", "TEXT")):
        window.click_text(mode, within=sidebar)
        window.wait_until(f"bpy.context.scene.studio3d.mode == {name!r}")
        window.settle()
        shown = sidebar_picture(window, f"sidebar-{mode.lower()}")
        assert has_orange(shown) == (name == "IMAGE"), "the chosen picture is previewed"


def has_orange(picture: Image.Image) -> bool:
    """Whether the picture above is shown in it; Blender's own interface has no such colour."""
    pixels = picture.width * picture.height
    colours: list[tuple[int, Any]] = picture.convert("RGB").getcolors(pixels) or []
    return any(
        count > 500 and red > 200 and 100 < green < 180 and blue < 60
        for count, (red, green, blue) in colours
    )


@pytest.mark.newest
def test_a_failure_is_read_whole_and_the_job_taken_off_the_list(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    Artist(window)
    window.execute(FAILED_JOB)
    sidebar = window.open_sidebar(TAB)
    window.wait_for_text("moat around it", within=sidebar)  # the end of its name
    for words in ("prompt was refused", "try again", "refunds the credits"):
        window.wait_for_text(words, within=sidebar)
    sidebar_picture(window, "sidebar-failed")
    name = window.find_text("a castle with", within=sidebar)[0]
    window.click(Point(sidebar.left + sidebar.width - 52, name.center.y))  # its X
    window.wait_until("len(rows()) == 0")


@pytest.mark.newest
def test_expensive_settings_ask_first(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    window.execute(
        "own = bpy.context.preferences.addons['bl_ext.user_default.studio3d'].preferences\n"
        "own.confirm_above, own.frame_placed = 30, True\n"
        "bpy.context.scene.studio3d.prompt = 'a red chair'"
    )
    distance = window.evaluate(VIEW_DISTANCE)
    sidebar = window.open_sidebar(TAB)
    window.click(generate_button(window, sidebar))
    window.wait_for_text("Generate for 35 Credits?")
    window.screenshot("confirm")
    assert window.evaluate("len(rows())") == 0
    window.key("Escape")
    assert window.evaluate("len(rows())") == 0
    window.click(generate_button(window, sidebar))
    window.wait_for_text("Generate for 35 Credits?")
    window.key("Return")
    window.wait_until("len(rows()) == 1")
    artist.wait_for(window.evaluate("rows()[0].job.id"), "PLACED")
    window.wait_until(f"{VIEW_DISTANCE} != {distance}")  # the view went to the result
    window.screenshot("framed")


@pytest.mark.newest
def test_cancel_a_waiting_job(open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    artist = Artist(window)
    window.execute(f"add_elsewhere('a brass lamp', {NOWHERE!r})")
    sidebar = window.open_sidebar(TAB)
    name = window.wait_for_text("a brass lamp", within=sidebar)
    artist.wait_until_watching()
    sidebar_picture(window, "sidebar-waiting")
    window.click(Point(sidebar.left + sidebar.width - 52, name.center.y))  # its X
    window.wait_until("rows()[0].job.state == 'ABANDONED'")
    window.wait_for_text("Stopped", within=sidebar)


def test_what_a_dialog_makes_of_unknown_price_is_asked_for_when_it_has_closed(
    open_window: OpenWindow, tmp_path: Path, sandbox: Sandbox
) -> None:
    window = open_window(environment=environment(tmp_path / "home", sandbox))
    Artist(window)
    window.execute(
        "settings = bpy.context.scene.studio3d\n"
        "settings.prompt, settings.engine_text = 'a brass lamp', 'tripo'\n"
        "settings.tripo.version, settings.tripo.version_other = 'OTHER', '3.2'"
    )
    window.display.move(window.region("VIEW_3D", "WINDOW").center)
    window.settle()

    def order() -> None:
        window.execute("with override():\n    bpy.ops.studio3d.generate_dialog('INVOKE_DEFAULT')")
        window.settle()
        window.key("Return")

    order()
    assert window.wait_for_text("without Knowing the Price")
    window.key("Escape")
    assert window.evaluate("len(rows())") == 0
    order()
    assert window.evaluate("len(rows())") == 0
    window.key("Return")
    window.wait_until("len(rows()) == 1")
    assert window.evaluate("rows()[0].job.values['version']") == "3.2"

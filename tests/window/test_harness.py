"""The harness itself, in a Blender without the extension and with a panel of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.window.harness import BlenderWindow, make_user

PANEL = """
class HARNESS_PT_panel(bpy.types.Panel):
    bl_label = "Harness"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Harness Tab"
    def draw(self, context):
        self.layout.operator("mesh.primitive_torus_add", text="Generate a Ring")
        self.layout.prop(context.scene, "name", text="Scene Name")
bpy.utils.register_class(HARNESS_PT_panel)
area("VIEW_3D").tag_redraw()
"""


@pytest.fixture(scope="module")
def window(blender: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlenderWindow]:
    folder: Path = tmp_path_factory.mktemp("harness")
    make_user(folder, blender)
    with BlenderWindow(blender, folder) as opened:
        opened.execute(PANEL)
        opened.open_sidebar("Harness Tab")
        opened.widen_sidebar(160)
        yield opened


def test_a_button_is_clicked_by_its_words_and_undone_by_keys(window: BlenderWindow) -> None:
    window.click_text("Generate a Ring", within=window.region())
    window.wait_until("'Torus' in bpy.data.objects")
    window.display.move(window.region("VIEW_3D", "WINDOW").center)
    window.key("ctrl+z")
    window.wait_until("'Torus' not in bpy.data.objects")


def test_a_text_field_takes_typed_words(window: BlenderWindow) -> None:
    label = window.wait_for_text("Scene Name", within=window.region())
    field = label.center._replace(x=window.region().left + window.region().width * 3 // 4)
    window.enter_text(field, "A red chair")
    window.wait_until("bpy.data.scenes[0].name == 'A red chair'")


def test_the_heartbeat_hears_a_stall(window: BlenderWindow) -> None:
    window.settle()
    window.reset_heartbeat()
    window.execute("import time; time.sleep(0.5)")
    window.settle()
    gaps = sorted(window.heartbeat().gaps)
    assert gaps[-1] >= 0.5
    assert gaps[len(gaps) // 2] < 0.5


def test_the_driver_survives_a_new_file(window: BlenderWindow) -> None:
    window.execute("bpy.ops.wm.read_homefile()")
    window.wait_until("bpy.data.scenes[0].name == 'Scene'")
    window.settle()


def test_quitting_ends_cleanly(blender: str, tmp_path: Path) -> None:
    make_user(tmp_path, blender)
    with BlenderWindow(blender, tmp_path, size=(1000, 700)) as opened:
        opened.quit()
        assert opened.process.returncode == 0

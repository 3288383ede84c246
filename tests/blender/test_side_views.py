"""The selected object becomes four views: rendered in a background Blender, set in one go."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import bpy
import numpy as np
import pytest

from tests.blender.conftest import part
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import own_home
from tests.patience import until

ops: Any = bpy.ops  # the stubs know no operators of extensions

SIDE = 512
"""Pixels; whole pictures are rendered in the window's test."""
SIDES = ("front", "left", "back", "right")

COLORS = {
    # Of a box's own sides, by the direction they face: it looks along -Y.
    (0.0, -1.0, 0.0): (0.8, 0.0, 0.0, 1.0),
    (1.0, 0.0, 0.0): (0.0, 0.8, 0.0, 1.0),
    (0.0, 1.0, 0.0): (0.0, 0.0, 0.8, 1.0),
    (-1.0, 0.0, 0.0): (0.8, 0.8, 0.0, 1.0),
}
PAINTED, OBJECTS_OWN = 1, 2
"""The sides whose color is a picture that was not saved, and a material of the object itself."""

STRONG, WHITE = 0.5, 0.98
SHOWN = {"front": "red", "left": "green", "back": "blue", "right": "yellow"}


@pytest.fixture
def settings(
    extension: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """No key: none is needed."""
    monkeypatch.setattr(part("blender.runtime.side_views"), "PICTURE_SIZE", SIDE)
    with own_home(tmp_path):
        yield part("blender.settings.properties").settings_of(bpy.context)


def add_box(**placed: Any) -> Any:
    """A box with a side of each color, wider than deep, selected."""
    bpy.ops.mesh.primitive_cube_add(**placed)
    box: Any = bpy.context.object
    box.scale = (2.0, 1.0, 0.5)
    for number, (direction, color) in enumerate(COLORS.items()):
        material: Any = bpy.data.materials.new("side")
        material.use_nodes = True
        shader = material.node_tree.nodes["Principled BSDF"]
        shader.inputs["Base Color"].default_value = color
        if number == PAINTED:
            paint(material, color)
        box.data.materials.append(None if number == OBJECTS_OWN else material)
        if number == OBJECTS_OWN:
            box.material_slots[number].link = "OBJECT"
            box.material_slots[number].material = material
        for polygon in box.data.polygons:
            if tuple(round(part) for part in polygon.normal) == direction:
                polygon.material_index = number
    bpy.context.view_layer.update()
    return box


def paint(material: Any, color: Any) -> None:
    """Let a picture of that color be seen, which is in a file with other colors."""
    image: Any = bpy.data.images.new("paint", 8, 8)
    image.filepath_raw = f"{bpy.app.tempdir}paint.png"
    image.save()
    image.source = "FILE"
    image.pixels.foreach_set(list(color) * 64)
    node = material.node_tree.nodes.new("ShaderNodeTexImage")
    node.image = image
    shader = material.node_tree.nodes["Principled BSDF"]
    material.node_tree.links.new(node.outputs["Color"], shader.inputs["Base Color"])


def render() -> None:
    """Press the button and look in until it is done."""
    assert ops.studio3d.views_from_object() == {"FINISHED"}
    wait()


def wait() -> None:
    """Look in until the views are done."""
    watch = part("blender.runtime.job_monitor")
    until(
        lambda: not watch.poll_once(bpy.context).expects_more, usual=120, what="the rendered views"
    )


class Picture:
    """A picture file, by the names of its colors."""

    def __init__(self, path: str) -> None:
        image: Any = bpy.data.images.load(path)
        self.size = tuple(image.size)
        flat = np.empty(self.size[0] * self.size[1] * 4, dtype=np.float32)
        image.pixels.foreach_get(flat)
        self._pixels = flat.reshape(self.size[1], self.size[0], 4)[:, :, :3]
        bpy.data.images.remove(image)

    @property
    def middle(self) -> str:
        return name_of(self._pixels[self.size[1] // 2, self.size[0] // 2])

    @property
    def corner(self) -> str:
        return name_of(self._pixels[0, 0])

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of what is not white, as shares of the picture."""
        shown = (self._pixels < WHITE).any(axis=2)
        return shown.any(axis=0).mean(), shown.any(axis=1).mean()


def name_of(pixel: Any) -> str:
    """The color in a word: by which of red, green and blue are strong."""
    strong = tuple(bool(value > STRONG) for value in pixel)
    return {
        (True, True, True): "white",
        (True, False, False): "red",
        (False, True, False): "green",
        (False, False, True): "blue",
        (True, True, False): "yellow",
    }.get(strong, "dark")


def test_each_view_shows_the_objects_own_side(settings: Any) -> None:
    add_box(location=(30.0, -20.0, 5.0), rotation=(0.0, 0.0, 2.3))
    settings.views.top = "/pictures/of something else.png"
    render()
    assert settings.mode == "MULTI_VIEW"
    pictures = {side: Picture(getattr(settings.views, side)) for side in SIDES}
    assert {side: picture.middle for side, picture in pictures.items()} == SHOWN
    assert {picture.corner for picture in pictures.values()} == {"white"}
    assert {picture.size for picture in pictures.values()} == {(SIDE, SIDE)}
    assert pictures["front"].extent == pytest.approx((0.9, 0.225), abs=0.01)
    assert pictures["left"].extent == pytest.approx((0.45, 0.225), abs=0.01)
    assert settings.views.top == ""
    folder = Path(settings.views.front).parent
    assert len(list(folder.iterdir())) == len(SIDES)  # nothing else is left there


def test_it_needs_an_object_with_a_surface(settings: Any) -> None:
    with pytest.raises(RuntimeError, match="Select an object with a surface"):
        ops.studio3d.views_from_object()
    mesh = bpy.data.objects.new("empty", bpy.data.meshes.new("empty"))
    bpy.context.scene.collection.objects.link(mesh)
    mesh.select_set(True)
    bpy.context.view_layer.objects.active = mesh
    settings.views.front = "/pictures/mine.png"
    with pytest.raises(RuntimeError, match="no surface to show"):
        ops.studio3d.views_from_object()
    views = part("blender.runtime.side_views")
    selection = part("blender.scene.export_selection").whole(bpy.context)
    views.start(bpy.context, selection)  # and if it were not known here
    wait()
    assert settings.views.front == "/pictures/mine.png"
    assert "no surface to show" in drawn(settings).text
    add_box()
    ops.studio3d.views_from_object()
    assert "no surface" not in drawn(settings).text
    ops.studio3d.cancel_views()


def drawn(settings: Any) -> RecordingLayout:
    """What the Generate panel shows of several views."""
    settings.mode = "MULTI_VIEW"
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    layout = RecordingLayout()
    panel: Any = bpy.types.STUDIO3D_PT_generate
    panel.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout


def test_the_panel_tells_how_far_it_is_and_can_cancel(settings: Any) -> None:
    add_box()
    assert "studio3d.views_from_object" in drawn(settings).buttons()
    ops.studio3d.views_from_object()
    layout = drawn(settings)
    assert layout.bars == [("Rendering View 1 of 4", 0.0)]
    assert "studio3d.views_from_object" not in layout.buttons()
    assert "studio3d.cancel_views" in layout.buttons()
    with pytest.raises(RuntimeError, match="being rendered already"):
        ops.studio3d.views_from_object()
    ops.studio3d.cancel_views()
    assert not part("blender.runtime.job_monitor").poll_once(bpy.context).expects_more
    assert list((part("blender.core.paths").downloads() / "pictures").iterdir()) == []
    assert settings.views.front == ""


def test_another_file_ends_it(settings: Any) -> None:
    add_box()
    ops.studio3d.views_from_object()
    process = (
        part("blender.core.memory").of(part("blender.runtime.side_views")._Current).run.task.process
    )
    bpy.ops.wm.read_homefile(use_empty=True)
    assert not part("blender.runtime.side_views").is_running()
    assert process._process.returncode is not None
    assert (
        "studio3d.views_from_object"
        in drawn(part("blender.settings.properties").settings_of(bpy.context)).buttons()
    )

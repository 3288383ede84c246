"""Pictures from this file, the last render and the clipboard end up in the field asked for."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.results import own_home

ops: Any = bpy.ops  # the stubs know no operators of extensions

RED = (1.0, 0.0, 0.0, 1.0)


@pytest.fixture
def settings(extension: ModuleType, tmp_path: Path) -> Iterator[Any]:
    with own_home(tmp_path, STUDIO3D_API_KEY="test-key"):
        yield part("blender.settings.properties").settings_of(bpy.context)


def generated(name: str, color: tuple[float, ...] = RED, *, is_float: bool = False) -> Any:
    """An image that exists in this file alone."""
    image = bpy.data.images.new(name, 4, 2, alpha=True, float_buffer=is_float)
    image.pixels.foreach_set(color * 8)
    return image


def colors(path: str) -> tuple[tuple[int, int], tuple[float, ...]]:
    """Size and first pixel of a picture file."""
    image = bpy.data.images.load(path)
    found = (image.size[0], image.size[1]), tuple(round(value, 2) for value in image.pixels[:4])
    bpy.data.images.remove(image)
    return found


def test_an_image_with_a_file_is_used_where_it_is(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "chair.png"
    image = generated("chair")
    image.file_format = "PNG"
    image.save(filepath=str(path))
    bpy.data.images.remove(image)
    image = bpy.data.images.load(str(path))
    assert ops.studio3d.picture_from_image(target="studio3d.image", image=image.name) == {
        "FINISHED"
    }
    assert settings.image == str(path)
    image.pixels[0] = 0.5  # painted on: the file is not what it looks like any more
    ops.studio3d.picture_from_image(target="studio3d.image", image=image.name)
    assert settings.image != str(path)
    assert colors(settings.image)[1] == (0.5, 0.0, 0.0, 1.0)


def test_an_image_without_a_file_is_saved_as_a_copy(settings: Any) -> None:
    image = generated("red")
    ops.studio3d.picture_from_image(target="studio3d.views.front", image="red")
    assert colors(settings.views.front) == ((4, 2), RED)
    assert Path(settings.views.front).is_relative_to(part("blender.core.paths").downloads())
    assert (image.source, image.is_dirty, tuple(image.pixels[:4])) == ("GENERATED", True, RED)
    assert [one.name for one in bpy.data.images] == ["red"]


def test_a_packed_picture_is_written_as_it_was_packed(settings: Any, tmp_path: Path) -> None:
    image = generated("lamp")
    image.file_format = "JPEG"
    image.save(filepath=str(tmp_path / "lamp.jpg"))
    bpy.data.images.remove(image)
    image = bpy.data.images.load(str(tmp_path / "lamp.jpg"))
    image.pack()
    bytes_before = (tmp_path / "lamp.jpg").read_bytes()
    (tmp_path / "lamp.jpg").unlink()
    ops.studio3d.picture_from_image(target="studio3d.pictures.images_2", image=image.name)
    assert settings.pictures.images_2.endswith(".jpg")
    assert Path(settings.pictures.images_2).read_bytes() == bytes_before


def test_a_float_image_keeps_its_look(settings: Any) -> None:
    generated("light", (0.2140411, 0.2140411, 0.2140411, 1.0), is_float=True)  # linear half gray
    ops.studio3d.picture_from_image(target="studio3d.image", image="light")
    assert colors(settings.image)[1] == (0.5, 0.5, 0.5, 1.0)


def test_the_last_render_is_saved_and_settings_stay(settings: Any) -> None:
    scene = bpy.context.scene
    scene.render.resolution_x, scene.render.resolution_y = 32, 16
    scene.render.resolution_percentage = 100
    scene.render.engine = "BLENDER_WORKBENCH"
    scene.render.image_settings.file_format = "OPEN_EXR"
    depth = scene.render.image_settings.color_depth
    scene.collection.objects.link(bpy.data.objects.new("camera", bpy.data.cameras.new("camera")))
    scene.camera = bpy.data.objects["camera"]
    bpy.ops.render.render()
    ops.studio3d.picture_from_render(target="studio3d.image")
    assert colors(settings.image)[0] == (32, 16)
    assert Path(settings.image).read_bytes().startswith(b"\x89PNG")
    assert scene.render.image_settings.file_format == "OPEN_EXR"
    assert scene.render.image_settings.color_depth == depth


def test_without_a_window_there_is_no_viewport(settings: Any) -> None:
    with pytest.raises(RuntimeError, match="no 3D viewport"):
        ops.studio3d.picture_from_viewport(target="studio3d.image")


def test_what_the_clipboard_names(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "my chair.png"
    path.write_bytes(b"\x89PNG")
    find = part("blender.operators.picture_sources").location_of
    assert find(f'"{path}"\n') == str(path)
    assert find(f"file://{str(path).replace(' ', '%20')}") == str(path)
    assert find(" https://example.org/chair.png ") == "https://example.org/chair.png"
    for useless in ("", "a red chair", str(tmp_path), str(tmp_path / "gone.png"), "https://a\nb"):
        with pytest.raises(part("blender.scene.pictures").PictureFailed, match="clipboard"):
            find(useless)


def test_without_a_picture_on_the_clipboard_the_file_stays_as_it_is(
    settings: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    bpy.context.window_manager.clipboard = "a red chair"
    before = [area.ui_type for window in windows() for area in window.screen.areas]
    assert ops.studio3d.picture_from_clipboard(target="studio3d.image") == {"CANCELLED"}
    assert "no path or address of a picture on the clipboard" in capfd.readouterr().out
    assert [area.ui_type for window in windows() for area in window.screen.areas] == before
    assert settings.image == ""
    assert not bpy.data.images


def windows() -> Any:
    return bpy.context.window_manager.windows


@pytest.mark.parametrize("target", ["", "name", "render.filepath", "studio3d.nothing", "studio3d"])
def test_only_our_own_settings_are_filled(settings: Any, target: str) -> None:
    generated("red")
    result = ops.studio3d.picture_from_image(target=target, image="red")
    assert result == {"CANCELLED"}


def test_dropped_pictures_go_to_the_generate_panel(settings: Any, tmp_path: Path) -> None:
    handler: Any = bpy.types.STUDIO3D_FH_picture
    taken = set(re.split(";", handler.bl_file_extensions))
    assert {".png", ".jpg", ".jpeg", ".webp", ".tif", ".bmp", ".avif", ".gif"} <= taken
    assert not {".glb", ".psd", ".mp4"} & taken
    view, text = SimpleNamespace(type="VIEW_3D"), SimpleNamespace(type="TEXT_EDITOR")
    assert handler.poll_drop(SimpleNamespace(area=view))
    assert not handler.poll_drop(SimpleNamespace(area=text))
    assert not handler.poll_drop(SimpleNamespace(area=None))
    path = tmp_path / "chair.png"
    path.write_bytes(b"\x89PNG")
    module, _, name = handler.bl_import_operator.partition(".")
    getattr(getattr(ops, module), name)(filepath=str(path))
    assert (settings.mode, settings.image) == ("IMAGE", str(path))

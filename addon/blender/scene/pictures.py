"""Pictures that are in Blender as files the service takes.

Nothing of the open file changes by it: what has no file of its own is written out as a copy.
"""

from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import bpy
import gpu

from ...catalog.messages import Message
from ...service import picture_types
from ..core.access import pixels_of, present, scene_of, size_of, view_layer_of
from ..model.colors import to_srgb

PACKED_SUFFIXES: Final = ((b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"RIFF", ".webp"))
"""First bytes of a packed file that can be written out as it is, and its suffix."""

CHANNELS: Final = 4


class PictureFailed(Exception):
    """There is no such picture; the text says why."""


def is_picture_file(path: Path) -> bool:
    """Whether it is there and of a kind the service takes."""
    return path.suffix.lower() in picture_types.SENDABLE and path.is_file()


def is_single(image: bpy.types.Image) -> bool:
    """Whether it is one picture, and not the result of a render, which has its own way."""
    return image.type in {"IMAGE", "UV_TEST"} and image.source in {"FILE", "GENERATED"}


def own_file(image: bpy.types.Image) -> Path | None:
    """The file the image shows unchanged, if the service takes it."""
    if image.source != "FILE" or image.is_dirty or image.packed_file is not None:
        return None
    path = Path(bpy.path.abspath(image.filepath, library=image.library))
    return path if is_picture_file(path) else None


def write_image(image: bpy.types.Image, stem: Path) -> Path:
    """Write the image as it looks now; ``stem`` is the file to write without its suffix."""
    packed = None if image.is_dirty or image.packed_file is None else image.packed_file.data
    for magic, suffix in PACKED_SUFFIXES:
        if isinstance(packed, bytes) and packed.startswith(magic):
            path = _ready(stem, suffix)
            path.write_bytes(packed)
            return path
    width, height = size_of(image)
    if not width or not height:
        raise PictureFailed(Message("{name} has no pixels", name=image.name))
    if image.channels != CHANNELS:
        raise PictureFailed(
            Message(
                "{name} has {channels} channels instead of four",
                name=image.name,
                channels=image.channels,
            )
        )
    pixels: Any = array("f", bytes(4 * width * height * CHANNELS))
    pixels_of(image).foreach_get(pixels)
    if image.is_float:
        pixels = _from_scene_linear(pixels)
    return _write_pixels(stem, (width, height), pixels)


def _from_scene_linear(pixels: "array[float]") -> Any:
    """The pixels in sRGB, alpha as it is: Blender would write floats as they are."""
    import numpy as np  # late: only pictures of this kind need it

    linear = np.frombuffer(pixels, dtype=np.float32).reshape(-1, CHANNELS)
    color = to_srgb(np.clip(linear[:, :3], 0.0, 1.0))
    return np.column_stack((color, linear[:, 3])).astype(np.float32).ravel()


def write_render(scene: bpy.types.Scene, stem: Path) -> Path:
    """Write the last render, looking as the scene's color management shows it."""
    result = next((image for image in bpy.data.images if image.type == "RENDER_RESULT"), None)
    path = _ready(stem, ".png")
    if result is not None:
        with _as_png(scene):
            try:
                result.save_render(str(path), scene=scene)
            except RuntimeError as error:
                raise PictureFailed("Nothing has been rendered yet") from error
    if not path.is_file():
        raise PictureFailed("Nothing has been rendered yet")
    return path


def write_viewport(
    context: bpy.types.Context,
    region: bpy.types.Region,
    space: bpy.types.SpaceView3D,
    stem: Path,
) -> Path:
    """Draw what the viewport shows into a picture of its size, without its overlays.

    Off the screen and not through the render result, so that the last render stays. Needs a
    window.
    """
    size = region.width, region.height
    view = present(space.region_3d, "view")
    offscreen = gpu.types.GPUOffScreen(*size)
    with_overlays = space.overlay.show_overlays
    try:
        space.overlay.show_overlays = False
        offscreen.draw_view3d(
            scene_of(context),
            view_layer_of(context),
            space,
            region,
            view.view_matrix,
            view.window_matrix,
            do_color_management=True,
        )
        binding: Any = offscreen.bind()  # the stubs know no way into it
        with binding:
            frame = gpu.state.active_framebuffer_get()
            pixels: Any = frame.read_color(0, 0, *size, CHANNELS, 0, "FLOAT")
    finally:
        space.overlay.show_overlays = with_overlays
        offscreen.free()
    pixels.dimensions = size[0] * size[1] * CHANNELS
    return _write_pixels(stem, size, pixels)


def _write_pixels(stem: Path, size: tuple[int, int], pixels: Any) -> Path:
    """Through an image of our own: ``Image.save`` makes the image it saves forget its pixels."""
    path = _ready(stem, ".png")
    copy = bpy.data.images.new(stem.name, *size, alpha=True)
    try:
        pixels_of(copy).foreach_set(pixels)
        copy.file_format = "PNG"
        copy.save(filepath=str(path))
    except RuntimeError as error:
        raise PictureFailed(Message("{path} cannot be written", path=path)) from error
    finally:
        bpy.data.images.remove(copy)
    return path


def _ready(stem: Path, suffix: str) -> Path:
    stem.parent.mkdir(parents=True, exist_ok=True)
    return stem.with_name(stem.name + suffix)


@contextmanager
def _as_png(scene: bpy.types.Scene) -> Iterator[None]:
    """Render settings that write a PNG; what the user had comes back."""
    settings: Any = scene.render.image_settings
    names = ["file_format", "color_mode", "color_depth"]
    if hasattr(settings, "media_type"):  # 5.0 sorts the formats by it
        names.insert(0, "media_type")
    before = {name: getattr(settings, name) for name in names}
    try:
        if "media_type" in before:
            settings.media_type = "IMAGE"
        settings.file_format, settings.color_mode, settings.color_depth = "PNG", "RGBA", "8"
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)


def image_in(context: bpy.types.Context) -> bpy.types.Image | None:
    """The single picture that the image editor or the active object shows."""
    space = context.space_data
    if isinstance(space, bpy.types.SpaceImageEditor):
        image = space.image
    else:
        shown: Any = context.active_object  # the stubs do not know that an empty can show an image
        data = None if shown is None else shown.data
        image = data if isinstance(data, bpy.types.Image) else None
    return image if image is not None and is_single(image) else None

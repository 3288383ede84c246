"""Writing the model in the formats a row asks for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import bpy

from ....service.names import safe_name
from ....service.path_room import SHORT_NAME, fitted
from ...core.access import present, view_layer_of
from ...model.failure import PreparationFailed, own_words


def export(objects: Sequence[bpy.types.Object], to: Path) -> None:
    """Write the objects into ``to``, in the format its suffix names; raises PreparationFailed."""
    _select(objects)
    try:
        WRITERS[to.suffix.lower()](str(to))
    except (AttributeError, RuntimeError) as error:
        reason = own_words(error) or "it has no exporter for it"
        raise PreparationFailed(
            "Blender could not write {name}: {reason}.",
            name=to.name,
            reason=reason,
            details=str(error),
            hint="Leave that format out, or use a Blender that was built with it.",
        ) from error
    if not to.is_file():
        raise PreparationFailed("Blender wrote no {name}.", name=to.name)


def _select(objects: Sequence[bpy.types.Object]) -> None:
    layer = view_layer_of(bpy.context)
    for obj in layer.objects:
        obj.select_set(obj in objects)
    layer.objects.active = objects[0]


def _gltf(path: str) -> None:
    bpy.ops.export_scene.gltf(
        filepath=path, export_format="GLB", use_selection=True, export_extras=True
    )


def _fbx(path: str) -> None:
    bpy.ops.export_scene.fbx(
        filepath=path, use_selection=True, path_mode="COPY", embed_textures=True
    )


def _obj(path: str) -> None:
    with textures_beside(Path(path)):
        bpy.ops.wm.obj_export(filepath=path, export_selected_objects=True, path_mode="STRIP")


@contextmanager
def textures_beside(model: Path) -> Iterator[None]:
    """Have the packed pictures as files beside the model meanwhile, which is where they stay."""
    pictures = [image for image in bpy.data.images if image.packed_file is not None]
    taken: set[str] = set()
    try:
        for image in pictures:
            suffix = SUFFIXES.get(image.file_format, ".png")
            named = fitted(Path(f"{safe_name(image.name)}{suffix}"), SHORT_NAME)
            to, number = model.with_name(f"{model.stem}-{named}"), 1
            while to.name.casefold() in taken:  # of names in other letters little is left
                number += 1
                to = model.with_name(f"{model.stem}-{named.stem}-{number}{suffix}")
            taken.add(to.name.casefold())
            to.write_bytes(present(image.packed_file, "packed file").data)
            image.filepath_raw = str(to)
        yield
    finally:
        for image in pictures:
            image.filepath_raw = ""


def _stl(path: str) -> None:
    bpy.ops.wm.stl_export(filepath=path, export_selected_objects=True)


def _ply(path: str) -> None:
    bpy.ops.wm.ply_export(filepath=path, export_selected_objects=True)


def _usd(path: str) -> None:
    bpy.ops.wm.usd_export(filepath=path, selected_objects_only=True)


SUFFIXES: Mapping[str, str] = {"JPEG": ".jpg", "WEBP": ".webp", "PNG": ".png"}
"""By Blender's name of a picture's format."""

WRITERS: Mapping[str, Callable[[str], None]] = {
    ".glb": _gltf,
    ".fbx": _fbx,
    ".obj": _obj,
    ".stl": _stl,
    ".ply": _ply,
    ".usd": _usd,
}
"""By file name suffix."""

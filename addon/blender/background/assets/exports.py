"""Writing the model in the formats a row asks for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

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
    pictures = _written(bpy.data.images, model)
    try:
        for image, path in pictures.items():
            image.filepath_raw = str(path)
        yield
    finally:
        for image in pictures:
            image.filepath_raw = ""


def _written(images: Iterable[bpy.types.Image], model: Path) -> Mapping[bpy.types.Image, Path]:
    """Write the packed ones of them beside the model; returns where each is."""
    written: dict[bpy.types.Image, Path] = {}
    taken: set[str] = set()
    for image in images:
        if image.packed_file is None:
            continue
        suffix = SUFFIXES.get(image.file_format, ".png")
        own = safe_name(image.name).removeprefix(f"{model.stem}-")  # of a model's texture set
        named = fitted(Path(f"{own}{suffix}"), SHORT_NAME)
        to, number = model.with_name(f"{model.stem}-{named}"), 1
        while to.name.casefold() in taken:  # of names in other letters little is left
            number += 1
            to = model.with_name(f"{model.stem}-{named.stem}-{number}{suffix}")
        taken.add(to.name.casefold())
        to.write_bytes(present(image.packed_file, "packed file").data)
        written[image] = to
    return written


IN_FBX: Final = (
    *("base_color", "alpha", "normalmap", "metallic", "roughness", "specular"),
    *("emission_color", "emission_strength"),
)
"""What Blender's exporter can write a picture for, as ``PrincipledBSDFWrapper`` calls it."""


def write_beside_fbx(objects: Iterable[bpy.types.Object], model: Path) -> None:
    """Write as files what an FBX has no place for: a picture whose channels are several things."""
    from bpy_extras import node_shader_utils

    wrapper: Any = node_shader_utils.PrincipledBSDFWrapper  # the stubs do not know its arguments
    inside: set[bpy.types.Image] = set()
    used: dict[bpy.types.Image, None] = {}
    for material in {slot.material for obj in objects for slot in obj.material_slots}:
        if material is None or material.node_tree is None:
            continue
        shader = wrapper(material, is_readonly=True)
        textures = (getattr(shader, f"{name}_texture") for name in IN_FBX)
        inside |= {texture.image for texture in textures if texture is not None}
        shown = {link.from_node for link in material.node_tree.links}
        pictures = (node for node in shown if isinstance(node, bpy.types.ShaderNodeTexImage))
        used |= {node.image: None for node in pictures if node.image is not None}
    left = (image for image in used if image not in inside)
    _written(sorted(left, key=lambda image: image.name), model)


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

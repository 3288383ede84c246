"""The pictures of an imported model: its own go into the file, all others go.

Looked at after every import, whatever was done to the file before it: an FBX names its textures in
a way that only its importer reads.
"""

from pathlib import Path
from typing import Any, Final

import bpy

from ....service.picture_sizes import Sides, sides_in, sides_of
from .file_references import MISSING, NO_PICTURE, REFUSED, OwnFiles, is_picture, is_picture_data

HEAD: Final = 32
"""Bytes by which a picture is recognized."""


def pack(own: OwnFiles) -> None:
    """Put every own picture into the open file, and note in ``own`` what was left out."""
    for image in list(bpy.data.images):
        if image.source in {"GENERATED", "VIEWER"}:
            continue
        problem = _problem(image, own)
        if problem is None:
            _forget_place(image)
        else:
            own.leave_out(problem, _name(image))
            _remove(image)


def _problem(image: bpy.types.Image, own: OwnFiles) -> str | None:
    """Why the picture cannot be in the file; None: it is in it now."""
    if image.packed_file is not None:
        data = _data(image.packed_file)
        return _size_problem(sides_of(data)) if is_picture_data(data[:HEAD]) else NO_PICTURE
    return _problem_of_file(image, own)


def _problem_of_file(image: bpy.types.Image, own: OwnFiles) -> str | None:
    path = Path(bpy.path.abspath(image.filepath))
    if not path.is_file():
        return MISSING
    if not own.owns(path):
        return REFUSED
    if image.source != "FILE" or not is_picture(path):
        return NO_PICTURE
    problem = _size_problem(sides_in(path))
    if problem is None:
        try:
            image.pack()
        except RuntimeError:
            return NO_PICTURE
    return problem


def _forget_place(image: bpy.types.Image) -> None:
    """Let nothing in the file say where this machine had the picture."""
    image.filepath_raw = ""
    for packed in image.packed_files:
        packed.filepath = ""


TOO_LARGE: Final = "{name} has more pixels than can be shown and was left out."


def _size_problem(sides: Sides | None) -> str | None:
    """Why a picture of that size must not be decoded, here or in the user's own Blender."""
    if sides is None:
        return NO_PICTURE
    return None if sides.is_modest else TOO_LARGE


def _data(packed: bpy.types.PackedFile) -> bytes:
    data: Any = packed.data  # bytes, which the stubs call a string
    return bytes(data)


def _name(image: bpy.types.Image) -> str:
    return bpy.path.basename(image.filepath.replace("\\", "/")) or image.name


def _remove(image: bpy.types.Image) -> None:
    """With the nodes that show it: a texture without a picture is black."""
    for material in bpy.data.materials:
        tree: Any = material.node_tree
        for node in list(tree.nodes) if tree is not None else []:
            if node.type == "TEX_IMAGE" and node.image == image:
                tree.nodes.remove(node)
    bpy.data.images.remove(image)

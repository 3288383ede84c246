"""The textures of an original that lies in files, where there is no scene to take it from."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import bpy
from mathutils import Matrix, Vector

from ..core.access import view_layer_of
from ..model.failure import PreparationFailed
from ..model.names import FILE_ORIGIN
from . import export, normalize
from .baking import bake
from .importing import importers
from .importing.file_references import OwnFiles
from .preparation import Model, not_baked

log = logging.getLogger(__name__)

APART: Final = 0.1
"""Share of the size by which the corners of the two may lie apart: a rebuilt surface is another."""

NOT_THERE: Final = "The original's textures were not baked: {name} is not there any more."
ELSEWHERE: Final = "The original's textures were not baked: the result lies elsewhere than {name}."


def bake_textures(model: Model, files: Sequence[Path], size: int) -> None:
    """Give the model the original's textures if it has none, in pictures of ``size`` pixels.

    Whatever goes wrong, it goes without, and says so. ``files`` are the original's.
    """
    shapes = [obj for obj in model.objects if obj.type == "MESH"]
    if not bake.is_bare(shapes):
        return
    gone = next((file for file in files if not file.is_file()), None)
    if gone is not None:
        model.left_out.append({"template": NOT_THERE, "parts": {"name": gone.name}})
        return
    with normalize.names_free():
        try:
            original = _read(files, model)
            if not _lies_at(original, shapes):
                parts = {"name": files[0].name}
                model.left_out.append({"template": ELSEWHERE, "parts": parts})
                return
            bake.bake(shapes, original, model.collection.name, size, keeps_plain=False)
        except Exception as error:  # files have anything, and the result is paid for
            log.exception("the textures were not baked")
            model.left_out.append(not_baked(error))
        finally:
            normalize.keep_only(model.collection)
            normalize.drop_unused()


def _read(files: Sequence[Path], model: Model) -> export.Original:
    """Import the original beside the model, standing in its space."""
    before = set(bpy.data.objects)
    own = OwnFiles(files[0].parent)
    for file in files:
        importers.import_model(file, own)
    view_layer_of(bpy.context).update()
    way = Matrix.Translation(model.collection.get(FILE_ORIGIN, (0.0, 0.0, 0.0))[:])
    made = [obj for obj in bpy.data.objects if obj not in before and obj.type == "MESH"]
    if not made:
        raise PreparationFailed("There is no mesh in {name}.", name=files[0].name)
    worlds = [way @ obj.matrix_world for obj in made]
    return export.Original(made, [obj.name for obj in made], worlds, apply_modifiers=True)


def _lies_at(original: export.Original, shapes: Sequence[bpy.types.Object]) -> bool:
    """Whether both fill the same space."""
    pairs = zip(original.objects, original.worlds, strict=True)
    theirs = _box([world @ Vector(corner) for obj, world in pairs for corner in obj.bound_box])
    ours = _box([obj.matrix_world @ Vector(corner) for obj in shapes for corner in obj.bound_box])
    size = (theirs[1] - theirs[0]).length
    return all((a - b).length <= APART * size for a, b in zip(ours, theirs, strict=True))


def _box(corners: Sequence[Vector]) -> tuple[Vector, Vector]:
    sides = list(zip(*corners, strict=True))
    return Vector([min(side) for side in sides]), Vector([max(side) for side in sides])

"""How much it is that would be sent: triangles, bytes, extent. Read without evaluating anything."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import bpy
from mathutils import Matrix

from ...catalog.validation import grouped
from ...service.limits import LARGE_UPLOAD_BYTES
from ..core import units
from ..core.access import scene_of, size_of
from ..core.translation import translate
from . import materials, mesh_checks, paint, read_cache, visible_surfaces
from .export_selection import Selection

INDEX_BYTES: Final = 12
VERTEX_BYTES: Final = 32
"""Position, normal and UV, each corner of a face counted as about half a vertex of its own."""

PIXEL_BYTES: Final = 1.5
"""About what a pixel takes in a PNG, for pictures that are in no file yet."""


class _Amount(NamedTuple):
    """What is sent of a selection."""

    triangles: int
    bytes: int
    is_less: bool
    """Whether it is more than that: not everything was looked at."""


def count_triangles(context: bpy.types.Context, selection: Selection) -> int:
    """Triangles as they would be sent; reads what is evaluated already."""
    return _amount(context, selection).triangles


def estimate_bytes(context: bpy.types.Context, selection: Selection) -> int:
    """About how large the file will be: geometry and pictures."""
    return _amount(context, selection).bytes


def _amount(context: bpy.types.Context, selection: Selection) -> _Amount:
    return read_cache.once((_Amount, *selection.key), lambda: _count(parts(context, selection)))


def parts(context: bpy.types.Context, selection: Selection) -> Iterator[visible_surfaces.Part]:
    """All surfaces that would be sent."""
    for obj in selection.objects:
        yield from visible_surfaces.parts(context, obj, apply_modifiers=selection.apply_modifiers)


def _count(found: Iterable[visible_surfaces.Part]) -> _Amount:
    triangles = geometry = most = 0
    used: dict[bpy.types.Material, None] = {}
    for part in found:
        most = max(most, part.number)
        mesh = part.mesh
        count = len(mesh.loops) - 2 * len(mesh.polygons)
        corners = min(len(mesh.loops), 2 * len(mesh.vertices))
        triangles += count
        geometry += count * INDEX_BYTES + corners * VERTEX_BYTES
        slots = (slot.material for slot in part.obj.material_slots)
        used.update(dict.fromkeys(material for material in slots if material is not None))
    images = {image for material in used for image in materials.pictures_of(material)}
    size = geometry + sum(map(_picture_bytes, images))
    return _Amount(triangles, size, is_less=most >= visible_surfaces.MOST)


def _picture_bytes(image: bpy.types.Image) -> int:
    if image.packed_file is not None:
        return image.packed_file.size
    try:
        return Path(paint.file_of(image)).stat().st_size if image.source == "FILE" else _raw(image)
    except OSError:
        return _raw(image)


def _raw(image: bpy.types.Image) -> int:
    if image.source == "GENERATED":
        width, height = image.generated_width, image.generated_height
    elif image.has_data:  # asking for its size would read it
        width, height = size_of(image)
    else:
        return 0
    return int(width * height * PIXEL_BYTES)


def total_bytes(context: bpy.types.Context, selections: Sequence[Selection]) -> int:
    """About how much is uploaded."""
    return sum(estimate_bytes(context, selection) for selection in selections)


def is_large(context: bpy.types.Context, selections: Sequence[Selection]) -> bool:
    """Tell whether the upload is worth a warning."""
    return total_bytes(context, selections) > LARGE_UPLOAD_BYTES


def words(context: bpy.types.Context, selections: Sequence[Selection]) -> str:
    """Triangles and size of what is sent, for example ``12 400 triangles, about 1.2 MB``."""
    triangles = sum(count_triangles(context, one) for one in selections)
    size = mesh_checks.bytes_words(total_bytes(context, selections))
    if any(_amount(context, one).is_less for one in selections):
        return translate("More than {n} triangles and {size}", n=grouped(triangles), size=size)
    return translate("{n} triangles, about {size}", n=grouped(triangles), size=size)


def extent_words(context: bpy.types.Context, selection: Selection) -> str:
    """Width, depth and height of the model as it stands in the scene, in real units."""
    metres = units.metres_per_unit(scene_of(context))
    return mesh_checks.size_words([side * metres for side in extents(context, selection)])


def extents(
    context: bpy.types.Context, selection: Selection, heading: float = 0.0
) -> Sequence[float]:
    """The same in the scene's units; ``heading`` turns the axes about the vertical."""
    turn = Matrix.Rotation(-heading, 4, "Z") if heading else None
    return read_cache.once(
        ("extents", heading, *selection.key),
        lambda: visible_surfaces.extents(parts(context, selection), turn),
    )

"""The original's textures on a result that came back without: baked here, from surface to surface.

What lies nearest to a place of the result is what that place shows: pictures, nodes and colors of
the mesh alike, whether they could be sent or not. Cycles bakes on the CPU, without light.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import bpy
from mathutils import Matrix

from ...core.access import copy_of, mesh_of, present
from ...model import channels
from ...model.channels import Channel
from ...model.names import MATERIAL_NAME
from ...model.shading import has_pictures, new_material
from .. import export
from . import dressing, gaps, plans, scenes, unwrapping

SAMPLES: Final = 4
"""Places looked at for each pixel: colors may be finer than the pixels. Normals take one."""
MOST_APART: Final = 32
"""Pieces of the original that are looked through one by one: of more one is made."""

NO_CYCLES: Final = "The original's textures were not baked: this Blender comes without Cycles."
TOO_LONG: Final = "The original's textures were not baked: it would take too long at this size."


class BakingFailed(Exception):
    """The result goes without; the text says why."""


def is_bare(shapes: Sequence[bpy.types.Object]) -> bool:
    """Whether the meshes have no textures of their own: neither pictures nor colors."""
    meshes = [mesh_of(obj) for obj in shapes]
    materials = {material for mesh in meshes for material in mesh.materials if material is not None}
    return not any(map(has_pictures, materials)) and not any(map(_is_colored, meshes))


def _is_colored(mesh: bpy.types.Mesh) -> bool:
    """Whether colors of the mesh differ from place to place."""
    import numpy as np  # late: Blender takes a while to load it

    from ...model.arrays import got

    layers: Iterable[Any] = mesh.color_attributes
    found = [got(layer.data, "color", 4, kind=np.float32) for layer in layers]
    return any(len(colors) and np.ptp(colors, axis=0).max() > 0.0 for colors in found)


def bake(
    shapes: Sequence[bpy.types.Object],
    original: export.Original,
    name: str,
    size: int,
    *,
    keeps_plain: bool,
) -> bool:
    """Give the results' meshes one material with pictures of ``size`` pixels, as the original is.

    Both stand in the same space. ``keeps_plain``: where the original has several plain materials,
    the scene finds out by itself which of them goes where, if anything tells. False if no picture
    is needed: then nothing changes. Raises BakingFailed, and ExportFailed of the original.
    """
    if not shapes or not is_bare(shapes):
        return False
    pieces = export.pieces(original)
    names = plans.all_dressed(pieces)
    materials = list(names)
    plan = plans.plan_of(materials)
    if not plan.passes() or (keeps_plain and _are_found(shapes, original, names)):
        return False
    return _bake(shapes, pieces, name, size, (plan, materials))


def bake_onto_map(
    shape: bpy.types.Object, pieces: Sequence[export.Piece], name: str, size: int
) -> bool:
    """Give the mesh one material with pictures of ``size`` pixels, as the pieces are dressed.

    They lie on its active UV map, which is ``unwrapping.is_usable``. The pieces do not outlive it.
    False if no picture is needed: then nothing changes. Raises BakingFailed.
    """
    materials = list(plans.all_dressed(pieces))
    return _bake([shape], pieces, name, size, (plans.plan_of(materials), materials))


def _bake(
    shapes: Sequence[bpy.types.Object],
    pieces: Sequence[export.Piece],
    name: str,
    size: int,
    look: "tuple[plans.Plan, Sequence[bpy.types.Material]]",
) -> bool:
    """``look``: what of which materials is to be baked."""
    plan, materials = look
    with _studio(shapes, pieces) as studio:
        mesh = mesh_of(studio.target)
        is_mapped = unwrapping.is_usable(mesh)
        if not is_mapped:
            studio.select()
            unwrapping.unwrap(studio.target, size)
        grown = gaps.growth(mesh, studio.sources)
        for source in studio.sources:
            source.matrix_world = grown @ source.matrix_world
        gap = gaps.measure(mesh, studio.sources)
        plan = replace(plan, bends=plan.bends or gap.bends)
        made = dressing.material(name, _baked(studio, plan, gap.width, size), materials)
        if made is not None:
            _hand_over(mesh, shapes, made, map_too=not is_mapped)
    return made is not None


def _are_found(
    shapes: Sequence[bpy.types.Object],
    original: export.Original,
    names: Mapping[bpy.types.Material, str],
) -> bool:
    """Whether the scene knows where plain materials go: by their names, or by their objects."""
    if any(plans.plan_of([material]).passes() for material in names):
        return False
    known = {
        "" if material is None else material.get(MATERIAL_NAME, material.name)
        for shape in shapes
        for material in mesh_of(shape).materials or [None]
    }
    return len(original.objects) > 1 or known.issuperset(names.values())


@dataclass(frozen=True, slots=True)
class _Studio:
    """A scene with copies of the surfaces, and nothing else."""

    scene: bpy.types.Scene
    target: bpy.types.Object
    """All results as one mesh."""
    sources: Sequence[bpy.types.Object]

    def select(self, others: Sequence[bpy.types.Object] = ()) -> None:
        """Let operators work on the target, with others selected beside it."""
        scenes.select(self.scene, self.target, others)


@contextmanager
def _studio(
    shapes: Sequence[bpy.types.Object], pieces: Sequence[export.Piece]
) -> Iterator[_Studio]:
    """Copies of the surfaces in a scene, as the context's; gone afterwards."""
    try:
        with scenes.opened() as scene:
            sources = [scenes.placed(scene, *piece) for piece in pieces]
            if len(sources) > MOST_APART:
                sources = [scenes.joined(scene, sources)]
            yield _Studio(scene, _target(scene, shapes), sources)
    except scenes.NoCycles as error:
        raise BakingFailed(NO_CYCLES) from error
    except scenes.TooLong as error:
        raise BakingFailed(TOO_LONG) from error


def _target(scene: bpy.types.Scene, shapes: Sequence[bpy.types.Object]) -> bpy.types.Object:
    """The results as one object, whose corners know which they are."""
    copies: list[bpy.types.Object] = []
    count = 0
    for shape in shapes:
        mesh = copy_of(mesh_of(shape))
        count = scenes.numbered(mesh, count)
        mesh.materials.clear()
        export.bake(mesh, shape.matrix_world)
        copies.append(scenes.placed(scene, mesh, "Target", Matrix.Identity(4)))
    return scenes.joined(scene, copies)


def _baked(studio: _Studio, plan: plans.Plan, width: float, size: int) -> dressing.Baked:
    """Bake one pass after the other."""
    baked = dressing.Baked(size, size, dict(plan.settled))
    bake_pass = partial(_bake_pass, studio, width)
    scenes.bake_all(plan.passes(), baked, bake_pass)
    return baked


def _bake_pass(
    studio: _Studio, width: float, wanted: Sequence[Channel], image: bpy.types.Image
) -> None:
    materials = mesh_of(studio.target).materials
    if not materials:
        materials.append(new_material("Bake"))
    scenes.bake_into(materials[0], image)
    glowing = scenes.wearing(studio.sources, partial(channels.revealed, channels=wanted))
    with glowing if wanted else nullcontext():
        studio.select(studio.sources)
        scenes.run(
            studio.scene,
            wanted,
            image,
            samples=SAMPLES if wanted else 1,
            use_selected_to_active=True,
            # The rays start all around, also over edges between flat polygons.
            use_cage=True,
            cage_extrusion=width,
            max_ray_distance=2.0 * width,
        )


def _hand_over(
    mesh: bpy.types.Mesh,
    shapes: Sequence[bpy.types.Object],
    material: bpy.types.Material,
    *,
    map_too: bool,
) -> None:
    """Give the results the material, and their corners of the map it was made for."""
    import numpy as np

    from ...model.arrays import got

    numbers = scenes.numbers_of(mesh)
    uvs = np.empty((len(numbers), 2), dtype=np.float32)
    uvs[numbers] = got(present(mesh.uv_layers.active, "UV map").uv, "vector", 2, kind=np.float32)
    start = 0
    for shape in shapes:
        own = mesh_of(shape)
        if map_too and own.users > 1:
            own = shape.data = copy_of(own)
        dressing.wear(own, [material])
        end = start + len(own.loops)
        if map_too:
            unwrapping.give_map(own, uvs[start:end])
        present(own.uv_layers.active, "UV map").active_render = True  # what the material goes by
        start = end

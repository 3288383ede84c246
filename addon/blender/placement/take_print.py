"""What was made of selected objects for a printer takes their place, as one undo step.

An object that is no more than its mesh goes on being the same object, with the new mesh in it. Of
one that modifiers, shapes or others make what it looks like, the result is a version: the
originals stay, hidden.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bpy

from ..core.access import load_from, mesh_of, scene_of, view_layer_of
from ..model import deforming, naming
from ..scene import (
    object_links,
    parenting,
    print_state,
    replacement_object,
    rollback,
    versions,
)
from ..scene.export_selection import Selection
from ..scene.print_state import State
from .read_result import AppendFailed
from .replace_original import take_place


def take(
    context: bpy.types.Context,
    uids: Sequence[int],
    state: State,
    back: Path,
    said: Sequence[Mapping[str, Any]],
) -> bpy.types.Object:
    """Put what was made in; returns the object that has the mesh, or that the parts hang on.

    Raises AppendFailed, and changes nothing.

    ``uids`` and ``state`` are of the objects it was made from, ``said`` is what
    ``background.printing.selections.write_back`` tells of the meshes in ``back``.
    """
    by_uid = {obj.session_uid: obj for obj in scene_of(context).objects}
    originals = [by_uid[uid] for uid in uids if uid in by_uid]
    if len(originals) != len(uids):
        raise AppendFailed("An object was deleted meanwhile: nothing was changed.")
    if print_state.look(Selection(tuple(originals))) != state:
        raise AppendFailed("The model was changed meanwhile: do it again.")
    meshes = _appended(back, [one["mesh"] for one in said])
    for mesh, one in zip(meshes, said, strict=True):
        _wear(mesh, one["materials"], originals)
    if len(meshes) > 1:
        return _become_parts(context, originals, meshes)
    (mesh,) = meshes
    if len(originals) == 1 and is_plain(originals[0]):
        _exchange(originals[0], mesh)
        return originals[0]
    return _become_version(context, originals, mesh)


def is_plain(obj: bpy.types.Object) -> bool:
    """Whether what is seen of it is its mesh, and nothing else."""
    mesh = obj.data
    return (
        isinstance(mesh, bpy.types.Mesh)
        and mesh.shape_keys is None
        and not obj.modifiers
        and obj.instance_type == "NONE"
        and obj.override_library is None
    )


def _appended(back: Path, names: Sequence[str]) -> list[bpy.types.Mesh]:
    known = {library.session_uid for library in bpy.data.libraries}
    try:
        with load_from(back) as (_there, wanted):
            wanted.meshes = list(names)
    except (OSError, RuntimeError) as error:
        raise AppendFailed("What was made cannot be read.") from error
    meshes: list[bpy.types.Mesh | None] = list(wanted.meshes)
    for library in [one for one in bpy.data.libraries if one.session_uid not in known]:
        bpy.data.libraries.remove(library)
    found = [mesh for mesh in meshes if mesh is not None]
    if len(found) < len(names):
        bpy.data.batch_remove(found)
        raise AppendFailed("What was made cannot be read.")
    for mesh in found:
        mesh.use_fake_user = False
    return found


def _wear(
    mesh: bpy.types.Mesh, names: Sequence[str], originals: Sequence[bpy.types.Object]
) -> None:
    """Give the mesh the materials that the originals have under these names."""
    worn = {
        slot.material.name: slot.material
        for obj in originals
        for slot in obj.material_slots
        if slot.material is not None
    }
    for index, name in enumerate(names):
        material = worn.get(name) or bpy.data.materials.get(name)
        mesh.materials[index] = material


def _exchange(obj: bpy.types.Object, mesh: bpy.types.Mesh) -> None:
    former = mesh_of(obj)
    obj.data = mesh
    if former.users == 0 and former.library is None:
        name = former.name
        bpy.data.meshes.remove(former)
        mesh.name = name


def _become_version(
    context: bpy.types.Context, originals: Sequence[bpy.types.Object], mesh: bpy.types.Mesh
) -> bpy.types.Object:
    scene, main = scene_of(context), originals[0]
    result = replacement_object.make_replacement(scene, main, mesh, bakes_modifiers=False)
    result.modifiers.clear()  # all they do is in the mesh
    if deforming.hangs_in(result):  # which would bend it once more
        parenting.copy_parent(main, result, kind="OBJECT")
    _take_place(context, [result], originals)
    return result


def _become_parts(
    context: bpy.types.Context,
    originals: Sequence[bpy.types.Object],
    meshes: Sequence[bpy.types.Mesh],
) -> bpy.types.Object:
    scene, main = scene_of(context), originals[0]
    pieces = [bpy.data.objects.new(mesh.name, mesh) for mesh in meshes]
    results = replacement_object.parts(scene, main, pieces)
    _take_place(context, results, originals)
    results[0][object_links.SPLIT] = True
    whole = results[0].name
    naming.rename({piece: f"{whole} {number}" for number, piece in enumerate(results[1:], 1)})
    return results[0]


def _take_place(
    context: bpy.types.Context,
    results: Sequence[bpy.types.Object],
    originals: Sequence[bpy.types.Object],
) -> None:
    number = versions.next_number(scene_of(context), originals[0])
    with rollback.unless_it_fails(originals, view_layer_of(context)):
        object_links.link(results[0], originals, number=number)
        take_place(context, results, originals)

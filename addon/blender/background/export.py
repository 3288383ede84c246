"""From a .blend with somebody's selection to one GLB, in metres around a given point.

What is written is what the viewport shows: instances are made real and, if asked for, modifiers
applied. The objects stand in the file as they stood in the scene, moved only so that ``origin``
lies at the centre: far from the centre single precision would spoil small shapes.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import bpy
from mathutils import Matrix

from ..core.access import color_space_of, copy_of, mesh_of, pixels_of, present, scene_of, size_of
from ..model import mesh_stats, reshape, tiles
from ..model.colors import to_srgb
from ..model.failure import PreparationFailed as ExportFailed
from ..model.failure import own_words
from ..model.sent_objects import fetch

__all__ = ["ExportFailed", "export_model"]

GEOMETRY: Final = {"MESH", "CURVE", "SURFACE", "FONT", "META"}


def export_model(blend: Path, to: Path, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Export the objects ``settings["objects"]`` (by name, in order) to ``to``.

    Further ``settings``: ``libraries`` file of each object that is not in ``blend``, else "";
    ``helpers`` names of objects that only shape others; ``apply_modifiers``; ``origin`` x, y, z in
    scene units; ``scale`` metres per scene unit; ``frame``; ``matrices`` world matrix of each
    object as four rows, as evaluated where the selection was made. Raises ExportFailed.
    """
    made = plain_objects(blend, settings)
    said = mesh_stats.of_meshes([mesh_of(obj) for obj in made])
    if said["triangles"] == 0:
        raise ExportFailed(
            "There is no surface to send.", hint="Select a mesh that has at least one face."
        )
    tiles.to_pictures(made)
    _flatten_floats()
    _write(to)
    return {"figures": said | {"bytes": to.stat().st_size}}


def plain_objects(blend: Path, settings: Mapping[str, Any]) -> list[bpy.types.Object]:
    """What ``settings`` select as the only objects there are: meshes, transforms applied."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    made = [_plain_object(*piece) for piece in pieces(read(blend, settings))]
    _keep_only(made)
    return made


class Original(NamedTuple):
    """Somebody's selection in the open file, at the moment it was seen in."""

    objects: Sequence[bpy.types.Object]
    names: Sequence[str]
    """What they are called where they were selected."""
    worlds: Sequence[Matrix]
    """Where each of them stands in the file that is exported."""
    apply_modifiers: bool


def read(blend: Path, settings: Mapping[str, Any]) -> Original:
    """Bring what ``settings`` select into the open file; raises ExportFailed."""
    names, helpers = settings["objects"], settings.get("helpers", [])
    libraries = [*settings["libraries"], *[""] * len(helpers)]
    found = fetch(blend, [*names, *helpers], libraries)
    show(found, settings)
    to_file = Matrix.Scale(settings["scale"], 4) @ Matrix.Translation(
        [-part for part in settings["origin"]]
    )
    worlds = [to_file @ Matrix(rows) for rows in settings["matrices"]]
    return Original(found[: len(names)], names, worlds, settings["apply_modifiers"])


def pieces(original: Original) -> list["Piece"]:
    """The surfaces of the selection, each of its own."""
    return [
        piece
        for obj, world in zip(original.objects, original.worlds, strict=True)
        for piece in surfaces(obj, world, apply=original.apply_modifiers)
    ]


def show(objects: Sequence[bpy.types.Object], settings: Mapping[str, Any]) -> None:
    """Put the objects into the scene, and the scene to the moment they were seen in."""
    scene = scene_of(bpy.context)
    for obj in objects:
        scene.collection.objects.link(obj)
    level = settings.get("simplify")
    if level is not None:
        scene.render.use_simplify, scene.render.simplify_subdivision = True, level
    scene.frame_set(int(settings["frame"]), subframe=settings.get("subframe", 0.0))


Piece = tuple[bpy.types.Mesh, str, Matrix]
"""A mesh of its own, the name it goes by, and where it stands."""


def surfaces(obj: bpy.types.Object, world: Matrix, *, apply: bool = True) -> list[Piece]:
    """What is seen of an object that stands at ``world``: its own surface and those of others."""
    own = [(own_mesh(obj, apply=apply), obj.name, world)] if obj.type in GEOMETRY else []
    return [*own, *_instances(obj, world, apply=apply)]


def own_mesh(obj: bpy.types.Object, *, apply: bool = True) -> bpy.types.Mesh:
    """The object's own surface; without ``apply`` as it is when all modifiers are off."""
    if not apply:
        for modifier in obj.modifiers:
            modifier.show_viewport = False
    depsgraph = bpy.context.evaluated_depsgraph_get()
    return _mesh_of(obj.evaluated_get(depsgraph), depsgraph)


def _mesh_of(shown: bpy.types.Object, depsgraph: bpy.types.Depsgraph) -> bpy.types.Mesh:
    made = bpy.data.meshes.new_from_object(
        shown, preserve_all_data_layers=True, depsgraph=depsgraph
    )
    if made is None:
        raise ExportFailed("{name} has no surface.", name=shown.name)
    _take_over_materials(shown, made)
    return made


def _take_over_materials(shown: bpy.types.Object, mesh: bpy.types.Mesh) -> None:
    """Give the mesh the materials that the object has in place of its data's."""
    for index, slot in enumerate(shown.material_slots):
        if slot.link != "OBJECT":
            continue
        while len(mesh.materials) <= index:
            mesh.materials.append(None)
        material = slot.material
        own = None if material is None else material.original
        mesh.materials[index] = own


def _instances(obj: bpy.types.Object, world: Matrix, *, apply: bool) -> list[Piece]:
    """What the object shows of others: collections, particles, geometry nodes."""
    if obj.instance_type == "NONE" and not (apply and obj.modifiers):
        return []
    depsgraph = bpy.context.evaluated_depsgraph_get()
    found: list[Piece] = []
    for instance in depsgraph.object_instances:
        shown, parent = instance.object, instance.parent
        if not instance.is_instance or parent is None or parent.original != obj:
            continue
        if shown is not None and shown.type in GEOMETRY:
            placed = world @ parent.matrix_world.inverted_safe() @ instance.matrix_world
            found.append((_mesh_of_instance(shown, depsgraph), shown.name, placed))
    return found


def _mesh_of_instance(shown: bpy.types.Object, depsgraph: bpy.types.Depsgraph) -> bpy.types.Mesh:
    """Surface of an instance, which of geometry nodes is another than that of its object."""
    whole = present(shown.original, "original").evaluated_get(depsgraph)
    if shown.data is None or shown.type != "MESH" or shown.data == whole.data:
        return _mesh_of(shown, depsgraph)
    mesh = copy_of(mesh_of(shown))
    for index, material in enumerate(mesh.materials):
        if material is not None:
            mesh.materials[index] = material.original
    return mesh


def _plain_object(mesh: bpy.types.Mesh, name: str, world: Matrix) -> bpy.types.Object:
    """An object that is nothing but the mesh, with its transform applied."""
    bake(mesh, world)
    mesh.name = name
    return bpy.data.objects.new(name, mesh)


def bake(mesh: bpy.types.Mesh, world: Matrix) -> None:
    """Apply a matrix to a mesh, which then has no shape keys any more."""
    if mesh.shape_keys is not None:
        keyed = bpy.data.objects.new(mesh.name, mesh)
        keyed.shape_key_clear()
        bpy.data.objects.remove(keyed)
    reshape.transform(mesh, world)


def _keep_only(made: Sequence[bpy.types.Object]) -> None:
    scene = scene_of(bpy.context)
    names = [obj.data.name for obj in made if obj.data is not None]
    bpy.data.batch_remove([obj for obj in bpy.data.objects if obj not in made])
    for obj, name in zip(made, names, strict=True):
        obj.name = name
        scene.collection.objects.link(obj)


FLAT: Final = {"PNG", "JPEG", "WEBP"}
"""Kinds of files that go into the model as they are."""


def _flatten_floats() -> None:
    """Let pictures of light, as EXR has them, be ordinary ones.

    The exporter writes their numbers as they are, which is darker than they are seen.
    """
    import numpy as np

    for image in list(bpy.data.images):
        is_color = image.is_float and not color_space_of(image).is_data
        if not is_color or image.file_format in FLAT or image.channels != 4:  # noqa: PLR2004
            continue
        width, height = size_of(image)
        light: Any = np.empty(width * height * 4, dtype=np.float32)
        pixels_of(image).foreach_get(light)
        light = np.clip(light, 0.0, 1.0).reshape(-1, 4)
        light[:, :3] = to_srgb(light[:, :3])
        flat = bpy.data.images.new(image.name, width, height, alpha=True)
        pixels_of(flat).foreach_set(light.ravel())
        flat.pack()
        image.user_remap(flat)


def _write(to: Path) -> None:
    try:
        _call(
            bpy.ops.export_scene.gltf,
            filepath=str(to),
            export_format="GLB",
            export_apply=False,
            export_animations=False,
            export_skins=False,
            export_morph=False,
            export_cameras=False,
            export_lights=False,
            export_extras=False,
            export_yup=True,
        )
    except RuntimeError as error:
        reason = own_words(error) or type(error).__name__
        raise ExportFailed("Blender could not export the model: {error}", error=reason) from error


def _call(operator: Any, **options: Any) -> None:
    """Call an exporter with those options that this Blender version has."""
    known = operator.get_rna_type().properties
    operator(**{name: value for name, value in options.items() if name in known})

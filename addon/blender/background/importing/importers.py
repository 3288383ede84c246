"""Reading model files with Blender's own importers.

No importer sees a file that names anything but the model's own files: see ``file_references``.
"""

import gc
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import bpy

from ...model.failure import PreparationFailed
from ...model.names import OURS
from . import (
    caches,
    contents,
    gltf_references,
    obj_references,
    ply_header,
    stl_count,
    unreadable,
    usd_references,
    wavefront,
)
from .file_references import OwnFiles

Importer = Callable[[Path, OwnFiles], None]
"""Takes a file that names own files only, and notes in ``OwnFiles`` what it leaves out."""

Confine = Callable[[Path, OwnFiles, Path], Path]


def choices(files: Sequence[Path]) -> list[list[Path]]:
    """The files to import, and those to fall back on: the format that carries most first.

    Several together are the parts of one model: those of one format. Raises PreparationFailed if
    there is no model among the files.
    """
    found: list[list[Path]] = []
    for suffix in (*IMPORTERS, *unreadable.NO_IMPORTER):
        of_format = [file for file in files if file.suffix.lower() == suffix]
        found += [of_format] if of_format else []
    if not found:
        names = ", ".join(file.name for file in files) or "nothing"
        raise PreparationFailed(
            "No model Blender can read was delivered (got {names}).",
            names=names,
            hint="The files are kept in the job's folder.",
        )
    unique = {tuple(group): group for group in found}  # USD may be in both
    return list(unique.values())


def import_model(file: Path, own: OwnFiles, *, normals: bool = True) -> None:
    """Import ``file`` into the open scene; raises PreparationFailed.

    What it names and may not is noted in ``own``. Without ``normals`` those of the file may be
    missing, where that is faster.
    """
    if not file.is_file():
        raise PreparationFailed(
            "{name} is not there any more.", name=file.name, hint="Download the result again."
        )
    kind = contents.kind_of(file)
    if not _is_read(kind):
        raise unreadable.no_importer(file, kind)
    before = set(bpy.data.user_map())
    try:
        with tempfile.TemporaryDirectory(prefix="studio3d-") as scratch:
            confine = CONFINE.get(kind)
            checked = file if confine is None else confine(file, own, Path(scratch))
            importers = IMPORTERS if normals else IMPORTERS | WITHOUT_NORMALS
            importers[kind](checked, own)
            if checked.stat().st_size >= LARGE:
                gc.collect()
    except RuntimeError as error:
        raise unreadable.explained(file, kind, error) from error
    # What is there already may have marks, but for scenes: files add to the open one.
    _drop_our_marks(set(bpy.data.user_map()) - before | set(bpy.data.scenes))
    # Importers are content with files that were cut off or hold something else.
    made = [obj for obj in bpy.data.objects if obj not in before]
    meshes = [obj.data for obj in made if isinstance(obj.data, bpy.types.Mesh)]
    if not made or (meshes and not any(mesh.vertices for mesh in meshes)):
        raise unreadable.explained(file, kind, None)
    if meshes and not any(mesh.polygons for mesh in meshes):
        own.leave_out(NO_FACES, file.name)


LARGE: Final = 16 * 1024**2
"""Bytes of a file that is not to stay in memory: what an importer in Python has read refers to
itself, and would be there to the end. To look for it takes hundredths of a second."""


def _drop_our_marks(items: Iterable[bpy.types.ID]) -> None:
    """Take off what files say in our own properties: nobody but us says whose result a thing is."""
    for item in items:
        for name in [key for key in item.keys() if key.startswith(OURS)]:  # noqa: SIM118
            del item[name]


NO_FACES: Final = "{name} has no faces, only points or lines: it may have been cut off."


def _import_gltf(file: Path, _own: OwnFiles, *, shading: str = "NORMALS") -> None:
    _call(
        bpy.ops.import_scene.gltf,
        filepath=str(file),
        merge_vertices=False,
        import_shading=shading,
        import_pack_images=True,
        import_scene_extras=False,
        disable_bone_shape=True,
    )


def _import_obj(file: Path, own: OwnFiles) -> None:
    before = set(bpy.data.materials)
    _call(bpy.ops.wm.obj_import, filepath=str(file), validate_meshes=True)
    wavefront.complete_materials(file, own, set(bpy.data.materials) - before)


def _import_fbx(file: Path, _own: OwnFiles) -> None:
    if _has("fbx_import"):  # Blender 4.5 and later
        _call(bpy.ops.wm.fbx_import, filepath=str(file))
        _count_users()
    else:
        _call(bpy.ops.import_scene.fbx, filepath=str(file))


def _import_ply(file: Path, _own: OwnFiles) -> None:
    _call(bpy.ops.wm.ply_import, filepath=str(file))


def _import_stl(file: Path, _own: OwnFiles) -> None:
    _call(bpy.ops.wm.stl_import, filepath=str(file))


def _import_usd(file: Path, own: OwnFiles) -> None:
    before = set(bpy.data.objects)
    # Packed are the pictures of a USDZ and no others: see ``own_pictures`` for the rest.
    _call(bpy.ops.wm.usd_import, filepath=str(file), import_textures_mode="IMPORT_PACK")
    caches.to_keys([obj for obj in bpy.data.objects if obj not in before], own)


IMPORTERS: Final[dict[str, Importer]] = {
    ".glb": _import_gltf,
    ".gltf": _import_gltf,
    ".fbx": _import_fbx,
    ".obj": _import_obj,
    ".ply": _import_ply,
    ".stl": _import_stl,
    ".usdz": _import_usd,
    ".usdc": _import_usd,
    ".usda": _import_usd,
    ".usd": _import_usd,
}
"""By file name suffix, the format that carries most first."""

WITHOUT_NORMALS: Final[dict[str, Importer]] = dict.fromkeys(
    (".glb", ".gltf"), partial(_import_gltf, shading="SMOOTH")
)

CONFINE: Final[Mapping[str, Confine]] = {
    ".glb": gltf_references.confined,
    ".gltf": gltf_references.confined,
    ".obj": obj_references.confined,
    ".ply": ply_header.checked,
    ".stl": stl_count.mended,
    ".usdz": usd_references.confined,
    ".usdc": usd_references.confined,
    ".usda": usd_references.confined,
    ".usd": usd_references.confined,
}
"""What makes of a file one that names nothing but own files, or raises PreparationFailed.

FBX cannot be rewritten, and names pictures only: what it brings in is looked at afterwards, see
``own_pictures``. PLY and STL name nothing, but announce how much they hold.
"""


def _is_read(kind: str) -> bool:
    """Whether this Blender has an importer: some are built without USD."""
    if kind not in IMPORTERS:
        return False
    return IMPORTERS[kind] is not _import_usd or _has("usd_import")


def _has(operator: str) -> bool:
    """Whether ``bpy.ops.wm`` has it; asking for one gives something in any case."""
    return operator in dir(bpy.ops.wm)


def _call(operator: Any, **options: Any) -> None:
    """Call an importer with those options that this Blender version has."""
    known = operator.get_rna_type().properties
    operator(**{name: value for name, value in options.items() if name in known})


def _count_users() -> None:
    """Let meshes know how many objects share them: the FBX importer of Blender 4.5 counts one.

    Such a mesh would be changed as if it were one object's own, or deleted with one of them.
    """
    uses = Counter(obj.data for obj in bpy.data.objects if isinstance(obj.data, bpy.types.Mesh))
    for mesh, users in uses.items():
        if users > mesh.users:
            _replace(mesh)


def _replace(mesh: bpy.types.Mesh) -> None:
    """By a copy, whose users are counted as it takes the place of the mesh."""
    copy: Any = mesh.copy()
    keys = mesh.shape_keys
    name, keys_name = mesh.name, None if keys is None else keys.name
    mesh.user_remap(copy)
    bpy.data.meshes.remove(mesh)
    copy.name = name
    if keys_name is not None:
        copy.shape_keys.name = keys_name

"""Reading model files with Blender's own importers.

No importer sees a file that names anything but the model's own files: see ``file_references``.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import bpy

from . import gltf_extensions, gltf_references, obj_references, wavefront
from .failure import PreparationFailed
from .file_references import OwnFiles

Importer = Callable[[Path], None]
Confine = Callable[[Path, OwnFiles, Path], Path]

UNREADABLE: Final = "{name} cannot be read: {reason}."
DAMAGED_HINT: Final = "The file may be damaged. Download it again, or send the job again."


def choose(files: Sequence[Path]) -> list[Path]:
    """Return the files to import: of the format that carries most, those beside the first one.

    Several are the parts of one model.
    """
    for suffix in IMPORTERS:
        found = [file for file in files if file.suffix.lower() == suffix]
        if found:
            return [file for file in found if file.parent == found[0].parent]
    names = ", ".join(file.name for file in files) or "nothing"
    raise PreparationFailed(
        "No model Blender can read was delivered (got {names}).",
        names=names,
        hint="The files are kept in the job's folder.",
    )


def import_model(file: Path, own: OwnFiles) -> None:
    """Import ``file`` into the open scene; raises PreparationFailed.

    What it names and may not is noted in ``own``.
    """
    if not file.is_file():
        raise PreparationFailed(
            "{name} is not there any more.", name=file.name, hint="Download the result again."
        )
    before, materials = len(bpy.data.objects), set(bpy.data.materials)
    suffix = file.suffix.lower()
    try:
        with tempfile.TemporaryDirectory(prefix="studio3d-") as scratch:
            confine = CONFINE.get(suffix)
            checked = file if confine is None else confine(file, own, Path(scratch))
            IMPORTERS[suffix](checked)
            if suffix == ".obj":
                wavefront.complete_materials(checked, own, set(bpy.data.materials) - materials)
    except RuntimeError as error:
        message, hint = gltf_extensions.why_unreadable(file) or (UNREADABLE, DAMAGED_HINT)
        reason = _own_words(error)
        raise PreparationFailed(message, name=file.name, reason=reason, hint=hint) from error
    if len(bpy.data.objects) == before:
        raise PreparationFailed(
            "{name} is empty or cannot be read.", name=file.name, hint=DAMAGED_HINT
        )


def _own_words(error: RuntimeError) -> str:
    """What an importer reports, for example "Error: Bad glTF: json error", or where it broke."""
    lines = str(error).removeprefix("Error: ").strip().splitlines()
    # Blender closes a traceback with the line of ours that called it, which says nothing to anyone.
    said = [line for line in lines if line.strip() and not line.startswith("Location: ")]
    if not said:
        return "the importer did not say why"
    return (said[-1] if "Traceback" in said[0] else said[0]).rstrip(".")


def _import_gltf(file: Path) -> None:
    _call(
        bpy.ops.import_scene.gltf,
        filepath=str(file),
        merge_vertices=False,
        import_shading="NORMALS",
        import_pack_images=True,
        import_scene_extras=False,
        disable_bone_shape=True,
    )


def _import_obj(file: Path) -> None:
    _call(bpy.ops.wm.obj_import, filepath=str(file), validate_meshes=True)


def _import_fbx(file: Path) -> None:
    if hasattr(bpy.types, "WM_OT_fbx_import"):
        _call(bpy.ops.wm.fbx_import, filepath=str(file))
    else:
        _call(bpy.ops.import_scene.fbx, filepath=str(file))


def _import_ply(file: Path) -> None:
    _call(bpy.ops.wm.ply_import, filepath=str(file))


def _import_stl(file: Path) -> None:
    _call(bpy.ops.wm.stl_import, filepath=str(file))


IMPORTERS: Final[Mapping[str, Importer]] = {
    ".glb": _import_gltf,
    ".gltf": _import_gltf,
    ".fbx": _import_fbx,
    ".obj": _import_obj,
    ".ply": _import_ply,
    ".stl": _import_stl,
}
"""By file name suffix, the format that carries most first."""

CONFINE: Final[Mapping[str, Confine]] = {
    ".glb": gltf_references.confined,
    ".gltf": gltf_references.confined,
    ".obj": obj_references.confined,
}
"""What makes of a file one that names nothing but own files.

FBX cannot be rewritten: what it brings in is looked at afterwards, see ``own_pictures``. PLY and
STL name nothing.
"""


def _call(operator: Any, **options: Any) -> None:
    """Call an importer with those options that this Blender version has."""
    known = operator.get_rna_type().properties
    operator(**{name: value for name, value in options.items() if name in known})

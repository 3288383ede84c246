"""Reading model files with Blender's own importers."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import bpy

from . import gltf_extensions, wavefront
from .failure import PreparationFailed

Importer = Callable[[Path], None]

UNREADABLE: Final = "{name} cannot be read: {reason}."
DAMAGED_HINT: Final = "The file may be damaged. Download it again, or send the job again."


def choose(files: Sequence[Path]) -> Path:
    """Return the file to import: the format that carries most, then the first one given."""
    for suffix in IMPORTERS:
        for file in files:
            if file.suffix.lower() == suffix:
                return file
    names = ", ".join(file.name for file in files) or "nothing"
    raise PreparationFailed(
        "No model Blender can read was delivered (got {names}).",
        names=names,
        hint="The files are kept in the job's folder.",
    )


def import_model(file: Path) -> None:
    """Import ``file`` into the open scene; raises PreparationFailed."""
    if not file.is_file():
        raise PreparationFailed(
            "{name} is not there any more.", name=file.name, hint="Download the result again."
        )
    before = len(bpy.data.objects)
    try:
        IMPORTERS[file.suffix.lower()](file)
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
    return (lines[-1] if "Traceback" in lines[0] else lines[0]).rstrip(".")


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
    wavefront.complete_materials(file)


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


def _call(operator: Any, **options: Any) -> None:
    """Call an importer with those options that this Blender version has."""
    known = operator.get_rna_type().properties
    operator(**{name: value for name, value in options.items() if name in known})

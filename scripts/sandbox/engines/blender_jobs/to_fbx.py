"""GLB or OBJ in, FBX out, with the textures inside the file or beside it."""

from pathlib import Path
from typing import Any

import bpy

from . import scenes

Refused = scenes.Refused


def run(request: dict[str, Any]) -> dict[str, Any]:
    """``source``, ``target`` and ``textures`` (a folder to write pictures to) are paths.

    With ``embed`` the pictures are in the file too; otherwise it refers to the folder.

    The answer's ``quads`` and ``polygons`` count what the file holds.
    """
    scenes.start_empty()
    meshes = scenes.import_model(request["source"])
    _write_textures(Path(request["textures"]))
    embed = bool(request["embed"])
    bpy.ops.export_scene.fbx(
        filepath=request["target"],
        path_mode="COPY" if embed else "RELATIVE",
        embed_textures=embed,
        mesh_smooth_type="FACE",
    )
    corners = [count for mesh in meshes for count in _corner_counts(mesh)]
    return {"polygons": len(corners), "quads": corners.count(4)}


def _corner_counts(mesh: bpy.types.Object) -> list[int]:
    data = mesh.data
    return [p.loop_total for p in data.polygons] if isinstance(data, bpy.types.Mesh) else []


def _write_textures(folder: Path) -> None:
    """Give every picture a file: the exporter takes packed ones without a name for the same."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, image in enumerate(bpy.data.images):
        if not image.has_data and image.packed_file is None:
            continue
        if image.file_format != "JPEG":
            image.file_format = "PNG"
        suffix = ".jpg" if image.file_format == "JPEG" else ".png"
        path = folder / f"texture_{number}{suffix}"
        image.save(filepath=str(path))
        if image.packed_file is not None:
            image.unpack(method="REMOVE")
        image.filepath = str(path)

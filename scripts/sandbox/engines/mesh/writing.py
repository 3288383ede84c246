"""A scene as a file in any of the service's formats."""

import tempfile
from pathlib import Path
from typing import Any

import trimesh
from trimesh.exchange.obj import export_obj

from scripts.sandbox.engines.blender_run import run_job
from scripts.sandbox.engines.mesh import archives, parts, usd
from scripts.sandbox.engines.mesh.quads import joined_lines
from scripts.sandbox.engines.mesh.sizes import Z_UP

ARCHIVE_FORMATS = frozenset({"obj_zip", "fbx_zip"})
WITHOUT_COLOURS = frozenset({"obj", "stl", "3mf"})
_MILLIMETRES = 1000.0


def save(
    scene: trimesh.Scene,
    output_format: str,
    folder: Path,
    stem: str = "model",
    *,
    sized: bool = False,
    quads: bool = False,
) -> Path:
    """Write ``stem`` in ``output_format`` (the contract's names) into ``folder``; the file's path.

    ``sized`` says that the dimensions were asked for: STL, which knows no unit, then carries
    millimetres as slicers expect. 3MF always does; all others are in metres. ``quads`` joins
    triangles that come in pairs, in OBJ and FBX.
    """
    suffix = "zip" if output_format in ARCHIVE_FORMATS else output_format
    target = folder / f"{stem}.{suffix}"
    match output_format:
        case "glb":
            _write(target, scene.export(file_type="glb"))
        case "obj":
            text = export_obj(parts.bare(scene), include_texture=False)
            _write(target, joined_lines(text) if quads else text)
        case "obj_zip":
            archives.pack(target, obj_files(scene, stem, quads=quads))
        case "stl":
            _write_standing(target, parts.bare(scene), _MILLIMETRES if sized else 1.0)
        case "ply":
            coloured = [parts.with_vertex_colours(mesh) for mesh in parts.placed(scene)]
            _write_standing(target, parts.concatenated(coloured), 1.0)
        case "3mf":
            _write_standing(target, parts.bare(scene), _MILLIMETRES)
        case "usdz":
            usd.write_usdz(scene, target)
        case "fbx" | "fbx_zip":
            save_fbx(scene, folder, stem, beside=output_format == "fbx_zip", quads=quads)
        case _:
            raise ValueError(f"no such output format: {output_format}")
    return target


class _AsPlaced(trimesh.Scene):
    """A scene that hands out its meshes themselves: copied pictures forget that they are JPEG."""

    def __init__(self, meshes: list[trimesh.Trimesh]) -> None:
        super().__init__()
        self._placed = meshes

    def dump(self, concatenate: bool = False) -> list[Any]:
        return self._placed


def obj_files(
    scene: trimesh.Scene, stem: str, *, scale: float = 1.0, quads: bool = False
) -> dict[str, bytes]:
    """OBJ, MTL and textures by file name, coordinates multiplied by ``scale``."""
    meshes = parts.placed(scene)
    for mesh in meshes:
        mesh.apply_scale(scale)
    text, extra = export_obj(_AsPlaced(meshes), return_texture=True, mtl_name=f"{stem}.mtl")
    return {f"{stem}.obj": (joined_lines(text) if quads else text).encode(), **extra}


def save_fbx(
    scene: trimesh.Scene, folder: Path, stem: str, *, beside: bool = False, quads: bool = False
) -> tuple[Path, dict[str, int]]:
    """FBX through Blender; ``beside`` packs it into a ZIP with its textures next to it.

    ``quads`` joins triangles that come in pairs. Also returns how many ``polygons`` and, of these,
    ``quads`` the file holds.
    """
    with tempfile.TemporaryDirectory(prefix="studio3d-fbx-") as name:
        work = Path(name)
        source = _with_quads(scene, work) if quads else _without_quads(scene, work)
        target = (work if beside else folder) / f"{stem}.fbx"
        textures = work / "textures"
        counts = run_job(
            "to_fbx",
            {
                "source": str(source),
                "target": str(target.resolve()),
                "textures": str(textures),
                "embed": not beside,
            },
        )
        if not beside:
            return target, counts
        files: dict[str, bytes | Path] = {target.name: target}
        files |= {f"textures/{p.name}": p for p in sorted(textures.iterdir())}
        return archives.pack(folder / f"{stem}.zip", files), counts


def _with_quads(scene: trimesh.Scene, folder: Path) -> Path:
    """OBJ with its textures beside it: glTF could not tell Blender about quads."""
    for name, content in obj_files(scene, "model", quads=True).items():
        (folder / name).write_bytes(content)
    return folder / "model.obj"


def _without_quads(scene: trimesh.Scene, folder: Path) -> Path:
    return _write(folder / "model.glb", scene.export(file_type="glb"))


def _write_standing(target: Path, mesh: trimesh.Trimesh, scale: float) -> None:
    """With Z up, as STL, PLY and 3MF have it."""
    mesh.apply_transform(Z_UP)
    mesh.apply_scale(scale)
    _write(target, mesh.export(file_type=target.suffix[1:]))


def _write(path: Path, data: Any) -> Path:
    """``data`` is text or bytes, whichever trimesh's exporter makes."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path

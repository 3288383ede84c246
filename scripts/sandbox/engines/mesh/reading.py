"""Any model file the service takes, as a trimesh scene in metres with Y up."""

import tempfile
import zipfile
from pathlib import Path

import trimesh

from scripts.sandbox.engines.blender_run import run_job
from scripts.sandbox.engines.mesh import archives, parts, usd
from scripts.sandbox.engines.mesh.sizes import Z_UP
from scripts.sandbox.work import EngineFailed

_Y_UP_FILES = (".glb", ".gltf", ".obj")
_Z_UP_FILES = (".stl", ".ply", ".3mf")
_USD_FILES = (".usdz", ".usd", ".usda", ".usdc")
READABLE = (*_Y_UP_FILES, *_Z_UP_FILES, *_USD_FILES, ".fbx")

_MAGIC = {b"glTF": ".glb", b"Kaydara FBX Binary": ".fbx", b"PXR-USDC": ".usdc", b"ply": ".ply"}


def load(path: Path) -> trimesh.Scene:
    """Read GLB, glTF, OBJ, STL, PLY, 3MF, FBX, USD or a ZIP with one of them.

    EngineFailed when the file is none of these, damaged, or without a single triangle.
    """
    scene = _load(path)
    meshes = parts.placed(scene)
    if not meshes:
        raise EngineFailed("The model holds no triangles.")
    return parts.assembled(_uniquely_named(meshes))


def _load(path: Path) -> trimesh.Scene:
    kind = _kind(path)
    if kind == ".zip":
        with tempfile.TemporaryDirectory(prefix="studio3d-zip-") as folder:
            return _load(archives.unpack(path, Path(folder), READABLE))
    if kind in _USD_FILES:
        return usd.read(path)
    if kind == ".fbx":
        with tempfile.TemporaryDirectory(prefix="studio3d-fbx-") as folder:
            target = Path(folder) / "model.glb"
            run_job("to_glb", {"source": str(path.resolve()), "target": str(target)})
            return _load(target)
    if kind not in READABLE:
        raise EngineFailed(f"Models of type '{kind or path.name}' are not supported.")
    return _load_plain(path, kind)


def _load_plain(path: Path, kind: str) -> trimesh.Scene:
    try:
        # An uploaded STL or OBJ shares positions only after merging; the others bring their own.
        scene = trimesh.load_scene(path, file_type=kind[1:], process=kind in {".stl", ".obj"})
    except (ValueError, KeyError, IndexError, TypeError, OSError, zipfile.BadZipFile) as error:
        raise EngineFailed(f"The {kind[1:].upper()} file could not be read: {error}") from error
    if kind in _Z_UP_FILES and scene.geometry:
        scene.apply_transform(Z_UP.T)
        if kind == ".3mf":
            scene.apply_scale(0.001)
    return scene


def _kind(path: Path) -> str:
    """The file name's suffix, or what the first bytes say when the name tells nothing."""
    suffix = path.suffix.lower()
    if suffix in READABLE or suffix == ".zip":
        return suffix
    with path.open("rb") as file:
        head = file.read(32)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    return ".zip" if head.startswith(b"PK\x03\x04") else suffix


def _uniquely_named(meshes: list[trimesh.Trimesh]) -> list[trimesh.Trimesh]:
    taken: set[str] = set()
    for mesh in meshes:
        name = base = mesh.metadata["name"]
        number = 1
        while name in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name)
        mesh.metadata["name"] = name
    return meshes

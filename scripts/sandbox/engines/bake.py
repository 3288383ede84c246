"""Bake texture: the look of one model on the geometry of another."""

import tempfile
from pathlib import Path
from typing import Any

import trimesh
from PIL import Image
from trimesh.visual.material import PBRMaterial

from scripts.sandbox.engines.account import sentence
from scripts.sandbox.engines.blender_run import run_job
from scripts.sandbox.engines.mesh import parts, reading, sizes
from scripts.sandbox.work import Result, Work

_MOST_BAKED = 2048


def bake(work: Work) -> list[Result]:
    """``retopo`` with the colours of ``original`` and a normal map of its relief."""
    resolution = int(work.parameters["texture_resolution"])
    baked = min(resolution, _MOST_BAKED)
    with tempfile.TemporaryDirectory(prefix="studio3d-bake-") as name:
        folder = Path(name)
        request: dict[str, Any] = {
            "target": str(folder / "baked.glb"),
            "colour": str(folder / "colour.png"),
            "normal": str(folder / "normal.png"),
            "size": baked,
        }
        for role in ("original", "retopo"):
            path = folder / f"{role}.glb"
            path.write_bytes(reading.load(work.files[role]).export(file_type="glb"))
            request[role] = str(path)
        done = run_job("bake", request, seconds=180.0)
        scene = reading.load(Path(request["target"]))
        material = PBRMaterial(
            name="baked",
            baseColorTexture=_texture(Path(request["colour"]), resolution),
            normalTexture=_texture(Path(request["normal"]), resolution),
            metallicFactor=0.0,
            roughnessFactor=0.8,
        )
    for mesh in scene.geometry.values():
        visual: Any = mesh.visual
        visual.material = material
    path = work.folder / "baked.glb"
    path.write_bytes(scene.export(file_type="glb"))
    return [Result(path, "3D_MODEL", _note(scene, baked, resolution, done["unwrapped"]))]


def _texture(path: Path, resolution: int) -> Image.Image:
    with Image.open(path) as picture:
        size = (resolution, resolution)
        sized = picture if picture.size == size else picture.resize(size, Image.Resampling.BICUBIC)
        return parts.as_jpeg(sized)


def _note(scene: trimesh.Scene, baked: int, resolution: int, unwrapped: bool) -> dict[str, Any]:
    steps = [f"colours and normals baked by Blender's Cycles at {baked} x {baked}"]
    if resolution != baked:
        steps.append(f"enlarged to {resolution} x {resolution}")
    if unwrapped:
        steps.append("new UVs, since the retopo had none")
    return {"sandbox": sentence(*steps), "triangles": sizes.triangle_count(scene)}

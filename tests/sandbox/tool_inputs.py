"""Small models and pictures for the tool engines, and outside checks of what comes back."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image, ImageDraw
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from scripts.sandbox.engines.blender_run import find_blender
from scripts.sandbox.work import EngineFailed, Work


def _blender_missing() -> bool:
    try:
        find_blender()
    except EngineFailed:
        return True
    return False


needs_blender = pytest.mark.skipif(_blender_missing(), reason="no Blender on this machine")


def work(kind: str, folder: Path, files: Mapping[str, Path], parameters: Mapping[str, Any]) -> Work:
    """A task whose results go into ``folder``/out."""
    out = folder / "out"
    out.mkdir(exist_ok=True)
    return Work(kind, parameters, files, out)


def textured_box(
    colour: str, name: str = "box", extents: tuple[float, float, float] = (1.0, 2.0, 0.5)
) -> trimesh.Trimesh:
    """A box whose six sides show the whole picture: one colour with a white corner."""
    picture = Image.new("RGB", (64, 64), colour)
    picture.paste("white", (0, 0, 16, 16))
    box: trimesh.Trimesh = trimesh.creation.box(extents)
    box.unmerge_vertices()
    uv = np.tile([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]], (len(box.faces), 1))
    material = PBRMaterial(
        name=f"{name}_paint", baseColorTexture=picture, metallicFactor=0.0, roughnessFactor=0.9
    )
    box.visual = TextureVisuals(uv, material=material)
    box.metadata["name"] = name
    return box


def textured_ball(colour: str, subdivisions: int = 3) -> trimesh.Trimesh:
    """A unit ball unwrapped by longitude and latitude; upper half ``colour``, lower half white."""
    picture = Image.new("RGB", (128, 64), colour)
    picture.paste("white", (0, 32, 128, 64))
    ball: trimesh.Trimesh = trimesh.creation.icosphere(subdivisions=subdivisions)
    ball.unmerge_vertices()
    x, y, z = ball.vertices.T
    uv = np.stack([np.arctan2(z, x) / (2 * np.pi) + 0.5, np.arcsin(y.clip(-1, 1)) / np.pi + 0.5], 1)
    # Triangles across the back would otherwise show the whole picture.
    corners = uv.reshape(-1, 3, 2)
    wraps = np.ptp(corners[:, :, 0], axis=1) > 0.5
    corners[wraps, :, 0] = np.where(corners[wraps, :, 0] < 0.5, corners[wraps, :, 0] + 1, 0.99)
    material = PBRMaterial(baseColorTexture=picture, metallicFactor=0.0, roughnessFactor=1.0)
    ball.visual = TextureVisuals(corners.reshape(-1, 2).clip(0, 1), material=material)
    return ball


def write_glb(path: Path, *meshes: trimesh.Trimesh) -> Path:
    scene = trimesh.Scene()
    for number, mesh in enumerate(meshes):
        name = mesh.metadata.get("name", f"part_{number}")
        scene.add_geometry(mesh, node_name=name, geom_name=name)
    path.write_bytes(scene.export(file_type="glb"))
    return path


def apple_picture(path: Path, size: tuple[int, int] = (160, 120)) -> Path:
    """A red disc with a highlight in the middle of a smooth pale blue background."""
    picture = Image.new("RGB", size, (190, 205, 225))
    draw = ImageDraw.Draw(picture)
    x, y, r = size[0] // 2, size[1] // 2, min(size) // 3
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(190, 25, 30))
    draw.ellipse((x - r // 2, y - r // 2, x - r // 4, y - r // 4), fill=(230, 120, 120))
    picture.save(path)
    return path


def program(name: str, variable: str) -> str | None:
    """An outside checker: named by an environment variable or found on PATH."""
    return os.environ.get(variable) or shutil.which(name)

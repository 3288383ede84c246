"""Looks at result files with programs that are neither ours nor the sandbox's engines."""

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import av
import trimesh
from PIL import Image

from tests.patience import seconds

VALIDATOR = Path(__file__).resolve().parent / "gltf_validator.cjs"


def validated_glb(path: Path) -> trimesh.Scene:
    """The GLB's scene, after the Khronos validator has found no error in it."""
    done = subprocess.run(
        ["node", str(VALIDATOR), str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds(60),
    )
    report = json.loads(done.stdout)
    assert report["errors"] == 0, report["first"]
    return trimesh.load_scene(path)


def picture_size(path: Path) -> tuple[int, int]:
    """(width, height) of a picture that decodes completely."""
    with Image.open(path) as picture:
        picture.load()
        return picture.size


def video_frames(path: Path) -> int:
    """How many frames of the video decode."""
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def archive_names(path: Path) -> list[str]:
    """Names in a ZIP whose every entry can be read."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def texture_of(scene: trimesh.Scene) -> Any:
    """The base colour texture of the scene's first mesh, or None."""
    mesh = next(iter(scene.geometry.values()))
    return getattr(getattr(mesh.visual, "material", None), "baseColorTexture", None)

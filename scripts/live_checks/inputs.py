"""The small picture and model that steps send."""

from dataclasses import dataclass
from pathlib import Path

PROMPT = "a plain wooden cube"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Local files, by path."""

    picture: str
    model: str


def write_inputs(folder: Path) -> Inputs:
    """A red block on a light ground, 256 px, and a textured ball of 320 triangles."""
    import numpy as np  # late: --list and --help need no libraries
    import trimesh
    from PIL import Image
    from trimesh.visual import TextureVisuals
    from trimesh.visual.material import PBRMaterial

    picture, model = folder / "picture.png", folder / "model.glb"
    pixels = np.full((256, 256, 3), 235, dtype=np.uint8)
    pixels[50:230, 90:170] = (170, 60, 50)
    Image.fromarray(pixels).save(picture)
    ball = trimesh.creation.icosphere(subdivisions=2, radius=0.5)
    material = PBRMaterial(baseColorTexture=Image.fromarray(pixels[::4, ::4]), metallicFactor=0.0)
    ball.visual = TextureVisuals(uv=ball.vertices[:, :2] + 0.5, material=material)
    ball.export(model)
    return Inputs(str(picture), str(model))

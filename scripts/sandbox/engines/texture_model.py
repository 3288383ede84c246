"""New textures on a given model: Tripo texture-model and Tencent texture-edit."""

from pathlib import Path

import numpy as np
import trimesh
from PIL import Image
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from scripts.sandbox.engines.account import sentence
from scripts.sandbox.engines.export import write_glb
from scripts.sandbox.engines.geometry.surface import surface_of
from scripts.sandbox.engines.mesh import parts, reading
from scripts.sandbox.engines.model import Part
from scripts.sandbox.engines.pictures import files
from scripts.sandbox.engines.text_to_model.prompt import read_prompt
from scripts.sandbox.engines.textures.bake import bake
from scripts.sandbox.engines.textures.texels import Colour, Finish
from scripts.sandbox.work import Result, Work

_SIDES = {"standard": 1024, "detailed": 2048}
_PLAIN = Finish("paint", (0.72, 0.7, 0.68))
_STYLE_SHARE = 0.45


def texture_model(work: Work) -> list[Result]:
    """Tripo: prompt or picture, tinted by a style picture."""
    side = _SIDES[str(work.parameters["texture_quality"])]
    return _textured(work, side, pbr=bool(work.parameters["pbr"]))


def texture_edit(work: Work) -> list[Result]:
    """Tencent: an FBX comes back as GLB."""
    return _textured(work, _SIDES["detailed"], pbr=bool(work.parameters["enable_pbr"]))


def _textured(work: Work, side: int, *, pbr: bool) -> list[Result]:
    scene = reading.load(work.files["model"])
    path = work.folder / "textured.glb"
    style = _mean_colour(work.files.get("style_image"))
    if "image" in work.files:
        _project(scene, work.files["image"], style)
        scene.export(path)
        steps = ["picture projected from the front"]
    else:
        prompt = str(work.parameters["prompt"] or "")
        steps = _finish(scene, prompt, style, path, work.side(side), pbr=pbr)
    if style is not None:
        steps.append("tinted by the style picture")
    note = sentence(*steps, "geometry kept", "not a neural texture")
    return [Result(path, "3D_MODEL", {"sandbox": note})]


def _finish(
    scene: trimesh.Scene, prompt: str, style: Colour | None, path: Path, side: int, *, pbr: bool
) -> list[str]:
    """Give every part the procedural material the prompt names."""
    # A noun at the end gives adjectives such as "rusty red" something to belong to.
    look = read_prompt(f"{prompt} box").main
    colour = _mixed(look.colour or _PLAIN.colour, style)
    finish = Finish(look.material or _PLAIN.material, colour)
    built = [
        Part(f"part-{number}", surface_of(mesh), finish)
        for number, mesh in enumerate(parts.placed(scene))
    ]
    write_glb(bake(built, side, pbr=pbr), path, "textured")
    return [f"procedural {finish.material} in the prompt's colour"]


def _project(scene: trimesh.Scene, picture: Path, style: Colour | None) -> None:
    """Lay the picture over the model as seen from the front (+Z)."""
    image = files.on_colour(files.read(picture), (200, 200, 200))
    if style is not None:
        tint = Image.new("RGB", image.size, _bytes(style))
        image = Image.blend(image, tint, _STYLE_SHARE)
    low, high = scene.bounds
    reach = np.maximum(high - low, 1e-9)
    material = PBRMaterial(
        name="textured", baseColorTexture=image, metallicFactor=0.0, roughnessFactor=0.7
    )
    for node in scene.graph.nodes_geometry:
        transform, name = scene.graph[node]
        mesh = scene.geometry[name]
        placed = trimesh.transform_points(mesh.vertices, transform)
        uv = ((placed - low) / reach)[:, :2]
        mesh.visual = TextureVisuals(uv=uv, material=material)


def _mean_colour(picture: Path | None) -> Colour | None:
    if picture is None:
        return None
    small = files.on_colour(files.read(picture), (255, 255, 255)).resize((32, 32))
    red, green, blue = np.asarray(small, dtype=np.float64).reshape(-1, 3).mean(axis=0) / 255
    return float(red), float(green), float(blue)


def _mixed(colour: Colour, style: Colour | None) -> Colour:
    if style is None:
        return colour
    red, green, blue = (
        a * (1 - _STYLE_SHARE) + b * _STYLE_SHARE for a, b in zip(colour, style, strict=True)
    )
    return red, green, blue


def _bytes(colour: Colour) -> tuple[int, int, int]:
    red, green, blue = (round(255 * channel) for channel in colour)
    return red, green, blue

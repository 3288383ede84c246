"""The miniature flow: a photo becomes a styled picture, a figurine, and the figurine to scale."""

from pathlib import Path

import trimesh
from PIL import Image, ImageEnhance

from scripts.sandbox.engines.account import sentence
from scripts.sandbox.engines.export import write_glb
from scripts.sandbox.engines.image_to_model.build import Wishes, build_from_picture
from scripts.sandbox.engines.image_to_model.picture import read_picture
from scripts.sandbox.engines.mesh import archives, reading, writing
from scripts.sandbox.engines.pictures import effects, files
from scripts.sandbox.engines.pictures.cutout import cut_out
from scripts.sandbox.work import Result, Work

_RATIOS = {"z": 220.0, "n": 160.0, "tt": 120.0, "h0": 87.0, "o": 48.0, "g": 22.5}
_REAL_HEIGHTS = {"bust": 0.6, "animal": 0.6, "object": 0.3}
"""Metres the subject of a preset is taken to have; a whole person otherwise."""
_PERSON = 1.75
_CELLS = {"default": 170, "fast": 110}
_PEDESTAL_SHARE = 0.06
_GROUND = (236, 236, 232)


def miniature(work: Work) -> list[Result]:
    """EDITED_IMAGE and 3D_MODEL; with a scale also SCALED_3D_MODEL and ARCHIVE."""
    preset = str(work.parameters["preset"])
    styled = _styled(work, realistic=preset.startswith("realistic"))
    model, steps = _figurine(work, preset)
    note = {"sandbox": sentence(*steps, "not a neural model")}
    results = [
        Result(styled, "EDITED_IMAGE", {"sandbox": "Subject cut out and toned."}),
        Result(model, "3D_MODEL", note),
    ]
    height = _height(work, preset)
    if height is None:
        return results
    scene = reading.load(model)
    scene.apply_scale(height / float(scene.extents[1]))
    scaled = writing.save(scene, "glb", work.folder, "miniature-scaled")
    multiplier = float(work.parameters["obj_scale_multiplier"])
    archive = work.folder / "miniature-scaled.zip"
    archives.pack(archive, writing.obj_files(scene, "miniature", scale=multiplier))
    figures = {**note, "height_m": height}
    return [
        *results,
        Result(scaled, "SCALED_3D_MODEL", figures),
        Result(archive, "ARCHIVE", {**figures, "obj_scale_multiplier": multiplier}),
    ]


def _styled(work: Work, *, realistic: bool) -> Path:
    """The subject on a plain ground, in the colours of painted resin."""
    cut = cut_out(files.read(work.files["image"]), "medium").picture
    picture: Image.Image = files.on_colour(cut, _GROUND)
    picture = ImageEnhance.Color(picture).enhance(1.25)
    if not realistic:
        picture = effects.cartoon(picture)
    return files.write(picture, work.folder, "styled")


def _figurine(work: Work, preset: str) -> tuple[Path, list[str]]:
    wishes = Wishes(
        cells=work.side(_CELLS[str(work.parameters["edition"])]),
        face_count=int(work.parameters.get("face_count") or 500_000),
        texture=work.side(1024),
    )
    solid = build_from_picture(read_picture(work.files["image"]), wishes)
    path = work.folder / "miniature.glb"
    write_glb(solid.mesh, path, "miniature")
    if not preset.startswith("miniature_"):
        return path, [solid.account]
    _on_pedestal(path)
    return path, [solid.account, "standing on a pedestal"]


def _on_pedestal(path: Path) -> None:
    """The first presets come with a round base under the figure."""
    scene = reading.load(path)
    width, height, depth = scene.extents
    tall = _PEDESTAL_SHARE * float(height)
    base = trimesh.creation.cylinder(
        radius=0.6 * float(max(width, depth)), height=tall, sections=96
    )
    base.apply_transform(trimesh.transformations.rotation_matrix(-3.141592653589793 / 2, (1, 0, 0)))
    scene.apply_translation((0, tall, 0))
    # A little into the figure's foot, so that a slicer joins the two.
    base.apply_translation((0, tall / 2 + 0.01 * float(height), 0))
    base.visual = trimesh.visual.TextureVisuals(
        material=trimesh.visual.material.PBRMaterial(
            name="pedestal", baseColorFactor=[60, 56, 54, 255], roughnessFactor=0.6
        )
    )
    scene.add_geometry(base, node_name="pedestal", geom_name="pedestal")
    scene.apply_translation((0, -float(scene.bounds[0][1]), 0))
    scene.export(path)


def _height(work: Work, preset: str) -> float | None:
    """Metres the scaled figurine has; None without a scale."""
    scale = str(work.parameters["scale"])
    if scale == "none":
        return None
    if scale == "custom":
        return float(work.parameters["scale_height_cm"]) / 100
    ratio = _RATIOS.get(scale) or float(scale.removeprefix("1:"))
    real = next((h for word, h in _REAL_HEIGHTS.items() if word in preset), _PERSON)
    return real / ratio

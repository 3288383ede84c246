"""Engines that make a model from a prompt or pictures: "rapid", "pro" and "trellis"."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ..work import EngineFailed, Result, Work
from .export import write_glb, write_obj_zip
from .image_to_model.build import (
    Solid,
    Wishes,
    build_from_picture,
    build_from_sketch,
    build_from_views,
)
from .image_to_model.picture import Picture, read_picture
from .model import Mesh
from .text_to_model.build import build_from_prompt
from .textures.bake import bake
from .thumbnail import write_thumbnail

_RAPID_TEXTURE = 1024
_PRO_TEXTURE = 2048
_TRELLIS_CELLS = {"512": 100, "1024": 150, "1536": 220}


@dataclass(frozen=True, slots=True)
class Made:
    """A finished mesh, a name for its files and one honest sentence about it."""

    mesh: Mesh
    name: str
    account: str

    @property
    def metadata(self) -> dict[str, str]:
        return {"sandbox": self.account}


def rapid(work: Work) -> list[Result]:
    """One ZIP with OBJ, MTL and PNG."""
    made = make(
        work,
        Wishes(
            cells=work.side(110),
            texture=work.side(_RAPID_TEXTURE),
            textured=not work.parameters.get("enable_geometry"),
            pbr=bool(work.parameters.get("enable_pbr")),
        ),
        detail=1.0,
    )
    path = work.folder / f"{made.name}.zip"
    write_obj_zip(made.mesh, path, made.name)
    return [Result(path, "ARCHIVE", dict(made.metadata))]


def pro(work: Work) -> list[Result]:
    """The archive first, then the GLB."""
    values = work.parameters
    kind = values.get("generate_type", "Normal")
    low_poly = kind == "LowPoly"
    wishes = Wishes(
        cells=work.side(90 if low_poly else 170),
        face_count=int(values.get("face_count") or 500_000),
        texture=work.side(_PRO_TEXTURE),
        textured=kind != "Geometry",
        pbr=bool(values.get("enable_pbr")),
        faceted=low_poly,
    )
    made = make(work, wishes, detail=1.6)
    archive, glb = work.folder / f"{made.name}.zip", work.folder / f"{made.name}.glb"
    quads = low_poly and values.get("polygon_type") == "quadrilateral"
    write_obj_zip(made.mesh, archive, made.name, quads=quads)
    write_glb(made.mesh, glb, made.name)
    return [
        Result(archive, "ARCHIVE", dict(made.metadata)),
        Result(glb, "3D_MODEL", dict(made.metadata)),
    ]


def trellis(work: Work) -> list[Result]:
    """A GLB from a picture; geometry only unless ``textures``."""
    values = work.parameters
    resolution = str(values.get("resolution", "1024"))
    picture = _picture(work.files.get("image"))
    digest = hashlib.sha256(picture.colour.tobytes()).digest()
    seed = values.get("seed")
    number = int.from_bytes(digest[:8], "big") if seed is None else int(seed)
    solid = build_from_picture(
        picture,
        Wishes(
            cells=work.side(_TRELLIS_CELLS[resolution]),
            face_count=int(values.get("decimation_target") or 1_000_000),
            texture=work.side(int(values.get("texture_size") or 2048)),
            textured=bool(values.get("textures")),
            pbr=bool(values.get("textures")),
            # The seed is all the variation a silhouette allows.
            depth=0.68 + 0.14 * (number % 1009) / 1008,
        ),
    )
    name = f"trellis2_{resolution}_{int.from_bytes(digest[8:12], 'big') + number % 997:010d}"
    path = work.folder / f"{name}.glb"
    write_glb(solid.mesh, path, name)
    results = [Result(path, "3D_MODEL", {"sandbox": solid.account})]
    if values.get("generate_thumbnail"):
        preview = work.folder / f"{name}.png"
        write_thumbnail(solid.mesh, preview)
        results.append(Result(preview, "IMAGE", {"sandbox": "preview of the model"}))
    return results


def make(work: Work, wishes: Wishes, *, detail: float) -> Made:
    """A model from the pictures or the prompt of ``work``; raises EngineFailed."""
    prompt = str(work.parameters.get("prompt") or "")
    solid = _solid_from_pictures(work, prompt, wishes)
    if solid is not None:
        return Made(solid.mesh, "model", solid.account)
    if not prompt:
        raise EngineFailed("neither a prompt nor an image was given")
    built = build_from_prompt(
        prompt,
        seed=work.parameters.get("seed"),
        detail=detail,
        low_poly=wishes.faceted,
        face_count=wishes.face_count,
    )
    mesh = bake(built.parts, wishes.texture, pbr=wishes.pbr, textured=wishes.textured)
    return Made(mesh, built.name, built.account)


def _solid_from_pictures(work: Work, prompt: str, wishes: Wishes) -> Solid | None:
    """None when the request has no picture."""
    if "front" in work.files:
        views = {name: _picture(path) for name, path in work.files.items()}
        return build_from_views(views, wishes)
    if "image" not in work.files:
        return None
    picture = _picture(work.files["image"])
    if work.parameters.get("generate_type") == "Sketch":
        return build_from_sketch(picture, prompt, wishes)
    return build_from_picture(picture, wishes)


def _picture(path: Path | None) -> Picture:
    if path is None:
        raise EngineFailed("no image was given")
    return read_picture(path)

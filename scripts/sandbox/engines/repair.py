"""Repair: a closed, printable surface, hollow on request, with the colours carried over."""

from dataclasses import dataclass
from typing import Any

import trimesh
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from scripts.sandbox.engines.account import sentence
from scripts.sandbox.engines.mesh import (
    parts,
    quads,
    reading,
    sizes,
    solids,
    transfer,
    walls,
    writing,
)
from scripts.sandbox.work import EngineFailed, Result, Work


@dataclass(frozen=True, slots=True)
class _Effort:
    """What ``quality`` stands for."""

    cells: int
    texels: int
    quads: int


_EFFORTS = {
    "low": _Effort(cells=72, texels=512, quads=2_000),
    "default": _Effort(cells=112, texels=1024, quads=5_000),
    "max": _Effort(cells=160, texels=2048, quads=12_000),
}


_ASSUMED_HEIGHT = ", as if printed 100 mm tall since no target height was given"


def repair(work: Work) -> list[Result]:
    """Close ``model``, scale it to ``target_height``, hollow it out, keep its colours."""
    wanted = work.parameters
    effort = _EFFORTS[str(wanted["quality"])]
    scene = reading.load(work.files["model"])
    height, unit = wanted.get("target_height"), str(wanted["unit"])
    if height is not None:
        sizes.scale_height(scene, sizes.in_metres(height, unit))
    solid = solids.closed(scene, effort.cells)
    surface, account = solid.mesh, [solid.account]
    if wanted["topology"] == "quads":
        remesh = quads.remeshed(surface, effort.quads)
        surface = remesh.mesh
        account.append(f"remeshed to {remesh.quads} quads by Blender's {remesh.method}")
    if wanted["hollow"]:
        wall, assumed = float(wanted["wall_thickness"]), height is None
        surface = _hollowed(surface, wall * _model_millimetre(scene, assumed), wall)
        account.append(f"hollowed to walls of {wall:g} mm" + _ASSUMED_HEIGHT * assumed)
    figures = _figures(surface)
    surface.metadata["name"] = "repaired"
    if wanted["bake_textures"] and wanted["output_format"] not in writing.WITHOUT_COLOURS:
        surface = transfer.painted(surface, scene, int(wanted["texture_resolution"]), effort.texels)
        account.append("colours were carried over from the nearest points")
    else:
        surface.visual = TextureVisuals(material=_CLAY)
    path = writing.save(
        parts.assembled([surface]),
        str(wanted["output_format"]),
        work.folder,
        "repaired",
        sized=height is not None,
        quads=wanted["topology"] == "quads",
    )
    archive = wanted["output_format"] in writing.ARCHIVE_FORMATS
    note = {"sandbox": sentence(*account), **figures}
    return [Result(path, "ARCHIVE" if archive else "3D_MODEL", note)]


_CLAY = PBRMaterial(baseColorFactor=[205, 205, 205, 255], metallicFactor=0.0, roughnessFactor=0.8)


def _model_millimetre(scene: trimesh.Scene, assumed: bool) -> float:
    """One millimetre of the print in units of the model."""
    return sizes.height(scene) / 100.0 if assumed else 0.001


def _hollowed(surface: trimesh.Trimesh, wall: float, millimetres: float) -> trimesh.Trimesh:
    """The surface with a cavity inside. Its own triangles stay as they are, quads included."""
    space = walls.cavity(surface, wall)
    if space is None:
        raise EngineFailed(
            f"Walls of {millimetres:g} mm leave no room inside. "
            "Choose thinner walls or a larger target height."
        )
    space.invert()
    return parts.concatenated([surface, space])


def _figures(surface: trimesh.Trimesh) -> dict[str, Any]:
    return {
        "watertight": bool(surface.is_watertight),
        "triangles": len(surface.faces),
        "volume_cm3": float(f"{surface.volume * 1e6:.6g}"),
        "dimensions_m": [float(f"{side:.6g}") for side in surface.extents],
    }

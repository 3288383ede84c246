"""Volume: what a print of each height takes in material. Figures only, no file."""

from typing import Any

import trimesh

from scripts.sandbox.engines.mesh import reading, sizes, solids, walls
from scripts.sandbox.work import Result, Work

_CELLS = 96
_WALLS_MM = (1.0, 2.0, 3.0)
_INFILL_WALL_MM = 1.2
_INFILLS = (10, 15, 20, 50)


def volume(work: Work) -> list[Result]:
    """One result without a file; its ``heights`` metadata has one entry per height.

    Volumes are in cubic centimetres, areas in square centimetres, lengths in the ``unit``.
    """
    unit = str(work.parameters["unit"])
    scene = reading.load(work.files["model"])
    solid = solids.closed(scene, _CELLS)
    own = solid.mesh.extents[1] / sizes.METRES[unit]
    heights = _heights(work.parameters) or [own]
    note: dict[str, Any] = {
        "sandbox": f"Measured after closing the surface: {solid.account}.",
        "unit": unit,
        "heights": [_figures(solid.mesh, height, unit) for height in heights],
    }
    return [Result(None, "3D_MODEL", note)]


def _heights(parameters: Any) -> list[float]:
    if listed := parameters.get("target_heights"):
        return [float(part) for part in str(listed).split(",")]
    single = parameters.get("target_height")
    return [] if single is None else [float(single)]


def _figures(solid: trimesh.Trimesh, height: float, unit: str) -> dict[str, Any]:
    scale = sizes.in_metres(height, unit) / float(solid.extents[1])
    cubic_cm, square_cm = scale**3 * 1e6, scale**2 * 1e4
    full = float(solid.volume) * cubic_cm
    # Walls of the print, in units of the model as it is.
    depths = [wall / 1000 / scale for wall in (*_WALLS_MM, _INFILL_WALL_MM)]
    *cavities, core = [inner * cubic_cm for inner in walls.cavity_volumes(solid, depths)]
    return {
        "target_height": height,
        "volume_cm3": _short(full),
        "surface_area_cm2": _short(float(solid.area) * square_cm),
        "bounding_box": [
            _short(float(side) * scale / sizes.METRES[unit]) for side in solid.extents
        ],
        "hollow_shell_cm3": {
            f"{wall:g}mm": _short(full - inner)
            for wall, inner in zip(_WALLS_MM, cavities, strict=True)
        },
        "infill_cm3": {f"{share}%": _short(full - core * (1 - share / 100)) for share in _INFILLS},
    }


def _short(value: float) -> float:
    return float(f"{value:.5g}")

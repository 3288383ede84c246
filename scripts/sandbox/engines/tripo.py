"""Tripo's engines: a GLB, separate parts, or quads, which come as FBX."""

from scripts.sandbox.engines.export import write_glb
from scripts.sandbox.engines.generate import make
from scripts.sandbox.engines.image_to_model.build import Wishes
from scripts.sandbox.engines.mesh import reading, writing
from scripts.sandbox.work import Result, Work

_CELLS = {"standard": 130, "detailed": 190}
_TEXTURE = {"standard": 1024, "detailed": 2048}
_P1_FACES = 20_000
_SMART_FACES = 6_000
_NO_LIMIT = 10**9


def tripo(work: Work) -> list[Result]:
    """Version 3.x."""
    values = work.parameters
    limit = int(values.get("face_limit") or _NO_LIMIT)
    if values.get("smart_low_poly"):
        limit = min(limit, _SMART_FACES)
    wishes = _wishes(work, _CELLS[str(values.get("geometry_quality", "standard"))], limit)
    return _results(work, wishes)


def tripo_p1(work: Work) -> list[Result]:
    """P1: the same with few faces."""
    limit = min(int(work.parameters.get("face_limit") or _P1_FACES), _P1_FACES)
    return _results(work, _wishes(work, 80, limit))


def _wishes(work: Work, cells: int, limit: int) -> Wishes:
    values = work.parameters
    textured = bool(values.get("texture", True))
    return Wishes(
        cells=work.side(cells),
        face_count=limit,
        texture=work.side(_TEXTURE[str(values.get("texture_quality", "standard"))]),
        textured=textured,
        pbr=textured and bool(values.get("pbr", True)),
    )


def _results(work: Work, wishes: Wishes) -> list[Result]:
    made = make(work, wishes, detail=1.0 if wishes.cells < work.side(_CELLS["detailed"]) else 1.6)
    path = work.folder / f"{made.name}.glb"
    write_glb(made.mesh, path, made.name, split_parts=bool(work.parameters.get("generate_parts")))
    if work.parameters.get("quad"):
        path = writing.save(reading.load(path), "fbx", work.folder, sized=False)
    return [Result(path, "3D_MODEL", dict(made.metadata))]

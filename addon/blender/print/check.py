"""Whether a model can be printed: everything that may be wrong with it, in one go.

It costs no more than reading the mesh: arrays, and one tree of its triangles.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import bpy
import numpy as np

from ...printing.findings import KINDS
from ...printing.limits import Limits, grams
from ...printing.printers import printer_of, printers_for
from ..model.arrays import Integers, Places
from . import layers, walls
from .rays import Rays
from .shells import PAIR, Shells, patches, shells_of
from .solid import Solid, solid_of

NOTHING: Final[Integers] = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found."""

    kind: str
    """Of ``printing.findings.KINDS``."""
    count: int
    worst: float
    """Its worst figure: a length, an area, a volume, a count; see ``docs/printing.md``."""
    indices: Integers
    """Of the mesh's ``Kind.elements``, to select them."""
    corners: Integers = field(default_factory=lambda: NOTHING)
    """(n, 3), (n, 2) or (n, 1) places of the solid: triangles, edges or points, to draw them."""
    values: Places | None = None
    """(n,) how bad it is at each: millimetres of a wall, degrees of an overhang."""

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        kind = KINDS[self.kind]
        return {
            "kind": self.kind,
            "severity": kind.severity.value,
            "count": self.count,
            "worst": round(self.worst, 4),
            "elements": kind.elements.value,
            "indices": self.indices.tolist(),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, the worst first, and the figures."""

    findings: tuple[Finding, ...]
    figures: dict[str, Any]
    solid: Solid
    """What was looked at."""

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "findings": [finding.document() for finding in self.findings],
            "figures": self.figures,
        }


def check(mesh: bpy.types.Mesh, limits: Limits) -> Report:
    """Look at a mesh whose unit is the millimetre, standing as it is to be printed."""
    solid = solid_of(mesh)
    if not len(solid):
        return Report((Finding("empty", 1, 0.0, NOTHING),), {"triangles": 0}, solid)
    rays = Rays(solid)
    cuts = rays.cuts()
    shells = shells_of(solid, rays, cuts)
    found = {
        finding.kind: finding
        for finding in _findings(solid, rays, cuts, shells, limits)
        if finding.count
    }
    ordered = tuple(found[kind] for kind in KINDS if kind in found)
    return Report(ordered, _figures(solid, shells, limits), solid)


def _findings(
    solid: Solid, rays: Rays, cuts: Integers, shells: Shells, limits: Limits
) -> Iterator[Finding]:
    turned = patches(solid, shells)
    wrong = np.union1d(turned, shells.triangles(shells.inside_out))
    out = np.ones(len(solid))
    out[wrong] = -1.0
    yield from _edges(solid)
    yield _faces("flipped_faces", solid, turned, float(solid.doubles[turned].sum() / 2.0))
    yield from _of_shells(solid, shells)
    yield _faces("self_intersections", solid, np.unique(cuts), float(len(cuts)))
    yield Finding("degenerate_faces", len(solid.degenerate), 0.0, solid.degenerate)
    thin, thickness = walls.thin_walls(solid, rays, wrong, limits.wall)
    thinnest = float(thickness.min()) if len(thin) else 0.0
    yield _faces("thin_walls", solid, thin, thinnest, thickness)
    leaning, area = layers.overhangs(solid, out, limits.overhang, limits.layer)
    if area < limits.nozzle**2:  # less than a single dot
        leaning = NOTHING
    down = np.clip(-solid.normals[leaning, 2] * out[leaning], 0.0, 1.0)
    yield _faces("overhangs", solid, leaning, area, np.degrees(np.arcsin(down)))
    yield _islands(solid, layers.islands(solid, out, shells, rays, cuts, limits.layer))
    yield _size(solid, limits)


def _faces(
    kind: str, solid: Solid, triangles: Integers, worst: float, values: Places | None = None
) -> Finding:
    faces = solid.faces(triangles)
    return Finding(kind, len(faces), worst, faces, solid.triangles[triangles], values)


def _edges(solid: Solid) -> Iterator[Finding]:
    edges = solid.edges
    alone = np.flatnonzero(edges.faces == 1)
    crowded = np.flatnonzero(edges.faces > PAIR)
    length = float(_lengths(solid.places[edges.ends[alone]]).sum())
    most = float(edges.faces[crowded].max()) if len(crowded) else 0.0
    for kind, which, worst in (
        ("open_edges", alone, length),
        ("non_manifold_edges", crowded, most),
    ):
        indices = solid.mesh_edges(which) if len(which) else which
        yield Finding(kind, len(which), worst, indices, edges.ends[which])


def _lengths(ends: Places) -> Places:
    lengths: Places = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1)
    return lengths


def _of_shells(solid: Solid, shells: Shells) -> Iterator[Finding]:
    for kind, which in (
        ("inside_out", shells.inside_out),
        ("loose_shells", shells.loose),
        ("shells_inside", shells.inside),
        ("cavities", shells.cavities),
    ):
        worst = float(np.abs(shells.volumes[which]).max()) if len(which) else 0.0
        triangles = shells.triangles(which) if len(which) else NOTHING
        corners = solid.triangles[triangles]
        yield Finding(kind, len(which), worst, solid.faces(triangles), corners)


def _islands(solid: Solid, found: list[Integers]) -> Finding:
    if not found:
        return Finding("islands", 0, 0.0, NOTHING)
    bottom = solid.places[:, 2].min()
    highest = max(float(solid.places[members, 2].min() - bottom) for members in found)
    places = np.concatenate(found)
    vertices = np.flatnonzero(np.isin(solid.place_of, places))
    return Finding("islands", len(found), highest, vertices, places[:, None])


def _size(solid: Solid, limits: Limits) -> Finding:
    printer = printer_of(limits.printer)
    if printer is None or printer.fits(solid.sides):
        return Finding("too_large", 0, 0.0, NOTHING)
    sides = (*sorted(solid.sides[:2]), solid.sides[2])
    room = (*sorted((printer.width, printer.depth)), printer.height)
    return Finding("too_large", 1, max(s - r for s, r in zip(sides, room, strict=True)), NOTHING)


def _figures(solid: Solid, shells: Shells, limits: Limits) -> dict[str, Any]:
    """Lengths in mm, areas in mm², volumes in mm³, weight in g, cost in the price's currency."""
    weight = grams(shells.volume, limits.material)
    return {
        "triangles": len(solid),
        "shells": len(shells.areas),
        "watertight": bool(shells.closed.all()),
        "sides": [round(side, 4) for side in solid.sides],
        "surface": round(float(shells.areas.sum()), 4),
        "volume": round(shells.volume, 4),
        "grams": round(weight, 4),
        "cost": round(weight / 1000.0 * limits.price, 4),
        "printers": printers_for(solid.sides),
    }

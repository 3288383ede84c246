"""Closed surfaces: holes filled, overlaps merged, or everything rebuilt from voxels."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import manifold3d
import numpy as np
import numpy.typing as npt
import pymeshfix
import trimesh
from scipy import ndimage
from skimage.measure import marching_cubes

from scripts.sandbox.engines.geometry import primitives
from scripts.sandbox.engines.mesh import parts
from scripts.sandbox.work import EngineFailed

Cells = npt.NDArray[np.bool_]
Field = npt.NDArray[np.float64]

_MOST_SHELLS = 400
_FLAT = 1e-7
_SHRUNK = 0.02


@dataclass(frozen=True, slots=True)
class Solid:
    """A closed, outward-facing surface, and in one phrase how it came about."""

    mesh: trimesh.Trimesh
    account: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Values at cell centres; cell (0, 0, 0) lies at ``origin``, the next one ``pitch`` further."""

    values: Field
    origin: npt.NDArray[np.float64]
    pitch: float

    def surface(self, level: float) -> trimesh.Trimesh:
        """Closed surface around the cells above ``level``; the outermost cells must be below."""
        vertices, faces, _, _ = marching_cubes(self.values, level, spacing=(self.pitch,) * 3)
        mesh = trimesh.Trimesh(vertices + self.origin, faces[:, ::-1], process=True)
        if mesh.volume < 0:
            mesh.invert()
        return mesh


def closed(scene: trimesh.Scene, cells: int) -> Solid:
    """The scene as one closed surface.

    Shells that can be closed keep their triangles and are united; otherwise the whole is rebuilt
    from ``cells`` voxels along the longest side.
    """
    whole = parts.bare(scene)
    shells = list(whole.split(only_watertight=False))
    if len(shells) == 1 and whole.is_volume:
        return Solid(whole, "the surface was closed already")
    if len(shells) <= _MOST_SHELLS:
        united = _united(shells, whole)
        if united is not None:
            return Solid(united, "holes were filled and overlapping shells united exactly")
    return Solid(rebuilt(whole, cells), f"the surface was rebuilt from {cells} voxels a side")


def _united(shells: list[trimesh.Trimesh], whole: trimesh.Trimesh) -> trimesh.Trimesh | None:
    """The union of all shells; None when one of them resists."""
    bodies, cavities = [], []
    for shell in shells:
        mended = shell if _is_closed(shell) else _mended(shell)
        if mended is None:
            return None
        if abs(mended.volume) < _FLAT * float(np.prod(whole.extents)):
            continue
        if mended.volume > 0:
            bodies.append(mended)
        elif _encloses(shells, mended):
            cavities.append(mended)
        else:
            mended.invert()
            bodies.append(mended)
    if not bodies:
        return None
    for cavity in cavities:
        cavity.invert()
    solid = _union(bodies)
    if cavities:
        solid -= _union(cavities)
    result = from_manifold(solid)
    return result if result.is_volume else None


def _encloses(shells: Iterable[trimesh.Trimesh], inner: trimesh.Trimesh) -> bool:
    """Whether a cavity lies within the box of another shell."""
    low, high = inner.bounds
    return any(
        bool((shell.bounds[0] < low).all() and (shell.bounds[1] > high).all()) for shell in shells
    )


def _mended(shell: trimesh.Trimesh) -> trimesh.Trimesh | None:
    """Holes filled and crossings removed; None when that ate up the shell."""
    fixer = pymeshfix.MeshFix(np.asarray(shell.vertices), np.asarray(shell.faces))
    fixer.repair()
    mesh = trimesh.Trimesh(fixer.points, fixer.faces)
    if not _is_closed(mesh):
        return None
    lost = np.abs(mesh.extents - shell.extents).max() / max(shell.extents)
    return mesh if lost < _SHRUNK else None


def _is_closed(mesh: trimesh.Trimesh) -> bool:
    """Closed and consistent, whichever way it faces."""
    return bool(mesh.is_watertight and mesh.is_winding_consistent)


def _union(meshes: list[trimesh.Trimesh]) -> manifold3d.Manifold:
    return manifold3d.Manifold.batch_boolean(
        [to_manifold(mesh) for mesh in meshes], manifold3d.OpType.Add
    )


def to_manifold(mesh: trimesh.Trimesh) -> manifold3d.Manifold:
    """EngineFailed when the surface is not closed."""
    solid = primitives.to_manifold(mesh.vertices, mesh.faces)
    if solid.status() != manifold3d.Error.NoError:
        raise EngineFailed("The surface could not be closed.")
    return solid


def from_manifold(solid: manifold3d.Manifold) -> trimesh.Trimesh:
    surface = primitives.from_manifold(solid)
    return trimesh.Trimesh(surface.positions, surface.triangles, process=False)


def rebuilt(mesh: trimesh.Trimesh, cells: int) -> trimesh.Trimesh:
    """A closed surface around any triangles at all, gaps of a few voxels bridged."""
    pitch = float(max(mesh.extents)) / cells
    voxels = mesh.voxelized(pitch)
    margin = 4
    touched = np.pad(np.asarray(voxels.matrix, dtype=bool), margin)
    filled = ndimage.binary_fill_holes(ndimage.binary_closing(touched, iterations=2))
    # Leaves and sheets would vanish in the smoothing.
    filled |= ndimage.binary_dilation(filled & ~ndimage.binary_opening(filled))
    signed = ndimage.distance_transform_edt(filled) - ndimage.distance_transform_edt(~filled)
    smooth = ndimage.gaussian_filter(signed, 0.8)
    origin = voxels.transform[:3, 3] - margin * pitch
    # The touched cells reach half a voxel beyond the surface.
    surface = Grid(smooth, np.asarray(origin), pitch).surface(0.5)
    return from_manifold(to_manifold(surface).simplify(pitch * 0.05))


def occupancy(mesh: trimesh.Trimesh, pitch: float, margin: int = 2) -> tuple[Cells, Field]:
    """Which cells of a grid have their centre inside a closed mesh, and the centre of the first.

    ``margin`` empty cells lie around the model.
    """
    solid = to_manifold(mesh).rotate((90.0, 0.0, 0.0))
    low = mesh.bounds[0] - margin * pitch
    shape = np.ceil(mesh.extents / pitch).astype(int) + 2 * margin + 1
    inside = np.zeros(shape, dtype=bool)
    # Turned by 90° about X, the slices across Z are those across the old Y.
    for row in range(shape[1]):
        loops = solid.slice(float(low[1] + row * pitch)).to_polygons()
        picture = np.zeros((shape[2], shape[0]), dtype=np.uint8)
        outlines = [
            np.stack([loop[:, 0] - low[0], -loop[:, 1] - low[2]], axis=1) / pitch for loop in loops
        ]
        fixed = [np.round(outline * 256).astype(np.int32) for outline in outlines]
        if fixed:
            cv2.fillPoly(picture, fixed, 1, cv2.LINE_8, 8)
        inside[:, row, :] = picture.T.astype(bool)
    return inside, np.asarray(low)

"""Somebody's selected objects as one model for a printer, and the way back to where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import bpy
import numpy as np
from mathutils import Matrix

from ...model.arrays import got, places_of
from ...model.failure import PreparationFailed
from ...print.check import Report
from ...print.filaments import Painted
from .. import export
from .colors import stored_colors
from .figurines import MILLIMETRES, Figurine, bounds, joined


@dataclass(frozen=True, slots=True)
class Sent:
    """What stands where."""

    figurine: Figurine
    to_bed: Matrix
    """From the main object's own coordinates to millimetres on the bed."""
    is_own: bool
    """Whether vertices, edges and faces of the model are those of the object's mesh, in order."""


def open_selections(blend: Path, selections: Sequence[Mapping[str, Any]]) -> list[Sent]:
    """Read what ``export_selection`` wrote, by its settings; raises PreparationFailed."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    return [_opened(blend, settings) for settings in selections]


def _opened(blend: Path, settings: Mapping[str, Any]) -> Sent:
    original = export.read(blend, settings)
    pieces = export.pieces(original)
    is_own = len(pieces) == 1 and _is_mesh_of(pieces[0][0], original.objects[0])
    mesh = joined(original.names[0], pieces, MILLIMETRES)
    if not mesh.polygons:
        raise PreparationFailed("There is no surface in {name}.", name=original.names[0])
    low, high = bounds(mesh)
    stand = Matrix.Translation((-(low.x + high.x) / 2, -(low.y + high.y) / 2, -low.z))
    mesh.transform(stand)
    to_bed = stand @ Matrix.Scale(MILLIMETRES, 4) @ original.worlds[0]
    return Sent(Figurine(original.names[0], mesh), to_bed, is_own)


def _is_mesh_of(mesh: bpy.types.Mesh, obj: bpy.types.Object) -> bool:
    """Whether the two are the same polygons between the same vertices, counted alike."""
    own = obj.data
    if not isinstance(own, bpy.types.Mesh):
        return False
    counts = [(len(m.vertices), len(m.edges), len(m.loops), len(m.polygons)) for m in (own, mesh)]
    if counts[0] != counts[1]:
        return False
    return all(
        np.array_equal(got(_all_of(own, kind), name, size), got(_all_of(mesh, kind), name, size))
        for kind, name, size in PARTS
    )


PARTS: Final = (
    ("edges", "vertices", 2),
    ("loops", "vertex_index", 1),
    ("polygons", "loop_start", 1),
)


def _all_of(mesh: bpy.types.Mesh, kind: str) -> Any:
    return getattr(mesh, kind)


def write_marks(report: Report, to_bed: Matrix, to: Path) -> None:
    """Write where what was found is, for NumPy: of each kind ``indices``, ``places``, ``values``.

    Places are (n, 3, 3) corners of triangles, (n, 2, 3) ends of edges or (n, 1, 3) points, in the
    coordinates of the main object.
    """
    back = np.array(to_bed.inverted_safe())
    places = report.solid.places @ back[:3, :3].T + back[:3, 3]
    arrays: dict[str, Any] = {}
    for finding in report.findings:
        arrays[f"{finding.kind}.indices"] = finding.indices.astype(np.int32)
        arrays[f"{finding.kind}.places"] = places[finding.corners].astype(np.float32)
        if finding.values is not None:
            arrays[f"{finding.kind}.values"] = finding.values.astype(np.float32)
    np.savez(to, **arrays)


def write_painted(palette: Sequence[str], painted: Painted, to_bed: Matrix, to: Path) -> None:
    """Write how it will look, for NumPy: ``places``, as of marks, and ``colors``, (n, 3) of 0-1."""
    solid = painted.solid
    back = np.array(to_bed.inverted_safe())
    places = solid.places @ back[:3, :3].T + back[:3, 3]
    corners = places[solid.triangles].astype(np.float32)
    np.savez(to, places=corners, colors=stored_colors(painted, palette))


def write_back(meshes: Sequence[bpy.types.Mesh], to_bed: Matrix, to: Path) -> list[dict[str, Any]]:
    """Write the meshes in the main object's coordinates, without their materials.

    Returns the name of each, and its materials' names by slot, "" for an empty one: those of the
    same name in the file they came from are meant.
    """
    back = to_bed.inverted_safe()
    said = []
    for mesh in meshes:
        _transform(mesh, back)
        said.append(
            {
                "mesh": mesh.name,
                "materials": ["" if one is None else one.name for one in mesh.materials],
            }
        )
        for index in range(len(mesh.materials)):
            mesh.materials[index] = None
    bpy.data.libraries.write(str(to), set(meshes), fake_user=True)
    return said


def _transform(mesh: bpy.types.Mesh, matrix: Matrix) -> None:
    """In double precision: the way there and back is not to move what was not changed."""
    rows = np.array(matrix)
    moved = places_of(mesh).astype(np.float64) @ rows[:3, :3].T + rows[:3, 3]
    vertices: Any = mesh.vertices
    vertices.foreach_set("co", moved.astype(np.float32).ravel())
    if matrix.is_negative:
        mesh.flip_normals()
    mesh.update()

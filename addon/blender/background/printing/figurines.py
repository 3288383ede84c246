"""The models in a file, each as one mesh in millimetres, side by side on the bed."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import bpy
from mathutils import Matrix, Vector

from ...core import units
from ...core.access import load_from, mesh_of, scene_of
from ...model.failure import PreparationFailed
from ...model.sizes import factor
from ..export import GEOMETRY, Piece, bake, surfaces
from ..importing.contents import DAMAGED_HINT
from ..importing.importers import IMPORTERS
from ..importing.unreadable import NO_IMPORTER
from ..preparation import open_model

MILLIMETRES: Final = 1000.0
"""In a metre."""

IN_MILLIMETRES: Final = frozenset({".stl", ".obj", ".ply"})
"""Formats that have no unit: slicers take theirs for millimetres. All others are in metres here."""

UV: Final = "UVMap"

APART: Final = 5.0
"""Millimetres between two models."""


@dataclass(frozen=True, slots=True)
class Figurine:
    """One model."""

    name: str
    mesh: bpy.types.Mesh
    """In millimetres, its foot at height 0."""
    stands: tuple[Matrix, ...] = (Matrix(),)
    """Where it, and each of its copies, stands: turned about the vertical, and moved."""

    @property
    def copies(self) -> Iterator[tuple[str, Matrix]]:
        """The name of each, and where it stands."""
        for number, stand in enumerate(self.stands, 1):
            yield (self.name if number == 1 else f"{self.name} {number}"), stand


def open_figurines(file: Path, sizes: Mapping[str, Any]) -> tuple[list[Figurine], str]:
    """The models in the file, and the unit it was read in; raises PreparationFailed.

    A model file is one model; in a .blend, whatever hangs on one object is. ``sizes`` may have
    ``unit`` (m, cm, mm or in; else that of the scene or the format) and, in millimetres, the
    ``height`` or ``longest`` side that every model is to have.
    """
    groups, metres = _opened(file)
    unit = sizes.get("unit") or _unit_of(metres)
    metres = units.METRES.get(unit, metres)
    made: list[Figurine] = []
    right = 0.0
    for name, pieces in groups:
        mesh = joined(name, pieces, metres * MILLIMETRES)
        if mesh.polygons:
            right += _stand(mesh, sizes, right) + APART
            made.append(Figurine(name, mesh))
    if not made:
        raise PreparationFailed("There is no surface in {name}.", name=file.name)
    return made, unit


def open_several(
    files: Sequence[Path], sizes: Mapping[str, Any]
) -> list[tuple[list[Figurine], str]]:
    """The models of each file, and its unit; raises PreparationFailed.

    Opening a file empties Blender: the models of those before are kept in a library meanwhile.
    """
    if len(files) == 1:
        return [open_figurines(files[0], sizes)]
    with tempfile.TemporaryDirectory() as folder:
        kept = [
            _kept(Path(folder) / f"{number}.blend", *open_figurines(file, sizes))
            for number, file in enumerate(files)
        ]
        return [(_fetched(library, models), unit) for library, models, unit in kept]


def _kept(
    library: Path, figurines: list[Figurine], unit: str
) -> tuple[Path, list[tuple[str, str]], str]:
    meshes: Any = {figurine.mesh for figurine in figurines}
    bpy.data.libraries.write(str(library), meshes, path_remap="ABSOLUTE", fake_user=True)
    return library, [(figurine.name, figurine.mesh.name) for figurine in figurines], unit


def _fetched(library: Path, models: Sequence[tuple[str, str]]) -> list[Figurine]:
    with load_from(library) as (_, wanted):
        wanted.meshes = [mesh for _, mesh in models]
    found: list[bpy.types.Mesh] = list(wanted.meshes)
    return [Figurine(name, mesh) for (name, _), mesh in zip(models, found, strict=True)]


def _unit_of(metres: float) -> str:
    """The name of a unit, or its length where it has none."""
    known = {length: name for name, length in units.METRES.items()}
    return known.get(round(metres, 9), f"{metres:g} m")


Groups = list[tuple[str, list[Piece]]]


def _opened(file: Path) -> tuple[Groups, float]:
    """What is in the file, and its unit in metres; raises PreparationFailed."""
    suffix = file.suffix.lower()
    if suffix == ".blend":
        return _of_blend(file)
    if suffix not in IMPORTERS and suffix not in NO_IMPORTER:
        raise PreparationFailed(NO_MODEL, name=file.name, hint=KINDS)
    try:
        return _of_model(file)
    except PreparationFailed as error:
        if error.hint == DAMAGED_HINT:  # there is no job that could be sent again
            error.hint = "The file may be damaged: look whether Blender itself imports it."
        raise


NO_MODEL: Final = "{name} is no model."
KINDS: Final = "GLB, glTF, FBX, OBJ, STL, PLY, USD and .blend are read."


def _of_model(file: Path) -> tuple[Groups, float]:
    model = open_model([file], file.stem, keep_place=True)
    metres = 1.0 / MILLIMETRES if file.suffix.lower() in IN_MILLIMETRES else 1.0
    return [(file.stem, _pieces(model.objects))], metres


def _of_blend(file: Path) -> tuple[Groups, float]:
    try:
        bpy.ops.wm.open_mainfile(filepath=str(file), load_ui=False, use_scripts=False)
    except RuntimeError as error:
        raise PreparationFailed(
            "{name} cannot be opened.",
            name=file.name,
            hint="It may be damaged, or of a newer Blender than this one.",
            details=str(error),
        ) from error
    scene = scene_of(bpy.context)
    shown = [obj for obj in scene.objects if obj.visible_get()]
    roots: dict[bpy.types.Object, list[bpy.types.Object]] = {}
    for obj in shown:
        roots.setdefault(_root(obj), []).append(obj)
    groups = [(root.name, _pieces(objects)) for root, objects in roots.items()]
    return groups, units.metres_per_unit(scene)


def _root(obj: bpy.types.Object) -> bpy.types.Object:
    return obj if obj.parent is None else _root(obj.parent)


def _pieces(objects: Sequence[bpy.types.Object]) -> list[Piece]:
    return [
        piece
        for obj in objects
        if obj.type in GEOMETRY or obj.instance_type != "NONE"
        for piece in surfaces(obj, obj.matrix_world.copy())
    ]


def joined(name: str, pieces: Sequence[Piece], scale: float) -> bpy.types.Mesh:
    """One mesh of the pieces, larger by ``scale``."""
    objects = []
    for mesh, _name, world in pieces:
        bake(mesh, Matrix.Scale(scale, 4) @ world)
        if len(pieces) > 1:
            _name_maps(mesh)
        obj = bpy.data.objects.new(name, mesh)
        scene_of(bpy.context).collection.objects.link(obj)
        objects.append(obj)
    if not objects:
        return bpy.data.meshes.new(name)
    if len(objects) > 1:
        chosen: Any = {
            "active_object": objects[0],
            "object": objects[0],
            "selected_objects": objects,
            "selected_editable_objects": objects,
        }
        with bpy.context.temp_override(**chosen):
            bpy.ops.object.join()
    mesh = mesh_of(objects[0])
    bpy.data.objects.remove(objects[0])
    mesh.name = name
    return mesh


def _name_maps(mesh: bpy.types.Mesh) -> None:
    """Give the map that is shown the same name everywhere: joining goes by names."""
    for layer in mesh.uv_layers:
        if layer.active_render:
            layer.name = UV
            return


def _stand(mesh: bpy.types.Mesh, sizes: Mapping[str, Any], left: float) -> float:
    """Give it its size, and put its foot onto the bed, its left side there; returns its width."""
    low, high = bounds(mesh)
    scale = factor((high - low)[:], longest=sizes.get("longest"), height=sizes.get("height"))
    foot = Vector((low.x, (low.y + high.y) / 2, low.z))
    place = Matrix.Translation((left, 0.0, 0.0))
    mesh.transform(place @ Matrix.Scale(scale, 4) @ Matrix.Translation((-foot)[:]))
    mesh.update()
    return (high.x - low.x) * scale


def bounds(mesh: bpy.types.Mesh) -> tuple[Vector, Vector]:
    from ...model.arrays import places_of  # late: it loads numpy

    places = places_of(mesh)
    return Vector(places.min(axis=0).tolist()), Vector(places.max(axis=0).tolist())

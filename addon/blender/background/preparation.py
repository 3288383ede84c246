"""The way from a model file to a .blend with one clean collection."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

import bpy

from ...service import whole_files
from ..core.access import mesh_of
from ..model import face_cuts, motion
from ..model.failure import PreparationFailed
from ..model.mesh_stats import of_meshes
from ..model.names import FILE_ORIGIN
from . import export, normalize
from .importing import importers, own_pictures, takes
from .importing.file_references import OwnFiles

__all__ = ["PreparationFailed", "draw_preview", "get_ready", "prepare"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Model:
    """A model in the open file, and nothing beside it."""

    collection: bpy.types.Collection
    """Holds every object of it."""
    objects: list[bpy.types.Object]
    left_out: list[dict[str, Any]]
    """What had to be left out of it, as ``catalog.messages.pack`` writes messages."""
    sources: Sequence[Path] = ()
    """The files it was read from."""
    has_normals: bool = True
    """Whether it has those that the files have."""


def get_ready() -> None:
    """Load what takes its time to load and nearly every model needs."""
    from .pictures import sketch  # noqa: F401  it loads numpy

    with suppress(ImportError):  # Blender's own, and found elsewhere in other versions
        import_module("io_scene_gltf2.blender.imp.blender_gltf")


class Arrival(Protocol):
    """What is done with a model once it is read."""

    def change(self, model: Model) -> None:
        """Do what is to be written with it."""
        ...

    def finish(self, collection: str, left_out: list[dict[str, Any]]) -> None:
        """Do the rest, when it is written; another file may be open after that."""
        ...


def prepare(
    files: Sequence[Path],
    to: Path,
    name: str,
    *,
    keep_place: bool = False,
    root: Path | None = None,
    sent: Mapping[str, Any] | None = None,
    others: Sequence[Sequence[Path]] = (),
    arrival: "Arrival | None" = None,
) -> dict[str, Any]:
    """Import the best of ``files`` into an empty Blender, tidy it up and write it to ``to``.

    ``others`` are read where those cannot be, see ``open_model``.

    The model may name files in ``root`` (by default: its own folder) and no others.

    ``sent`` is what the model takes the place of: ``blend`` and ``settings`` (see ``export``), and
    what the model is to it (``outcome``, see ``catalog.operation.Outcome``), which was made in that
    ``step`` of several. The model gets of it what it can have; ``textures``, if it has none, in
    pictures of so many pixels (0: not at all).

    ``arrival`` is done with the model after that.

    Returns the figures of the report. Raises PreparationFailed; then nothing is written.
    """
    opened = partial(open_model, files, name, keep_place=keep_place, root=root, others=others)
    model = opened() if sent is None else _opened_with_original(opened, sent)
    if arrival is not None:
        arrival.change(model)
    write(model.collection, to)
    shapes = [obj for obj in model.objects if obj.type == "MESH"]
    worlds = [obj.matrix_world for obj in shapes]
    measured = of_meshes([mesh_of(obj) for obj in shapes], worlds)
    said = figures(model)
    # Of the whole animation, where there is one.
    measured["dimensions"] = said["dimensions"]
    measured["bytes"] = sum(file.stat().st_size for file in model.sources)
    if arrival is not None:
        arrival.finish(model.collection.name, said["left_out"])
    return said | {"figures": measured}


def draw_preview(collection: str, to: Path) -> None:
    """Draw a small picture of what ``prepare`` has just made; errors are Blender's own."""
    from .pictures import sketch  # late: it loads numpy

    sketch.draw(list(bpy.data.collections[collection].objects), to)


NOT_KEPT: Final = "What the original has could not be carried over to the result."


def _opened_with_original(opened: Callable[..., Model], sent: Mapping[str, Any]) -> Model:
    """The model as ``opened`` opens it, with what it can have of the original."""
    is_same = sent["outcome"] == "TEXTURES" and sent["step"] == 1
    # The normals of files are half of what it takes to import them. Of a surface that is expected
    # to be the one that was sent nobody sees them.
    keeps_uvs = bool(sent.get("uv_map"))
    model = opened(normals=not is_same or keeps_uvs or len(sent["settings"]["objects"]) > 1)
    if not _keep_original(model, sent, is_same=is_same):
        model = opened()
        _keep_original(model, sent)
    return model


def _keep_original(model: Model, sent: Mapping[str, Any], *, is_same: bool = False) -> bool:
    """Give the model what it can have of the original; whatever goes wrong, it goes without.

    ``is_same``: it may be the mesh that was sent. False if it is not, and lacks its own normals.
    """
    own = None
    with normalize.names_free():
        try:
            original = export.read(Path(sent["blend"]), sent["settings"])
            own = _keep_uv_map(model, original, sent)
            if own is None and is_same:
                own = _keep_geometry(model, original)
            if own is None and not model.has_normals:
                return False
            if own is None or not _has_polygons_of(own, original.objects[0]):
                _carry_over(model, original, sent)
        except Exception:  # what artists have is without end, and the result is paid for
            log.exception("the original was not carried over")
            model.left_out.append({"template": NOT_KEPT, "parts": {}})
        finally:
            normalize.keep_only(model.collection)
            normalize.drop_unused()
    return own is not None or model.has_normals


def _carry_over(model: Model, original: export.Original, sent: Mapping[str, Any]) -> None:
    """Give a model with polygons of its own what it can have of the original."""
    from .carrying import carry  # late: most results take the place of nothing

    _bake_textures(model, original, sent)
    model.left_out.extend(carry.carry(model.objects, original))


def _keep_uv_map(
    model: Model, original: export.Original, sent: Mapping[str, Any]
) -> bpy.types.Mesh | None:
    """Let the model be the mesh that was sent, with what came baked onto the artist's UV map.

    None if that was not asked for or cannot be, which is said; nothing has changed then.
    """
    uv_map = str(sent.get("uv_map", ""))
    if not uv_map or sent["outcome"] != "TEXTURES":
        return None
    from .baking.bake import BakingFailed  # late, as above
    from .retexturing import kept_uv_map, uv_transfer

    shapes = [obj for obj in model.objects if obj.type == "MESH"]
    own = uv_transfer.geometry_of(original)
    try:
        if own is None:
            raise kept_uv_map.NotKept(kept_uv_map.NO_MAP, uv_map=uv_map)
        difference = kept_uv_map.bake_onto(own, shapes, uv_map, model.collection.name)
    except kept_uv_map.NotKept as error:
        model.left_out.append({"template": error.words, "parts": error.parts})
        return None
    except BakingFailed as error:
        model.left_out.append({"template": str(error), "parts": {}})
        return None
    parts = {"uv_map": uv_map, "percent": 100.0 * difference}
    model.left_out.append({"template": kept_uv_map.KEPT, "parts": parts})
    shapes[0].data = own
    for more in shapes[1:]:  # all of them are baked onto the one mesh
        model.objects.remove(more)
        bpy.data.objects.remove(more)
    return own


def _keep_geometry(model: Model, original: export.Original) -> bpy.types.Mesh | None:
    """Let the model be the mesh that was sent, wearing the textures that came.

    None if it is not the same surface; nothing has changed then.
    """
    from .retexturing import uv_transfer  # late, as above

    meshes = [mesh_of(obj) for obj in model.objects if obj.type == "MESH"]
    if len(meshes) != 1:
        return None
    own = uv_transfer.geometry_of(original)
    if own is None or not uv_transfer.transfer(own, meshes[0]):
        return None
    for obj in model.objects:
        if obj.type == "MESH":
            obj.data = own
    return own


def _has_polygons_of(mesh: bpy.types.Mesh, obj: bpy.types.Object) -> bool:
    """Whether the mesh, which may have been cut, has as many polygons as that of the object."""
    if not isinstance(obj.data, bpy.types.Mesh):
        return False
    added = len(mesh.get(face_cuts.CUTS, ())) // face_cuts.NUMBERS
    counts = len(mesh.vertices), len(mesh.polygons) - added
    return counts == (len(obj.data.vertices), len(obj.data.polygons))


NOT_BAKED: Final = "The original's textures could not be baked onto the result."


def _bake_textures(model: Model, original: export.Original, sent: Mapping[str, Any]) -> None:
    """Give the model the original's textures if it has none; if that fails, it goes without."""
    size = int(sent.get("textures", 0))
    if not size or sent["outcome"] == "TEXTURES":  # those that came are what was ordered
        return
    shapes = [obj for obj in model.objects if obj.type == "MESH"]
    from .baking import bake  # late, as above

    is_one = sent["outcome"] == "REPLACEMENT"
    try:
        bake.bake(shapes, original, model.collection.name, size, keeps_plain=is_one)
    except Exception as error:  # Blender's operators raise anything
        log.exception("the textures were not baked")
        model.left_out.append(not_baked(error))


def not_baked(error: Exception) -> dict[str, Any]:
    """What is said of the error that kept the textures from being baked."""
    from .baking import bake

    words = str(error) if isinstance(error, bake.BakingFailed) else NOT_BAKED
    return {"template": words, "parts": {}}


def open_model(
    files: Sequence[Path],
    name: str,
    *,
    keep_place: bool = False,
    root: Path | None = None,
    others: Sequence[Sequence[Path]] = (),
    normals: bool = True,
) -> Model:
    """Import the best of ``files`` into an empty file and tidy it up; raises PreparationFailed.

    What cannot be read is done without, and said, if there is the same in another format, or among
    the ``others``.

    ``root`` holds the model's own files. ``keep_place`` is for a model that takes the place of
    another: it stays where the file has it, and materials and parts keep their own names, by which
    they are recognized. ``normals``: whether those of the files are needed.
    """
    troubles: list[PreparationFailed] = []
    for choice in [*importers.choices(files), *others]:
        bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
        try:
            model = import_files(choice, name, keep_place=keep_place, root=root, normals=normals)
        except PreparationFailed as error:
            troubles.append(error)
        else:
            versions = _other_versions(model, others, root)
            return replace(model, left_out=[*_told(troubles, model), *versions, *model.left_out])
    raise troubles[0]


def _told(troubles: Sequence[PreparationFailed], model: Model) -> list[dict[str, Any]]:
    """That what was wanted first could not be read, and what was taken for it."""
    name = model.sources[0].name
    return [
        {"template": "{trouble} Taken instead: {name}.", "parts": {"trouble": said, "name": name}}
        for said in [trouble.message for trouble in troubles[:1]]
    ]


OTHER_VERSION: Final = "{name} was not brought in: another file is called the same."


def _other_versions(
    model: Model, others: Sequence[Sequence[Path]], root: Path | None
) -> list[dict[str, Any]]:
    """That there are files called as one of the model's, in other folders of an archive."""
    names = {source.name.lower() for source in model.sources}
    alike = [
        file
        for choice in others
        for file in choice
        if file.name.lower() in names and file not in model.sources
    ]
    parent = root or model.sources[0].parent
    shown = [file.relative_to(parent) if file.is_relative_to(parent) else file for file in alike]
    return [{"template": OTHER_VERSION, "parts": {"name": file.as_posix()}} for file in shown]


def import_files(
    files: Sequence[Path],
    name: str,
    *,
    keep_place: bool = False,
    root: Path | None = None,
    normals: bool = True,
) -> Model:
    """The same of the best of ``files`` alone, into the open file, which has to be empty."""
    sources = importers.choices(files)[0]
    own = OwnFiles(root or sources[0].parent)
    _import_parts(sources, own, normals=normals)
    own_pictures.pack(own)
    takes.keep()
    normalize.remove_all_but_models()
    normalize.apply_transforms(normalize.models())
    models = normalize.free_of_empties()
    if not any(obj.type == "MESH" for obj in models):
        raise PreparationFailed(
            "There is no mesh in {name}.",
            name=sources[0].name,
            hint="Look at the downloaded file, or send the job again.",
        )
    way: Sequence[float] = ()
    if keep_place:
        normalize.remember_material_names()
    else:
        way = normalize.stand_on_origin(models)[:]
        normalize.name_after(name, models)
    motion.turn_by_euler(models)
    collection = normalize.collect(name, models)
    if way:
        collection[FILE_ORIGIN] = list(way)
    normalize.drop_unused()
    return Model(collection, models, own.left_out, sources, normals)


def _import_parts(sources: Sequence[Path], own: OwnFiles, *, normals: bool) -> None:
    """Import those that can be read; the others are left out, unless there is none."""
    troubles = []
    for source in sources:
        before = set(bpy.data.objects)
        try:
            importers.import_model(source, own, normals=normals)
        except PreparationFailed as error:
            troubles.append(error)
            bpy.data.batch_remove([obj for obj in bpy.data.objects if obj not in before])
    if len(troubles) == len(sources):
        raise troubles[0]
    own.left_out += [trouble.message for trouble in troubles]


def figures(model: Model) -> dict[str, Any]:
    """What a report says of a model; lengths in metres."""
    return {
        "blender_version": list(bpy.app.version),
        "collection": model.collection.name,
        "objects": len(model.objects),
        "triangles": normalize.count_triangles(model.objects),
        "dimensions": [round(side, 6) for side in normalize.dimensions(model.objects)],
        "left_out": list(model.left_out),
    }


def write(collection: bpy.types.Collection, to: Path) -> None:
    """Write the collection, and what it uses, as a .blend; ``to`` is never half a file."""
    part = to.with_name(to.name + ".part")
    to.parent.mkdir(parents=True, exist_ok=True)
    bpy.data.libraries.write(str(part), {collection}, fake_user=True)
    whole_files.replace(part, to)

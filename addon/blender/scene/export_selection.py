"""Writing the selection down for the background Blender, which exports it: milliseconds here.

Nothing of the artist's is changed, except that the objects get a mark to be recognized by when
the file is opened again. Edits made in Edit Mode are written into the meshes first, as saving
would, and painted pictures that are not saved are written beside the .blend, which leaves them out.
"""

import uuid
import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import bpy

from ...catalog.messages import Message
from ...jobs.origin import Identity, SentSelection
from ...service import whole_files
from ..core.access import scene_of
from ..core.ids import EXTENSION
from ..core.units import metres_per_unit
from ..model.failure import own_words
from ..model.sent_objects import paint_file
from . import collections_of, paint
from .visible_surfaces import SURFACES

MARK: Final = f"{EXTENSION}_id"
"""Custom property an object is recognized by in a file that was opened again."""


class SendFailed(Exception):
    """The selection cannot be written down; the text says why."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be sent as one model: the first object is the one a result takes the place of."""

    objects: tuple[bpy.types.Object, ...]
    apply_modifiers: bool = True

    @property
    def main(self) -> bpy.types.Object:
        return self.objects[0]

    @property
    def key(self) -> tuple[int | bool, ...]:
        """What it is known by as long as nothing changes; see ``read_cache.once``."""
        return (self.apply_modifiers, *(obj.session_uid for obj in self.objects))


def is_sendable(obj: bpy.types.Object) -> bool:
    """Tell whether the object shows a surface: of its own, or of a collection it instances."""
    if obj.type in SURFACES:
        return True
    return obj.type == "EMPTY" and obj.instance_collection is not None


def selected(context: bpy.types.Context, *, children_too: bool = False) -> list[bpy.types.Object]:
    """The selected objects that can be sent, the active one first if it is among them.

    ``children_too``: also those that show nothing themselves but have something below them.
    """
    found = [
        obj
        for obj in context.selected_objects
        if is_sendable(obj) or (children_too and any(map(is_sendable, obj.children_recursive)))
    ]
    active = context.active_object
    return sorted(found, key=lambda obj: obj != active)


def whole(context: bpy.types.Context) -> Selection | None:
    """The selected objects with all that hangs on them as one model; None where there is none."""
    objects = with_children(selected(context, children_too=True))
    return Selection(tuple(objects)) if objects else None


def lack_words(context: bpy.types.Context) -> str:
    """What to select when nothing that is selected can be sent."""
    types = {obj.type for obj in context.selected_objects}
    if not types:
        return "Select an object first."
    if types == {"ARMATURE"}:
        return "An armature has no surface: select the mesh that it deforms instead."
    return "There is no surface to send: select a mesh, a curve, a text or a metaball instead."


def with_children(objects: Iterable[bpy.types.Object]) -> list[bpy.types.Object]:
    """The objects and everything visible below them, each once, in order."""
    found: dict[bpy.types.Object, None] = {}
    for obj in objects:
        found[obj] = None
        below = (c for c in obj.children_recursive if is_sendable(c) and c.visible_get())
        found.update(dict.fromkeys(below))
    return list(found)


def helpers(selection: Selection) -> list[bpy.types.Object]:
    """Objects that are not sent and give others their shape by no more than a name: metaballs.

    All that are called alike are one surface, which the one without a number shows.
    """
    families = {_family(obj) for obj in selection.objects if obj.type == "META"}
    if not families:
        return []
    scenes = {scene for obj in selection.objects for scene in obj.users_scene}
    alike = [
        obj
        for scene in scenes
        for obj in scene.objects
        if obj.type == "META" and _family(obj) in families and obj.library is None
    ]
    return [obj for obj in alike if obj not in selection.objects and obj.visible_get()]


def _family(obj: bpy.types.Object) -> str:
    return obj.name.rstrip("0123456789").removesuffix(".")


def write_blend(selection: Selection, to: Path) -> None:
    """Write the objects, and all they use, to ``to``, as they are seen; raises SendFailed.

    ``model.sent_objects`` reads it; ``remove_blend`` removes it.
    """
    for obj in selection.objects:
        if obj.mode != "OBJECT":  # sculpting may keep its own copy as well
            obj.update_from_editmode()
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        written: set[bpy.types.ID] = {*selection.objects, *helpers(selection)}
        bpy.data.libraries.write(str(to), written, path_remap="ABSOLUTE")
        paint.write(selection.objects, paint_file(to))
    except (OSError, RuntimeError) as error:
        raise SendFailed(
            Message("The selection could not be written: {error}", error=own_words(error))
        ) from error


def remove_blend(blend: Path) -> None:
    """Remove what ``write_blend`` wrote."""
    whole_files.discard(blend)
    whole_files.discard(paint_file(blend))


def export_settings(context: bpy.types.Context, selection: Selection) -> dict[str, Any]:
    """What the exporting script has to know; see ``background.export.export_model``."""
    scene = scene_of(context)
    return {
        "objects": [obj.name for obj in selection.objects],
        "matrices": [rows(obj) for obj in selection.objects],
        "helpers": [obj.name for obj in helpers(selection)],
        "libraries": [library_file(obj) for obj in selection.objects],
        "origin": list(selection.main.matrix_world.translation[:]),
        "scale": metres_per_unit(scene),
        "frame": scene.frame_current,
        "subframe": scene.frame_subframe,
        "simplify": scene.render.simplify_subdivision if scene.render.use_simplify else None,
        "apply_modifiers": selection.apply_modifiers,
    }


def library_file(obj: bpy.types.Object) -> str:
    """The file a linked object lies in, else "": the written .blend only refers to it."""
    library = obj.library
    return "" if library is None else bpy.path.abspath(library.filepath, library=library.parent)


def rows(obj: bpy.types.Object) -> list[list[float]]:
    """The object's world matrix as JSON."""
    world = obj.matrix_world
    return [[world[row][column] for column in range(4)] for row in range(4)]


def describe(context: bpy.types.Context, selection: Selection) -> SentSelection:
    """What the job remembers of the objects, to find them again."""
    scene = scene_of(context)
    x, y, z = selection.main.matrix_world.translation[:]
    return SentSelection(
        objects=tuple(
            replace(identity(obj), edits=tuple(fingerprint(obj))) for obj in selection.objects
        ),
        origin=(x, y, z),
        matrix=tuple(map(tuple, rows(selection.main))),
        scale=metres_per_unit(scene),
        apply_modifiers=selection.apply_modifiers,
    )


def identity(obj: bpy.types.Object) -> Identity:
    """What ``find`` finds the object by; marks it."""
    return Identity(obj.name, obj.session_uid, _mark(obj))


def _mark(obj: bpy.types.Object) -> str:
    """The mark of the object, which gets one if the file keeps it."""
    if not collections_of.is_own(obj):
        return ""
    if obj.get(MARK) is None:
        obj[MARK] = uuid.uuid4().hex
    return str(obj[MARK])


def fingerprint(obj: bpy.types.Object) -> list[int]:
    """Numbers that differ if the mesh was edited."""
    mesh = obj.data
    if not isinstance(mesh, bpy.types.Mesh):
        return []
    places = array("f", bytes(12 * len(mesh.vertices)))
    mesh.vertices.foreach_get("co", places)
    return [*counts(obj), zlib.crc32(places)]


def counts(obj: bpy.types.Object) -> list[int]:
    """The part of the fingerprint that costs nothing: how many of what the mesh has."""
    mesh = obj.data
    if not isinstance(mesh, bpy.types.Mesh):
        return []
    return [len(mesh.vertices), len(mesh.loops), len(mesh.polygons)]


def find(known: Identity, *, same_session: bool) -> bpy.types.Object | None:
    """The object a job was sent from, by identity: renamed or moved, it is still the same.

    ``same_session`` tells that the file was not opened again since. None: it was deleted.
    """
    if same_session:
        uid = known.session_uid
        return next((obj for obj in bpy.data.objects if obj.session_uid == uid), None)
    mark, name = known.mark, known.name
    marked = [obj for obj in bpy.data.objects if mark and obj.get(MARK) == mark]
    same_name = [obj for obj in marked if obj.name == name]
    # A copy of the object has its mark too.
    found: Sequence[bpy.types.Object] = same_name or marked
    if found or mark:
        return found[0] if found else None
    # What is not the file's own has none; an override has the name of what it overrides.
    others = [
        obj for obj in bpy.data.objects if obj.name == name and not collections_of.is_own(obj)
    ]
    return next((obj for obj in others if obj.users_scene), None)

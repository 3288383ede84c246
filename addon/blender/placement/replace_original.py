"""Bring a result back to the object it was made from: in its place, with all that belongs to it.

The original is kept hidden, and linked to the result. Where the result cannot take its place (the
original was deleted or edited meanwhile), it stands beside it, with a word why.

Coordinates: a result is in metres around where the original's origin was when it was sent, in the
scene's directions (see ``scene.export_selection``). Undoing the original's matrix of that moment
gives its local coordinates, so the result follows wherever the original has been moved to.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import bpy
from mathutils import Matrix, Vector

from ...catalog import Outcome, UnknownOperation, get
from ...catalog.messages import Message, error_message
from ...jobs.job import Failure, Job
from ...jobs.origin import SentSelection
from ...jobs.placement_options import PlacementOptions, Where
from ..core import session
from ..core.access import copy_of, mesh_of, present, scene_of, view_layer_of
from ..model import motion, naming, reshape
from ..model.failure import own_words
from ..scene import (
    carried,
    collections_of,
    export_selection,
    hiding,
    materials,
    object_links,
    parenting,
    provenance,
    replacement_object,
    retexture,
    rollback,
    versions,
)
from . import append_result, destination
from .free_spot import around
from .policy import PLACE_FAILED
from .read_result import AppendFailed, ResultUnusable


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What entered the scene, and what there is to say about it."""

    objects: tuple[bpy.types.Object, ...]
    words: str
    remark: str = ""
    """What is other than it was asked for, if anything is; for the job's line in the list."""


def comes_back(job: Job) -> bool:
    """Whether the result takes the place of what was sent, so that there is none to choose."""
    return job.keeps_place and job.origin.sent is not None


def import_result(
    context: bpy.types.Context, job: Job, options: PlacementOptions, targets: destination.Targets
) -> ImportOutcome:
    """Bring the job's prepared result in, the way that fits what it is; raises AppendFailed.

    ``options`` and ``targets`` are for what does not come back to something.
    """
    if not comes_back(job):
        return import_as_new(context, job, options, targets)
    with append_result.appended(job) as carrier:
        outcome = _come_home(context, job, carrier)
        _drop_carrier(carrier)
    return outcome


def import_as_new(
    context: bpy.types.Context, job: Job, options: PlacementOptions, targets: destination.Targets
) -> ImportOutcome:
    """Bring the job's prepared result in, replacing nothing; raises AppendFailed."""
    placed = append_result.place(context, job, options, targets)
    words = Message("Placed {name}", name=job.name)
    if placed.remark:
        words = Message("{name}: {remark}", name=job.name, remark=Message(placed.remark))
    return ImportOutcome(tuple(placed.objects), words, placed.remark)


def failure_of(job: Job, error: Exception) -> Failure:
    """What to keep with a job whose result could not be placed: why, and what can be done."""
    if isinstance(error, AppendFailed):
        message = error_message(error)
    else:
        said = own_words(error) or type(error).__name__
        message = Message("The result could not be placed: {error}", error=said)
    if isinstance(error, ResultUnusable):
        hint = "Prepare it again from the downloaded files."
    elif comes_back(job):
        hint = "Import as New brings it in on the 3D cursor and replaces nothing."
    else:
        hint = "Import it by hand to try again."
    return Failure(PLACE_FAILED, message, hint)


def outcome_of(job: Job) -> Outcome:
    """What the job's result is to the model it was made from."""
    try:
        return get(job.operation).outcome
    except UnknownOperation:
        return Outcome.MODEL


def _come_home(
    context: bpy.types.Context, job: Job, collection: bpy.types.Collection
) -> ImportOutcome:
    sent = present(job.origin.sent, "selection that was sent")
    pieces = [obj for obj in collection.all_objects if obj.type == "MESH"]
    if not pieces:
        raise AppendFailed("There is no mesh in the result.")
    same_session = session.is_open(job)
    found = [export_selection.find(one, same_session=same_session) for one in sent.objects]
    scene = scene_of(context)
    originals = [obj for obj in found if obj is not None and scene in obj.users_scene]
    main = originals[0] if originals and originals[0] == found[0] else None
    objection = _objection(job, sent, main, originals)
    if main is None or objection:
        return _stand_beside(context, job, pieces, main, objection)
    _to_local(pieces, sent)
    outcome = outcome_of(job)
    if outcome is Outcome.PARTS:
        results = replacement_object.parts(scene, main, pieces)
        made = results[1:]
    else:
        whole = _joined(context, collection, pieces)
        own = retexture.on_own_geometry(main, whole) if outcome is Outcome.TEXTURES else None
        bakes = sent.apply_modifiers and own is None
        results = [
            replacement_object.make_replacement(scene, main, own or whole, bakes_modifiers=bakes)
        ]
        made = results
        if own is not None:
            retexture.let_uvs_be(results[0])
        materials.carry_over(
            originals,
            results[0],
            textures=outcome is Outcome.TEXTURES,
            complete=len(originals) == len(found),
        )
    for result in made:
        if carried.is_at_rest(mesh_of(result)):
            carried.come_to_rest(result, originals)
    provenance.mark(results, job)
    _name_materials(made, job)
    # Another answer may have been quicker, or an older version is looked at.
    shown = [versions.shown_for(scene, original) for original in originals]
    number = versions.next_number(scene, main)
    left = parenting.left_behind(shown[0], results[0], besides=(*results, *shown))
    with rollback.unless_it_fails(dict.fromkeys([*originals, *shown]), view_layer_of(context)):
        object_links.link(results[0], originals, number=number)
        if shown[0] != main:  # which stays behind while another is seen
            hiding.follow(results[0], shown[0])
        take_place(context, results, shown)
        _name_parts(results[0].name, results[1:])
    words = Message("{name}: the original is hidden", name=results[0].name)
    return ImportOutcome(tuple(results), words, _about_left_behind(left, shown[0]))


def _about_left_behind(children: Sequence[bpy.types.Object], original: bpy.types.Object) -> str:
    """What to say of children that still hang on the original; "" if there are none."""
    if not children:
        return ""
    return Message(
        "Still on the hidden {original}: {names}. They are overrides, which keep how they hang.",
        original=original.name,
        names=", ".join(child.name for child in children),
    )


def _objection(
    job: Job,
    sent: SentSelection,
    main: bpy.types.Object | None,
    originals: Sequence[bpy.types.Object],
) -> str:
    """Why the result cannot take the original's place; "" if it can."""
    name = sent.objects[0].name
    if main is None:
        return Message("{name} was deleted meanwhile: the result is where it was", name=name)
    if outcome_of(job) is Outcome.FILE:
        return Message("Placed beside {name}", name=main.name)
    linked = next((obj for obj in originals if obj.library is not None), None)
    if linked is not None:  # it cannot be hidden
        return Message(
            "{name} is linked from another file: the result is placed beside it", name=linked.name
        )
    if tuple(export_selection.fingerprint(main)) != sent.objects[0].edits:
        return Message(
            "{name} was edited meanwhile: the result is placed beside it", name=main.name
        )
    if abs(_world(sent).determinant()) == 0.0:
        return Message(
            "{name} is scaled to nothing: the result is placed beside it", name=main.name
        )
    return ""


def _world(sent: SentSelection) -> Matrix:
    return Matrix(sent.matrix)


def _to_scene(sent: SentSelection) -> Matrix:
    """From the result's coordinates to those of the scene when it was sent."""
    return Matrix.Translation(sent.origin) @ Matrix.Scale(1.0 / sent.scale, 4)


def _to_local(pieces: Sequence[bpy.types.Object], sent: SentSelection) -> None:
    """Express the pieces in the local coordinates of the original."""
    _bake(pieces, _world(sent).inverted() @ _to_scene(sent))


def _bake(pieces: Sequence[bpy.types.Object], matrix: Matrix) -> None:
    """Apply transforms, and then a matrix, to the pieces' meshes instead of their transforms."""
    # All before the first is parted from what it hangs on.
    places = {piece: motion.place_of(piece) for piece in pieces}
    for piece, place in places.items():
        _bake_one(piece, matrix @ place)


def _bake_one(piece: bpy.types.Object, matrix: Matrix) -> None:
    mesh = mesh_of(piece)
    if mesh.users > 1:
        mesh = copy_of(mesh)
        piece.data = mesh
    reshape.transform(mesh, matrix)
    mesh.update()
    piece.parent = None
    piece.matrix_world = Matrix.Identity(4)


def _joined(
    context: bpy.types.Context,
    collection: bpy.types.Collection,
    pieces: Sequence[bpy.types.Object],
) -> bpy.types.Mesh:
    """One mesh of all the pieces."""
    whole = pieces[0]
    if len(pieces) > 1:
        meshes = [mesh_of(piece) for piece in pieces]
        if any(mesh.materials for mesh in meshes):
            for mesh in meshes:
                if not mesh.materials:
                    mesh.materials.append(None)  # or it would wear another's first
        scene = scene_of(context)
        scene.collection.children.link(collection)
        with context.temp_override(
            active_object=whole, object=whole, selected_editable_objects=list(pieces)
        ):
            bpy.ops.object.join()
    return mesh_of(whole)


def take_place(
    context: bpy.types.Context,
    results: Sequence[bpy.types.Object],
    shown: Sequence[bpy.types.Object],
) -> None:
    """Put the results where those objects are that are seen, which are hidden."""
    main, result = shown[0], results[0]
    layer = view_layer_of(context)
    was_selected = main.select_get(view_layer=layer)
    was_active = layer.objects.active == main
    parenting.adopt_children(main, result, besides=(*results, *shown))
    hiding.swap_names(main, result, f" {versions.label_of(main)}")
    append_result.show_in_local_view(context, results)
    hiding.exchange(main, results, layer)
    for one in dict.fromkeys(part for obj in shown for part in (obj, *object_links.parts_of(obj))):
        if one not in results:
            one.select_set(False, view_layer=layer)
            hiding.hide(one, layer)
    if was_selected:
        for one in results:
            one.select_set(True, view_layer=layer)
    if was_active:
        layer.objects.active = result


def _stand_beside(
    context: bpy.types.Context,
    job: Job,
    pieces: Sequence[bpy.types.Object],
    main: bpy.types.Object | None,
    words: str,
) -> ImportOutcome:
    """Put the pieces where the original was when it was sent, or to its right if it still is."""
    sent = present(job.origin.sent, "selection that was sent")
    scene = scene_of(context)
    origin = Vector(sent.origin)
    carried.keep_pose(pieces)
    _bake(pieces, Matrix.Scale(1.0 / sent.scale, 4))
    if main is not None:
        origin = main.matrix_world.translation.copy()
    corners = [origin + Vector(corner) for piece in pieces for corner in piece.bound_box]
    targets = destination.Targets(origin, None, None)
    origin = destination.free(context, Where.CURSOR, targets, around(corners), job)
    collections_of.join(scene, pieces, main)
    for piece in pieces:
        piece.location = origin
    if len(pieces) == 1:
        pieces[0].name = job.name
    else:
        _name_parts(job.name, pieces)
    _name_materials(pieces, job)
    provenance.mark(pieces, job)
    append_result.show_in_local_view(context, pieces)
    append_result.select(context, pieces)
    return ImportOutcome(tuple(pieces), words, words)


def _name_parts(name: str, parts: Sequence[bpy.types.Object]) -> None:
    """Name the pieces, and their meshes, after the whole."""
    names = naming.names_of_several(name, [part.name for part in parts])
    naming.rename(dict(zip(parts, names, strict=True)))
    naming.rename({mesh_of(part): part.name for part in parts})


def _name_materials(results: Sequence[bpy.types.Object], job: Job) -> None:
    """Name the materials that came along after the job, but for those the artist knows by name."""
    worn = (slot.material for result in results for slot in result.material_slots)
    came = [one for one in worn if one is not None and one.get(provenance.JOB) == job.id]
    naming.name_what_says_nothing(job.name, list(dict.fromkeys(came)))


def _drop_carrier(collection: bpy.types.Collection) -> None:
    """Remove what the result travelled in, and what of it was not used."""
    left = [obj for obj in collection.all_objects if obj.users_collection == (collection,)]
    meshes = [obj.data for obj in left if obj.data is not None]
    bpy.data.batch_remove([*left, collection])
    bpy.data.batch_remove([mesh for mesh in meshes if mesh.users == 0])

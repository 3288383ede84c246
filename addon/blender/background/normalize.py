"""From whatever an importer made to clean, named objects that stand on the origin."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import bpy
from mathutils import Matrix, Vector

from ..core.access import mesh_of, scene_of, view_layer_of
from ..model import animation, motion, naming, reshape
from ..model.motion import hang_on_empty
from ..model.names import MATERIAL_NAME

MODEL_TYPES: Final = {"MESH", "ARMATURE"}

SHEAR: Final = 1e-5
"""Of the largest number in a matrix: what may be missing from it when it was taken apart."""


def remove_all_but_models() -> None:
    """Delete cameras, lights and everything else that is neither model nor empty.

    What has a model below it leaves an empty in its place.
    """
    unwanted = [obj for obj in bpy.data.objects if not _is_wanted(obj)]
    for obj in unwanted:
        if obj.users_scene and any(below.type in MODEL_TYPES for below in obj.children_recursive):
            _leave_an_empty(obj)
    bpy.data.batch_remove(unwanted)
    for obj in models():
        # Blender from 4.3 on crashes when it transforms shape keys of nothing.
        if obj.type == "MESH" and not mesh_of(obj).vertices:
            obj.shape_key_clear()


def _is_wanted(obj: bpy.types.Object) -> bool:
    # Blender's importers keep the shapes of bones in collections that are in no scene.
    if not obj.users_scene:
        return False
    return obj.type in MODEL_TYPES or obj.type == "EMPTY"


def _leave_an_empty(obj: bpy.types.Object) -> None:
    """Hang what hangs on the object on an empty that stands, and moves, as it does."""
    empty = bpy.data.objects.new(obj.name, None)
    scene_of(bpy.context).collection.objects.link(empty)
    empty.parent, empty.matrix_parent_inverse = obj.parent, obj.matrix_parent_inverse
    motion.copy_transform(obj, empty)
    animation.copy(obj, empty)
    for child in obj.children:
        inverse = child.matrix_parent_inverse.copy()
        child.parent = empty
        child.matrix_parent_inverse = inverse  # last: the parent resets it


def apply_transforms(models: Sequence[bpy.types.Object]) -> None:
    """Bake position, rotation and scale into the meshes of a still model, and part its objects.

    Rigs and animated models keep hierarchy and transforms. So do meshes several objects share,
    unless one of them is sheared, which no object can be by itself: it gets a mesh of its own.
    """
    if any(obj.type != "MESH" or any(map(motion.moves, _chain(obj))) for obj in models):
        return
    view_layer_of(bpy.context).update()
    # All before the first is parted from what it hangs on.
    worlds = {obj: obj.matrix_world.copy() for obj in models}
    for obj, world in worlds.items():
        obj.animation_data_clear()
        obj.parent = None
        if mesh_of(obj).users > 1 and _is_own_transform(world):
            obj.matrix_world = world
        else:
            _bake(obj, world)
    view_layer_of(bpy.context).update()


def models() -> list[bpy.types.Object]:
    """Every mesh and rig of the open file."""
    return [obj for obj in bpy.data.objects if obj.type in MODEL_TYPES]


def _bake(obj: bpy.types.Object, world: Matrix) -> None:
    if mesh_of(obj).users > 1:
        obj.data = mesh_of(obj).copy()
    reshape.transform(mesh_of(obj), world)
    obj.matrix_world = Matrix.Identity(4)


def _is_own_transform(world: Matrix) -> bool:
    """Whether position, rotation and scale of one object make the matrix.

    Not so below what is scaled along one side and turned: it is sheared.
    """
    place, turn, scale = world.decompose()
    again = (
        Matrix.Translation(place[:])
        @ turn.to_matrix().to_4x4()
        @ Matrix.Diagonal(scale[:]).to_4x4()
    )
    numbers, made = _numbers(world), _numbers(again)
    most = max(map(abs, numbers))
    return all(abs(one - other) <= SHEAR * most for one, other in zip(numbers, made, strict=True))


def _numbers(matrix: Matrix) -> list[float]:
    return [float(value) for row in matrix[:3] for value in row[:3]]


def free_of_empties() -> list[bpy.types.Object]:
    """Delete the empties, keep every model where it is, and return the models.

    A model below an empty is hung on its nearest model ancestor. An animated empty moves what
    hangs on it, the keys of an animated object are in the space of what it hangs on, and what is
    sheared is so by several above it: such chains stay as they are.
    """
    view_layer_of(bpy.context).update()
    kept = set(models())
    for obj in list(kept):
        if any(map(motion.moves, _chain(obj))) or not _is_own_transform(obj.matrix_world):
            kept.update(_chain(obj))
    # All before the first is parted from what it hangs on.
    spaces = {obj: _space(obj) for obj in kept if obj.parent not in {None, *kept}}
    for obj, space in spaces.items():
        _hang_on_nearest(obj, space, kept)
    bpy.data.batch_remove([obj for obj in bpy.data.objects if obj not in kept])
    return sorted(kept, key=lambda obj: obj.name)


def _space(obj: bpy.types.Object) -> Matrix:
    """What the object's own transform is relative to, in the world."""
    parent = obj.parent
    return Matrix.Identity(4) if parent is None else parent.matrix_world @ obj.matrix_parent_inverse


def _hang_on_nearest(obj: bpy.types.Object, space: Matrix, kept: set[bpy.types.Object]) -> None:
    """Hang an object that does not move on what is kept, where it is."""
    parent = next((above for above in _ancestors(obj) if above in kept), None)
    if parent is not None:
        obj.parent = parent
        obj.matrix_parent_inverse = parent.matrix_world.inverted_safe() @ space
        return
    motion.forget_transform(obj)  # keys that hold it still hold it in what it hung on
    world = space @ obj.matrix_basis
    obj.parent = None
    obj.matrix_world = world


def _chain(obj: bpy.types.Object) -> list[bpy.types.Object]:
    """The object and all above it."""
    return [obj, *_ancestors(obj)]


def _ancestors(obj: bpy.types.Object) -> Iterable[bpy.types.Object]:
    above = obj.parent
    while above is not None:
        yield above
        above = above.parent


def stand_on_origin(models: list[bpy.types.Object]) -> Vector:
    """Move everything so that its base is centred on the world's origin; returns the way.

    Empties that take the move of animated objects join ``models``.
    """
    way = -foot(models)
    shift = Matrix.Translation(way[:])
    for obj in [obj for obj in models if obj.parent is None]:
        if obj.type == "MESH" and _is_alone_and_unmoved(obj):
            mesh_of(obj).transform(shift, shape_keys=True)
        elif motion.moves(obj):
            empty = hang_on_empty(obj)
            empty.matrix_world = shift
            models.append(empty)
        else:
            motion.forget_transform(obj)  # keys that hold it still would put it back
            obj.location += way
    view_layer_of(bpy.context).update()
    return way


def _is_alone_and_unmoved(obj: bpy.types.Object) -> bool:
    is_plain = mesh_of(obj).users == 1 and not obj.children and not motion.moves(obj)
    return is_plain and obj.matrix_world == Matrix.Identity(4)


def dimensions(models: Sequence[bpy.types.Object]) -> tuple[float, float, float]:
    """Size along x, y and z in metres."""
    low, high = _bounds(models)
    size = high - low
    return size.x, size.y, size.z


def foot(models: Sequence[bpy.types.Object]) -> Vector:
    """The bottom center of the model."""
    low, high = _bounds(models)
    return Vector(((low.x + high.x) / 2, (low.y + high.y) / 2, low.z))


def _bounds(models: Sequence[bpy.types.Object]) -> tuple[Vector, Vector]:
    """Lowest and highest corner of all meshes as they are shown, in every frame, in the world."""
    import numpy as np  # late: Blender takes a while to load it

    scene = scene_of(bpy.context)
    present, corners = scene.frame_current, []
    for frame in motion.frames(models) or [present]:
        if frame != scene.frame_current:
            scene.frame_set(frame)
        depsgraph = bpy.context.evaluated_depsgraph_get()
        for obj in models:
            if obj.type == "MESH":
                corners += _corners(obj.evaluated_get(depsgraph))
    if scene.frame_current != present:
        scene.frame_set(present)
    every = np.array(corners) if corners else np.zeros((1, 3))
    return Vector(every.min(axis=0).tolist()), Vector(every.max(axis=0).tolist())


def _corners(shown: bpy.types.Object) -> list[Any]:
    """Lowest and highest corner of an evaluated mesh in the world; none of an empty one.

    From its vertices: the box around a turned box is larger than what is in it.
    """
    import numpy as np

    from ..model.arrays import moved, places_of

    mesh = mesh_of(shown)
    if not len(mesh.vertices):
        return []
    places: Any = places_of(mesh)
    if shown.matrix_world != Matrix.Identity(4):
        places = moved(places, shown.matrix_world)
    columns = np.ascontiguousarray(places.T)  # along which numpy is many times faster
    return [columns.min(axis=1), columns.max(axis=1)]


def count_triangles(models: Sequence[bpy.types.Object]) -> int:
    """Triangles of all meshes: a polygon with n corners makes n - 2."""
    meshes = [mesh_of(obj) for obj in models if obj.type == "MESH"]
    return sum(len(mesh.loops) - 2 * len(mesh.polygons) for mesh in meshes)


def name_after(name: str, models: Sequence[bpy.types.Object]) -> None:
    """Name objects, meshes, materials and pictures after the job; see ``model.naming``."""
    for suffix, kind in (("", "MESH"), (" Rig", "ARMATURE"), (" Group", "EMPTY")):
        naming.name_all(f"{name}{suffix}", [obj for obj in models if obj.type == kind])
    # Several objects can share a mesh, which is then called as the first.
    naming.rename({obj.data: obj.name for obj in reversed(models) if obj.data is not None})
    materials = [material for material in bpy.data.materials if material.users]
    naming.name_all(name, materials)
    naming.name_pictures(name, materials)


def remember_material_names() -> None:
    """Note the name of every material on itself."""
    for material in bpy.data.materials:
        material[MATERIAL_NAME] = material.name


@contextmanager
def names_free() -> Iterator[None]:
    """Let materials that come meanwhile, and go again, have the names they had elsewhere."""
    names = {}
    for number, material in enumerate(list(bpy.data.materials)):
        aside = f"studio3d {number}"
        names[aside] = material.name
        material.name = aside
    try:
        yield
    finally:
        for material in list(bpy.data.materials):
            material.name = names.get(material.name, material.name)


def collect(name: str, models: Sequence[bpy.types.Object]) -> bpy.types.Collection:
    """Put the models, and nothing else, into a new collection of the scene."""
    collection = bpy.data.collections.new(name)
    scene_of(bpy.context).collection.children.link(collection)
    for obj in models:
        for other in obj.users_collection:
            other.objects.unlink(obj)
        collection.objects.link(obj)
    return collection


def keep_only(collection: bpy.types.Collection) -> None:
    """Delete all objects that are not in the collection."""
    kept = set(collection.all_objects)
    bpy.data.batch_remove([obj for obj in bpy.data.objects if obj not in kept])


def drop_unused() -> None:
    """Delete all data that nothing uses any more."""
    bpy.data.orphans_purge(do_local_ids=True, do_linked_ids=True, do_recursive=True)

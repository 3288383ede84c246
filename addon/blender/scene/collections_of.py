"""Which collections a new object is put into that belongs to one of the artist's."""

from collections.abc import Iterable, Iterator

import bpy

from . import physics


def is_own(item: bpy.types.ID) -> bool:
    """Whether the data-block is the open file's alone: neither linked nor an override."""
    return item.library is None and item.override_library is None


def join(
    scene: bpy.types.Scene, objects: Iterable[bpy.types.Object], at: bpy.types.Object | None
) -> None:
    """Put the objects where ``at`` is: into its collections, or the nearest they can go into.

    They are in the scene afterwards.
    """
    tree = (scene.collection, *scene.collection.children_recursive)
    wanted = {} if at is None else dict.fromkeys(_open_to_all(at.users_collection, tree))
    for obj in objects:
        for home in wanted:
            _link(obj, home)
        if not any(home in tree for home in obj.users_collection):
            _link(obj, scene.collection)


def _link(obj: bpy.types.Object, home: bpy.types.Collection) -> None:
    # A copy of a rigid body is in its collections already.
    if home not in obj.users_collection:
        home.objects.link(obj)


def _open_to_all(
    homes: Iterable[bpy.types.Collection], tree: Iterable[bpy.types.Collection]
) -> Iterator[bpy.types.Collection]:
    """The collections, or those above them, that take any object and do nothing to it."""
    for home in homes:
        if is_own(home) and home not in physics.collections():
            yield home
        else:
            yield from _open_to_all([one for one in tree if home in one.children[:]], tree)

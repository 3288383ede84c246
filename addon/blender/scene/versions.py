"""Versions of an object: the original and the results that took its place, oldest first.

A result knows what it was made from (``object_links``). A second answer can be made from the first,
or from the same original: together they are a tree, and one of it is shown. Objects that were sent
along with the original, and are one with it in the result, are hidden and shown with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import bpy

from ..core.access import by_name, scene_of, view_layer_of
from . import hiding, object_links, parenting, provenance, read_cache


@dataclass(frozen=True, slots=True)
class Version:
    """One of an object's versions."""

    object: bpy.types.Object
    label: str
    """What it is, in English: ``Original``, or the tool that made it."""
    is_shown: bool


def of(scene: bpy.types.Scene, obj: bpy.types.Object | None) -> tuple[Version, ...]:
    """The versions of ``obj``, from whichever of them; none where there is but one.

    Asked again only when something in Blender has changed, as panels are drawn often.
    """
    if obj is None or obj.library is not None or not _may_have_versions(obj):
        return ()
    # The count, for a script that removes one and asks at once: nothing has been evaluated by then.
    key = ("versions", scene.session_uid, obj.session_uid, len(bpy.data.objects))
    return read_cache.once(key, lambda: _versions(scene, obj))


def _may_have_versions(obj: bpy.types.Object) -> bool:
    return object_links.is_result(obj) or object_links.may_be_replaced(obj)


def _versions(scene: bpy.types.Scene, obj: bpy.types.Object) -> tuple[Version, ...]:
    found = _tree(scene, obj)
    shown = _shown(found, obj)
    return tuple(Version(one, label_of(one), one == shown) for one in found)


def label_of(obj: bpy.types.Object) -> str:
    """What the version is, in English: it ends names of hidden objects, and is translated."""
    if not object_links.is_result(obj):
        return ORIGINAL
    return provenance.label_of_operation(obj) or RESULT


ORIGINAL: Final = "Original"
RESULT: Final = "Result"


def _shown(
    found: Sequence[bpy.types.Object], preferred: bpy.types.Object
) -> bpy.types.Object | None:
    """The one that is not hidden; of several, as after copying one, the preferred one."""
    seen = [one for one in found if not hiding.is_hidden(one)]
    return preferred if preferred in seen else next(iter(seen), None)


def _tree(scene: bpy.types.Scene, obj: bpy.types.Object) -> list[bpy.types.Object]:
    """The original first, then its results as they came; [] if there is nothing but ``obj``."""
    results = _results(scene)
    found = _below(_root(scene, obj), results)
    if len(found) == 1:
        # It may have been sent along with the one that was replaced.
        whole = next((one for one in results if obj in object_links.made_from(one)), None)
        found = [] if whole is None else _below(_root(scene, whole), results)
    original, *made = found or [obj]
    ordered = sorted(made, key=object_links.number_of)  # a stable sort: in files of old all are 0
    return [original, *ordered] if found else []


def _results(scene: bpy.types.Scene) -> list[bpy.types.Object]:
    """The scene's objects that took another's place."""
    try:
        return [obj for obj in _all_results() if is_in(scene, obj)]
    except ReferenceError:  # one was removed, and another made
        read_cache.forget_all()
        return [obj for obj in _all_results() if is_in(scene, obj)]


def _all_results() -> list[bpy.types.Object]:
    return read_cache.until_undo(
        "results", lambda: [obj for obj in bpy.data.objects if object_links.is_result(obj)]
    )


def _root(scene: bpy.types.Scene, obj: bpy.types.Object) -> bpy.types.Object:
    """The oldest version there is in the scene."""
    return [one for one in _line(obj) if one == obj or is_in(scene, one)][-1]


def _line(obj: bpy.types.Object) -> Iterator[bpy.types.Object]:
    """The object, what it was made from, and so on, also what is in no scene any more."""
    seen: set[bpy.types.Object] = set()
    older: bpy.types.Object | None = obj
    while older is not None and older not in seen:
        seen.add(older)
        yield older
        older = next(iter(object_links.made_from(older)), None)


def _below(root: bpy.types.Object, results: Sequence[bpy.types.Object]) -> list[bpy.types.Object]:
    """The version and all that were made from it, directly or not."""
    return [root, *(one for one in results if one != root and root in _line(one))]


def is_in(scene: bpy.types.Scene, obj: bpy.types.Object) -> bool:
    """Whether it is there for the artist: what is deleted but pointed at stays in the file."""
    found = by_name(scene.objects, obj.name)
    if found is None or found == obj:
        return found is not None
    return scene in obj.users_scene  # slow, and needed only for names that linked ones have too


def shown_for(scene: bpy.types.Scene, obj: bpy.types.Object) -> bpy.types.Object:
    """The version that is seen in the place of ``obj``; itself where none of them is."""
    if not hiding.is_hidden(obj) or not _may_have_versions(obj):
        return obj
    return _shown(_tree(scene, obj), obj) or obj


def next_number(scene: bpy.types.Scene, obj: bpy.types.Object) -> int:
    """The number of the next result that is made from ``obj``."""
    numbers = map(object_links.number_of, _tree(scene, obj)) if _may_have_versions(obj) else ()
    return 1 + max(numbers, default=0)


# ---------------------------------------------------------------- showing one


def show(context: bpy.types.Context, wanted: bpy.types.Object) -> None:
    """Let ``wanted`` be seen where the version is that is seen now, with all that hangs on that."""
    scene, layer = scene_of(context), view_layer_of(context)
    active = context.active_object
    before = _shown(_tree(scene, wanted), active if active is not None else wanted)
    if before == wanted:
        return
    coming = [wanted, *object_links.parts_of(wanted)]
    if before is None:
        for one in coming:
            hiding.reveal(one, layer)
        return
    going = [before, *object_links.parts_of(before)]
    own, others = _sent_along(scene, before), _sent_along(scene, wanted)
    hiding.follow(wanted, before)
    hiding.exchange(before, [*coming, *(one for one in own if one not in others)], layer)
    for one in (*going, *(one for one in others if one not in own)):
        hiding.hide(one, layer)
    parenting.adopt_children(before, wanted, besides=(*going, *coming, *own, *others))
    hiding.swap_names(before, wanted, f" {label_of(before)}")


def _sent_along(scene: bpy.types.Scene, obj: bpy.types.Object) -> list[bpy.types.Object]:
    """The further objects that are one with the version, so that they are not seen with it."""
    made = [one for result in _line(obj) for one in object_links.made_from(result)[1:]]
    return [one for one in dict.fromkeys(made) if is_in(scene, one)]


def other_of(scene: bpy.types.Scene, found: Sequence[Version]) -> bpy.types.Object | None:
    """What to compare the shown version with: its latest result, else what it was made from."""
    shown = next((one.object for one in found if one.is_shown), None)
    if shown is None:
        return None
    older = [one for one in list(_line(shown))[1:] if is_in(scene, one)]
    newer = [one.object for one in found if shown in list(_line(one.object))[1:]]
    return newer[-1] if newer else next(iter(older), None)


# ---------------------------------------------------------------- keeping one


def leftovers(scene: bpy.types.Scene, kept: bpy.types.Object) -> list[bpy.types.Object]:
    """What there is of the other versions, to be removed when only ``kept`` is to stay.

    All that is hidden for it, and what is left of versions deleted by hand. What is seen is
    somebody's: another copy, say, which keeps what it was made from.
    """
    family = _family(scene, kept)
    seen = [one for one in family if is_in(scene, one) and not hiding.is_hidden(one)]
    needed = {older for one in seen if one != kept for older in _all_below([one])}
    own = [one for one in family if one != kept and one not in needed and one.library is None]
    gone = dict.fromkeys(part for one in own for part in (one, *object_links.parts_of(one)))
    return list(gone)


def _family(scene: bpy.types.Scene, obj: bpy.types.Object) -> list[bpy.types.Object]:
    """All objects that any of the versions stands for, and all that stand for any of those."""
    results = _results(scene)
    found = dict.fromkeys(_all_below([obj]))
    while True:
        new = [one for one in results if one not in found]
        more = [one for one in new if any(old in found for old in object_links.made_from(one))]
        if not more:
            return list(found)
        found |= dict.fromkeys(_all_below(more))


def _all_below(objects: Iterable[bpy.types.Object]) -> list[bpy.types.Object]:
    """The objects and all they were made from, also what is in no scene any more."""
    found: dict[bpy.types.Object, None] = {}
    left = list(objects)
    while left:
        obj = left.pop()
        if obj not in found:
            found[obj] = None
            left += object_links.made_from(obj)
    return list(found)


def keep_only(scene: bpy.types.Scene, kept: bpy.types.Object) -> None:
    """Remove the ``leftovers``; what hangs on them goes on hanging where it is."""
    gone = leftovers(scene, kept)
    staying = [one for one in _family(scene, kept) if one not in gone]
    for one in gone:
        parenting.adopt_orphans(one, kept, besides=gone)
    object_links.unlink(kept)
    for one in staying:
        object_links.unlink(one, [kept])
    bpy.data.batch_remove(gone)
    needed = {older for one in staying for older in object_links.made_from(one)}
    for one in staying:
        if one not in needed:
            object_links.unmark(one)

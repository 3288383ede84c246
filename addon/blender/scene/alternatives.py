"""Results that were not chosen: taken out of the open file."""

from collections.abc import Iterable

import bpy

from . import object_links, provenance, read_cache


def remove(jobs: Iterable[str]) -> set[str]:
    """Remove what these jobs placed, with the collections that held nothing else.

    What something else has been made from since stays: that is a version of it. Returns the jobs of
    which something is still there.
    """
    wanted = set(jobs)
    gone = [obj for obj in bpy.data.objects if _is_of(obj, wanted)]
    homes = {home for obj in gone for home in obj.users_collection}
    scenes = {scene.collection for scene in bpy.data.scenes}
    empty = [
        home
        for home in homes - scenes
        if not home.children and all(obj in gone for obj in home.objects)
    ]
    data = {obj.data for obj in gone if obj.data is not None}
    bpy.data.batch_remove([*gone, *empty])
    bpy.data.batch_remove([one for one in data if one.users == 0])
    read_cache.forget_all()
    return wanted & provenance.jobs_in_file()


def _is_of(obj: bpy.types.Object, jobs: set[str]) -> bool:
    mine = obj.library is None and obj.get(provenance.JOB) in jobs
    return mine and not object_links.may_be_replaced(obj)

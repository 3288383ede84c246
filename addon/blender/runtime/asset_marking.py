"""Marking results as assets of the open file."""

from collections.abc import Sequence
from pathlib import Path

import bpy

from ...jobs.asset_catalogs import add_catalog, catalog_id, catalog_path
from ...jobs.results import thumbnail
from ..core.translation import translate
from ..scene import assets
from ..settings.preferences import Preferences, preferences_of
from ..snapshot import snapshot
from . import asset_libraries


def mark(
    context: bpy.types.Context,
    job_id: str,
    objects: Sequence[bpy.types.Object],
    catalog: str = "",
) -> tuple[bpy.types.ID, str]:
    """Mark the objects of a job, at least one; returns what is marked, and trouble or "".

    ``catalog``: by default that of the preferences.
    """
    chosen = preferences_of(context)
    trouble = known = ""
    try:
        known = _catalog_of_file(context, catalog_path(catalog or chosen.asset_catalog))
    except OSError as error:
        trouble = translate("The catalog could not be written: {error}", error=error.strerror)
    items = assets.items_of(objects)
    assets.mark(items, metadata_of(chosen, objects[0], known), _picture(job_id))
    return items[0], trouble


def _catalog_of_file(context: bpy.types.Context, path: str) -> str:
    """The catalogue's id; a file that has no place yet gets it when it is put into a library."""
    if not bpy.data.filepath:
        return catalog_id(path)
    library = asset_libraries.containing(context, Path(bpy.data.filepath))
    return add_catalog(library, path, patience=0.0)  # the window waits for nobody


def metadata_of(chosen: Preferences, obj: bpy.types.Object, catalog: str = "") -> assets.Metadata:
    """What an asset says of a result; ``catalog`` is the id of one."""
    prompt, operation = assets.origin_of(obj)
    return assets.Metadata(
        description=prompt or obj.name,
        tags=assets.tags_of(prompt, operation),
        author=chosen.asset_author,
        license=chosen.asset_license,
        catalog_id=catalog,
    )


def _picture(job_id: str) -> Path | None:
    """The small picture that the list of jobs shows."""
    row = snapshot.current().row(job_id)
    picture = None if row is None else thumbnail(row.job)
    return picture if picture is not None and picture.is_file() else None

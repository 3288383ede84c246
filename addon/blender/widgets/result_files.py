"""The files that a job brought: what each is, and how to look at it or keep a copy of it."""

from typing import Final

import bpy

from ...catalog import AssetType, Operation, UnknownOperation, get
from ...catalog.scales import size_words
from ...jobs.job import Job, ResultFile
from ...jobs.results import label_of, sorted_files
from ...service.picture_types import SHOWABLE
from ..core import ids
from ..core.access import call_with
from ..core.rna_enums import Icon
from ..core.translation import translate
from .picture_actions import draw_pictures
from .picture_results import pictures_of, source_of
from .text import paragraph

BUTTONS: Final = 2.5
"""Width that the buttons beside a name take, in widgets."""


def draw_results(layout: bpy.types.UILayout, context: bpy.types.Context, job: Job) -> None:
    """A picture beside the one it was made from, then every file, the same in every place."""
    if pictures_of(job) and source_of(job):
        draw_pictures(layout, context, job)
    if len(job.files) > 1 or any(file.asset_type == AssetType.ARCHIVE for file in job.files):
        column = layout.column(align=True)
        for file in sorted_files(job)[:MOST_SHOWN]:
            _draw_file(column, context, job, file)


def _draw_file(
    layout: bpy.types.UILayout, context: bpy.types.Context, job: Job, file: ResultFile
) -> None:
    line = layout.row(align=True)
    words, icon = words_of(job, file), _icon(file)
    paragraph(line.column(), context, words, icon=icon, indent=BUTTONS, translate=False)
    path = str(file.path)
    if file.path.suffix.lower() == ZIP:
        opened = line.operator(ids.OperatorId.OPEN_RESULT, text="", icon="FILE_FOLDER")
        call_with(opened, source=path)
    call_with(line.operator(ids.OperatorId.SAVE_RESULT, text="", icon="FILE_TICK"), source=path)


ZIP: Final = ".zip"
MOST_SHOWN: Final = 60
"""Of the files, however many came; the folder has all."""


def words_of(job: Job, file: ResultFile) -> str:
    """What a file is, its format, and its size in millimeters where that was ordered."""
    operation = _operation(job)
    parts = [translate(label_of(operation, file)), file.path.suffix[1:].upper()]
    if operation is not None and file.asset_type == AssetType.SCALED_MODEL:
        sizes = (size_words(field, job.values.get(field.name)) for field in operation.fields)
        parts += [translate(words) for words in sizes if words is not None]
    return ", ".join(filter(None, parts))


def _operation(job: Job) -> Operation | None:
    try:
        return get(job.operation)
    except UnknownOperation:  # made by a newer version
        return None


def _icon(file: ResultFile) -> Icon:
    suffix = file.path.suffix.lower()
    if suffix == ZIP:
        return "PACKAGE"
    return "IMAGE_DATA" if suffix in SHOWABLE else "MESH_DATA"

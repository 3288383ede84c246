"""What is wrong with a photo, below it."""

from pathlib import Path

import bpy

from ..core import memory, ticker
from ..core.memory import Part
from ..runtime import photos
from ..settings.draft import Draft
from ..snapshot.redraw import redraw
from . import previews
from .text import paragraph


class _Waiting(Part):
    """Photos whose previews are read in a moment."""

    def __init__(self) -> None:
        self.paths: dict[Path, None] = {}


def draw_photo_cautions(
    layout: bpy.types.UILayout, context: bpy.types.Context, *drafts: Draft
) -> None:
    """One paragraph for each, once; they come a moment after the photo was chosen."""
    unknown = [path for draft in drafts for path in photos.unknown(draft)]
    if unknown:
        memory.of(_Waiting).paths.update(dict.fromkeys(unknown))
        ticker.call(judge_waiting, after=previews.READ_BY_THEN)
    for words in dict.fromkeys(words for draft in drafts for words in photos.cautions(draft)):
        paragraph(layout, context, words, icon="ERROR")


def judge_waiting() -> float | None:
    """Called by the ticker: one photo at a time, until none waits."""
    waiting = memory.of(_Waiting).paths
    if not waiting:
        return None
    path = next(iter(waiting))
    del waiting[path]
    if photos.judge(path, previews.read(str(path))):
        redraw()
    return 0.0 if waiting else None

"""Several results of one wish: how many are ordered, from which engines, and how they compare."""

import textwrap
from collections.abc import Mapping
from typing import Any, Final

import bpy

from ...catalog.validation import grouped
from ...jobs.states import State
from ..core.translation import translate
from ..settings.properties import SceneSettings, compared_engines
from ..snapshot.snapshot import Entry
from .fields import draw_setting
from .job_times import duration
from .money import order_words
from .text import paragraph

REASON_LENGTH: Final = 44
"""Characters of a line that says why there is no result."""


def draw_alternatives(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: SceneSettings
) -> None:
    """The number of variations, and the engines that make the same as the chosen one."""
    draw_setting(layout, context, settings, "variations")
    _, *others = compared_engines(settings)
    if others:
        names = ", ".join(translate(engine.label) for engine in others)
        words = translate("Compared with {names}", names=names)
        paragraph(layout, context, words, icon="SPLIT_HORIZONTAL", translate=False)


def comparison_lines(entry: Entry) -> list[str]:
    """What tells a result from the others of its wish: its name, then what it took and what it is.

    Of one that did not come: what became of it, and why.
    """
    job = entry.jobs[-1].job
    took = [translate(entry.jobs[-1].label), order_words([row.job for row in entry.jobs])]
    if job.finished_at is not None:
        took.append(translate("{time} min", time=duration(job.finished_at - job.created_at)))
    lines = [translate(entry.title), ", ".join(took)]
    if job.prepared is not None:
        return [*lines, ", ".join(_figures(job.prepared.triangles, job.prepared.figures))]
    failure = entry.row.job.failure
    reason = "" if failure is None else f": {translate(failure.message)}"
    if job.state in {State.READY, State.PLACED}:
        return lines
    return [*lines, *textwrap.wrap(f"{translate(entry.row.text)}{reason}", REASON_LENGTH)]


def _figures(triangles: int, figures: Mapping[str, Any]) -> list[str]:
    side = figures.get("texture_size")
    textures = translate("{n} px textures", n=grouped(side)) if side else translate("no textures")
    return [translate("{n} triangles", n=grouped(triangles)), textures]

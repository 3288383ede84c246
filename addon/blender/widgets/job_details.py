"""All there is to know about a job, for its dialog."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

import bpy

from ...catalog import Field, Kind, UnknownOperation, Value, get
from ...catalog.encoders import is_address, job_of
from ...jobs import seeds
from ...jobs.paths import FILE_KINDS
from ...jobs.placement_options import SizeBy
from ...jobs.results import saved_as
from ...jobs.states import State
from ...service.addresses import shown_link
from ..core import ids
from ..core.access import call_with
from ..core.translation import translate
from ..settings.field_labels import OFF_CHOICE, ON_CHOICE, label
from ..settings.placement_settings import INTO_ITEMS, SIZE_ITEMS, WHERE_ITEMS
from . import previews
from .job_times import duration
from .money import charge_words
from .result_files import draw_results
from .text import paragraph

if TYPE_CHECKING:
    from ...jobs.job import Job
    from ..snapshot.snapshot import JobRow

LABELS: Final = 0.32
"""Share of the width for what a line is about."""

MOST_FILES: Final = 12
"""Of those that a recipe has written, by name; the folder has all."""

PREVIEW_UNITS: Final = 6.0
"""Height of the result's picture, in widgets."""


def draw_details(layout: bpy.types.UILayout, context: bpy.types.Context, row: JobRow) -> None:
    """Picture, prompt, what it was ordered with, what became of it."""
    icon = previews.icon_of(row.thumbnail)
    if icon:
        layout.template_icon(icon_value=icon, scale=PREVIEW_UNITS)
    prompt = row.job.values.get("prompt")
    if isinstance(prompt, str):
        paragraph(layout.box(), context, prompt, translate=False)
    column = layout.column(align=True)
    for name, value in [*_facts(row), *settings_lines(row.job)]:
        _draw_line(column, context, name, value)
    draw_results(layout, context, row.job)
    _draw_task(layout, row.job)
    failure = row.job.failure
    if failure is not None:
        words = translate(failure.message, failure.hint, failure.credits)
        paragraph(layout, context, words, icon="ERROR", translate=False)


def _facts(row: JobRow) -> Iterator[tuple[str, str]]:
    job = row.job
    yield translate("Made By"), translate(row.label)
    yield translate("State"), translate(row.text)
    yield translate("Ordered"), time.strftime("%Y-%m-%d %H:%M", time.localtime(job.created_at))
    if job.finished_at is not None:
        yield translate("Took"), duration(job.finished_at - job.created_at)
    yield translate("Price"), charge_words(job)
    saved = saved_words(job)
    if saved:
        yield translate("File"), saved
    made = () if job.prepared is None else job.prepared.made
    if made:
        yield translate("Written"), ", ".join(path.name for path in made[:MOST_FILES])
        yield translate("In Folder"), str(made[0].parent)
    yield from _seeds(job)
    yield from _placement(job)


def saved_words(job: Job) -> str:
    """Where the file is that the result was saved into; "" where none was asked for."""
    is_there = job.state in {State.READY, State.PLACED} and bool(job.files)
    saved = saved_as(job) if is_there else None
    return "" if saved is None else str(saved)


def _seeds(job: Job) -> Iterator[tuple[str, str]]:
    """Seeds that the service chose and told."""
    for _, value in seeds.told(job):
        yield translate("Seed"), str(value)


def _placement(job: Job) -> Iterator[tuple[str, str]]:
    if job.origin.placement is None:
        return
    options = job.origin.placement.options
    words = [_item(WHERE_ITEMS, options.where), _item(INTO_ITEMS, options.into)]
    if options.size_by is not SizeBy.FILE:
        words.insert(1, f"{_item(SIZE_ITEMS, options.size_by)} {options.metres:g} m")
    yield translate("Placement"), ", ".join(words)


def _item(items: Any, value: str) -> str:
    return translate(next(name for identifier, name, _ in items if identifier == value))


def settings_lines(job: Job) -> list[tuple[str, str]]:
    """What it was ordered with, in the words of the form."""
    try:
        operation = get(job.operation)
    except UnknownOperation:
        return []
    units = operation.units()
    return [
        (translate(label(field)), value_words(field, job.values[field.name], units_of(job)))
        for field in operation.fields
        if field.name in job.values
        and field.name not in units
        and field.kind is not Kind.MODEL
        and job_of(job.values[field.name]) is None
        and field.name != "prompt"
    ]


def units_of(job: Job) -> str:
    """The unit of lengths in the job's values."""
    return " ".join(str(job.values[name]) for name in get(job.operation).units() & set(job.values))


def _draw_line(
    layout: bpy.types.UILayout, context: bpy.types.Context, name: str, value: str
) -> None:
    line = layout.split(factor=LABELS)
    paragraph(line.column(), context, name, share=LABELS, translate=False)
    paragraph(line.column(), context, value, share=1 - LABELS, translate=False)


def _draw_task(layout: bpy.types.UILayout, job: Job) -> None:
    if job.task_id is None:
        return
    line = layout.row(align=True)
    line.label(text=translate("Task {task_id}", task_id=job.task_id), translate=False)
    button = line.operator(ids.OperatorId.COPY_TASK_ID, text="", icon="COPYDOWN")
    call_with(button, job_id=job.id)


def value_words(field: Field, value: Value, unit: str = "") -> str:
    """A value as the form shows it; ``unit`` is that of lengths whose unit is chosen."""
    if field.kind is Kind.SWITCH:
        return translate(ON_CHOICE if value else OFF_CHOICE)
    if field.kind is Kind.CHOICE:
        labels = {choice.value: choice.label for choice in field.choices}
        return translate(labels[value]) if value in labels else str(value)
    if isinstance(value, Mapping):
        labels = {choice.value: choice.label for choice in field.choices}
        return ", ".join(
            f"{translate(labels.get(view, view))}: {_file_name(path)}"
            for view, path in value.items()
        )
    parts = value if isinstance(value, tuple) else (value,)
    if field.kind in FILE_KINDS:
        parts = tuple(_file_name(str(part)) for part in parts)
    words = ", ".join(map(str, parts))
    return f"{words} {unit}" if field.length_in and unit else words


def _file_name(path: str) -> str:
    """The last part of a path or an address."""
    return PurePath(shown_link(path) if is_address(path) else path).name

"""What was asked before for an object or a prompt: found among the jobs known. Only reads."""

from collections.abc import Iterable
from dataclasses import dataclass

import bpy

from ...catalog import Mode, UnknownOperation, get
from ...catalog.encoders import job_of
from ...jobs.job import Job
from ...jobs.paths import locations
from ..scene.provenance import JOB
from ..settings.candidate_drafts import prompt_field
from ..settings.field_properties import read
from ..settings.properties import SceneSettings, candidate_engines
from ..snapshot.snapshot import JobRow, Snapshot
from .picture_results import pictures_of
from .results_of_object import is_from


@dataclass(frozen=True, slots=True)
class Asked:
    """The jobs of one subject."""

    subject: str
    """The object's name, or the prompt; "" where there is neither."""
    rows: tuple[JobRow, ...] = ()
    """Newest first."""


def asked_before(context: bpy.types.Context, settings: SceneSettings, current: Snapshot) -> Asked:
    """Of the active object, if a job made it or was sent it; else of the prompt in the form."""
    known, obj = current.known, context.active_object
    if obj is not None:
        own = [row for row in known if row.job.id == obj.get(JOB) or is_from(row.job, obj)]
        if own:
            return Asked(obj.name, _family(own, known))
    prompt = _prompt_of_form(settings)
    same = [row for row in known if prompt and _plain(prompt_of(row.job)) == _plain(prompt)]
    return Asked(prompt, _family(same, known))


def prompt_of(job: Job) -> str:
    """The words that the job started from; "" if from none."""
    try:
        fields = get(job.operation).fields
    except UnknownOperation:
        return ""
    found = (job.values.get(field.name) for field in fields if field.source is Mode.TEXT)
    return next((words for words in found if isinstance(words, str)), "")


def _prompt_of_form(settings: SceneSettings) -> str:
    """The words in the Generate and the Candidates panel, which are the same."""
    words = read(settings, prompt_field(candidate_engines()[0]))
    return words if isinstance(words, str) else ""


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def _family(start: Iterable[JobRow], rows: Iterable[JobRow]) -> tuple[JobRow, ...]:
    """These, what they were made from, what was made from them, and what had the same words."""
    found = {row.job.id: row for row in start}
    while True:
        words = {_plain(prompt_of(row.job)) for row in found.values()} - {""}
        made = {str(path) for row in found.values() for path in pictures_of(row.job)}
        taken = {place for row in found.values() for place in _places(row.job)}
        more = [
            row
            for row in rows
            if row.job.id not in found
            and (
                _plain(prompt_of(row.job)) in words
                or made & _places(row.job)
                or found.keys() & {job_of(place) for place in _places(row.job)}
                or row.job.id in {job_of(place) for place in taken}
                or taken & {str(path) for path in pictures_of(row.job)}
            )
        ]
        if not more:
            break
        found |= {row.job.id: row for row in more}
    return tuple(sorted(found.values(), key=lambda row: row.job.created_at, reverse=True))


def _places(job: Job) -> set[str]:
    """The pictures and results that the job starts from."""
    try:
        fields = get(job.operation).fields
    except UnknownOperation:
        return set()
    sources = (job.values.get(f.name) for f in fields if f.source not in {None, Mode.TEXT})
    return {place for value in sources for place in locations(value)}

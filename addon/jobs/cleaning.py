"""Freeing the disk of results that nothing needs any more.

Only files that a job has written down as its own, in a folder of its own below the results folder,
are ever deleted. A placed model needs no file: it was appended with its textures. Kept is what was
paid for and never placed, what any .blend refers to, and what a job may still be sent with. When in
doubt it is kept.
"""

import logging
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ..catalog import Value
from ..service import whole_files
from .chains import chain_of, is_in_between
from .errors import UnknownJob
from .file_uses import FileUse
from .job import Job
from .states import ACTIVE, State
from .store import Store

log = logging.getLogger(__name__)

UNSAVED_SECONDS: Final = 14 * 24 * 3600.0
"""How long a use in a file that was never saved counts."""

KEPT_SECONDS: Final = 24 * 3600.0
"""How long the service keeps a result after it has finished."""

NEW_SECONDS: Final = 24 * 3600.0
"""Younger results are never freed without being asked for."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of one folder; the jobs of a chain share one."""

    folder: Path
    jobs: tuple[Job, ...]
    files: tuple[Path, ...]
    size: int
    """Bytes."""

    @property
    def touched(self) -> float:
        """When anything about its jobs was changed last."""
        return max(job.updated_at for job in self.jobs)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a clean-up frees, and how much it keeps for which reason."""

    free: tuple[Bundle, ...]
    """Oldest first."""
    total: int
    """Bytes of all results, before."""
    used: int = 0
    unplaced: int = 0

    @property
    def size(self) -> int:
        """Bytes that are freed."""
        return sum(bundle.size for bundle in self.free)

    def lost(self, now: float) -> int:
        """How many of what is freed the service no longer has: nothing brings those back."""
        return sum(
            all(now - (job.finished_at or job.created_at) > KEPT_SECONDS for job in bundle.jobs)
            for bundle in self.free
        )


def plan(
    store: Store,
    roots: Collection[Path],
    *,
    now: float,
    unplaced: bool = False,
    limit: int | None = None,
) -> Plan:
    """Work out what can be freed below ``roots``; deletes nothing.

    ``unplaced`` is for the user's word that results nobody placed may go as well. With ``limit``
    (bytes) nobody is asked: only as much is freed as it takes, of what is old, placed, and was
    never used by any .blend at all.
    """
    chosen = _choose(_survey(store, roots, now, asked=limit is None), unplaced=unplaced)
    if limit is None:
        return chosen
    old = [bundle for bundle in chosen.free if now - bundle.touched > NEW_SECONDS]
    return replace(chosen, free=tuple(_enough(old, chosen.total - limit)))


def choices(store: Store, roots: Collection[Path], *, now: float) -> tuple[Plan, Plan]:
    """The plans without and with results never placed, at the cost of one."""
    found = _survey(store, roots, now, asked=True)
    return _choose(found, unplaced=False), _choose(found, unplaced=True)


@dataclass(frozen=True, slots=True)
class _Survey:
    """All results there are, and what is known about the need of them."""

    bundles: tuple[Bundle, ...]
    needed: frozenset[Path]
    """Folders in which something is used, or may still be sent."""
    placed: frozenset[str]
    """Ids of placed jobs."""


def _survey(store: Store, roots: Collection[Path], now: float, *, asked: bool) -> _Survey:
    jobs = store.everything()
    used = {use.path for use in store.uses() if not asked or _counts(use, now)}
    used.update(path for job in jobs for path in _inputs(job))
    real = {_real(path) for path in used}
    around = real.union(parent for path in real for parent in path.parents)
    bundles = tuple(_bundles(jobs, roots))
    return _Survey(
        bundles,
        frozenset(
            bundle.folder
            for bundle in bundles
            if _real(bundle.folder) in around or store.unreadable  # nobody knows what those need
        ),
        frozenset(job.id for job in jobs if job.state is State.PLACED),
    )


def _choose(found: _Survey, *, unplaced: bool) -> Plan:
    free: list[Bundle] = []
    kept_used = kept_unplaced = 0
    for bundle in found.bundles:
        if any(job.state in ACTIVE or job.state is State.UNKNOWN for job in bundle.jobs):
            continue
        if bundle.folder in found.needed:
            kept_used += 1
        elif not unplaced and not all(_is_placed(job, found.placed) for job in bundle.jobs):
            kept_unplaced += 1
        else:
            free.append(bundle)
    total = sum(bundle.size for bundle in found.bundles)
    return Plan(tuple(free), total, kept_used, kept_unplaced)


def carry_out(store: Store, planned: Plan) -> int:
    """Delete what the plan frees, unless something was done with it meanwhile; bytes freed."""
    return sum(bundle.size for bundle in planned.free if _free(store, bundle))


def _enough(free: list[Bundle], excess: int) -> list[Bundle]:
    chosen: list[Bundle] = []
    for bundle in free:
        if excess <= 0:
            break
        chosen.append(bundle)
        excess -= bundle.size
    return chosen


def _bundles(jobs: Iterable[Job], roots: Collection[Path]) -> list[Bundle]:
    """What can be freed at all, oldest first: folders of jobs, directly below a results folder."""
    by_folder: dict[Path, list[Job]] = {}
    for job in jobs:
        by_folder.setdefault(job.folder, []).append(job)
    bundles = []
    for folder, together in by_folder.items():
        sizes = _sizes(folder, together) if folder.parent in roots else {}
        if sizes:
            bundles.append(Bundle(folder, tuple(together), tuple(sizes), sum(sizes.values())))
    return bundles


def _sizes(folder: Path, jobs: Iterable[Job]) -> Mapping[Path, int]:
    """The jobs' own files in their folder that are there, with their bytes."""
    sizes = {}
    for path in dict.fromkeys(path for job in jobs for path in _files(job)):
        if path.is_relative_to(folder) and ".." not in path.parts:
            try:
                sizes[path] = path.stat().st_size
            except OSError:
                continue
    return sizes


def _files(job: Job) -> Iterable[Path]:
    for file in job.files:
        yield from (file.path, *file.contents)
    if job.prepared is not None:
        yield job.prepared.path
        if job.prepared.preview is not None:
            yield job.prepared.preview
    if job.export is not None:
        yield from (job.export.to, job.export.blend, job.export.paint)


def _is_placed(job: Job, placed: frozenset[str]) -> bool:
    """Whether nothing of it waits to be placed; what a step made waits for the last step.

    A last step that failed or is not known any more has placed nothing: what was paid for before
    it is then all there is.
    """
    if job.state is State.PLACED:
        return True
    if is_in_between(job) and chain_of(job) in placed:
        return True
    return not job.files and job.prepared is None


def _inputs(job: Job) -> Iterable[Path]:
    """Files that a job may still be sent with."""
    if job.state in {State.READY, State.PLACED}:
        return
    for value in job.values.values():
        for one in _single(value):
            if isinstance(one, str) and Path(one).is_absolute():
                yield Path(one)


def _single(value: Value) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, tuple) else (value,)


def _counts(use: FileUse, now: float) -> bool:
    """Whether the use still counts.

    One in a .blend that was saved always does: a .blend that is not where it was may have been
    renamed, moved, or be on a drive that is not connected.
    """
    return bool(use.blend) or now - use.noted_at < UNSAVED_SECONDS


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _free(store: Store, bundle: Bundle) -> bool:
    try:
        now = [store.get(job.id) for job in bundle.jobs]
    except UnknownJob:
        return False
    if any(job != planned for job, planned in zip(now, bundle.jobs, strict=True)):
        return False
    try:
        for path in bundle.files:
            whole_files.remove(path)
    except OSError:
        # Open in another program, for one: the rest goes the next time.
        log.warning("a file of %s cannot be deleted", bundle.folder, exc_info=True)
        return False
    store.forget_files([job.id for job in bundle.jobs])
    _remove_empty(bundle)
    log.info("freed %d bytes of %s", bundle.size, bundle.folder)
    return True


def _remove_empty(bundle: Bundle) -> None:
    """Folders that held nothing else, the innermost first."""
    folders = {
        parent
        for path in bundle.files
        for parent in path.parents
        if parent.is_relative_to(bundle.folder)
    }
    for folder in sorted(folders, key=lambda one: len(one.parts), reverse=True):
        try:
            folder.rmdir()
        except OSError:  # the user keeps something of their own in it
            continue

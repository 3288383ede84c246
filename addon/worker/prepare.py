"""The preparer: a background Blender that makes a .blend of downloaded files."""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from ..catalog.messages import Message, pack, the_first, unpack
from ..jobs.chains import is_in_between
from ..jobs.job import Job, Prepared
from ..jobs.planner import CHANGES_MODEL
from ..jobs.results import model_choices
from ..jobs.runner_deps import NoReader, PreparationFailed
from ..jobs.task_words import declared
from ..service import whole_files
from ..service.names import safe_name
from ..service.path_room import short
from .blenders import Blenders
from .drawn_pictures import keep_picture
from .script_process import NO_REPORT, ScriptFailed
from .script_run import ScriptRun

log = logging.getLogger(__name__)


class BlenderPreparer:
    """Runs the command's script once per job, each in a process of its own."""

    def __init__(
        self,
        command: Sequence[str],
        timeout: float,
        stop: threading.Event,
        blenders: Blenders | None = None,
    ) -> None:
        """Without ``blenders`` one job is prepared at a time."""
        self._script = ScriptRun(command, timeout, stop)
        self._stop = stop
        self._blenders = blenders or Blenders()
        self._expected: set[str] = set()

    def expect(self, job: Job) -> None:
        """A result comes in: let a Blender start, so that it is there when the files are."""
        self._expected.add(job.id)
        self._get_ready()

    def end(self) -> None:
        """Nothing is to be prepared any more."""
        self._script.end()

    def prepare(
        self, job: Job, files: Sequence[Path], to: Path, before: Sequence[Path] = ()
    ) -> Prepared:
        """Write ``to``, and the files that its recipe asks for.

        ``before`` is the model whose textures it gets where it has none. Raises PreparationFailed
        or NoReader, or Stopped when it has to end.
        """
        self._expected.discard(job.id)
        part = to.with_name(f"{safe_name(to.stem)}.part.blend")
        preview_part = part.with_suffix(".png")
        made_part = job.folder / f"{MADE}.part"  # one at a time writes a job's files
        order = {
            "files": [str(file) for file in files],
            "others": [
                [str(file) for file in choice]
                for choice in model_choices(declared(job), job.files)
                if choice != list(files)
            ],
            "root": str(job.folder),
            "to": str(part),
            "name": job.name,
            "keep_place": job.keeps_place,
            "sent": _original(job),
            "preview": str(preview_part),
            "then": _then(job, made_part, before),
        }
        try:
            said = self._run(order)
            prepared = _read_report(said, part)
            whole_files.replace(part, to)
            preview = keep_picture(preview_part, to.with_name(f"{to.stem}-preview.png"))
            made = _keep_made(made_part, job.folder / MADE)
        except OSError as error:
            raise PreparationFailed(
                Message("The .blend could not be written: {error}", error=error)
            ) from error
        except ScriptFailed as error:
            failed = NoReader if error.kept else PreparationFailed
            raise failed(error.message, error.hint) from error
        finally:
            whole_files.discard(part)
            whole_files.discard(preview_part)
            whole_files.discard_folder(made_part)
        left_out = tuple(the_first([unpack(packed) for packed in said.get("left_out", [])]))
        figures = said.get("figures", {})
        return Prepared(
            to, *prepared, figures=figures, preview=preview, left_out=left_out, made=made
        )

    def _on_start(self) -> None:
        """Let another Blender start beside this one, if there is something for it."""
        if self._expected:
            self._get_ready()

    def _get_ready(self) -> None:
        self._script.get_ready(self._blenders.share)

    def _run(self, order: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run the script; what it can do without is done without if it fails."""
        try:
            return self._run_once(order)
        except ScriptFailed as error:
            if order["sent"] is None or error.kept:
                raise
            # It reports its own trouble with the original; a crash, or hours, can be due to it.
            log.warning("prepared without the original", exc_info=True)
            said = self._run_once({**order, "sent": None})
        return {**said, "left_out": [*said.get("left_out", []), pack(Message(NOT_KEPT))]}

    def _run_once(self, order: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._blenders.do(
            lambda memory: self._script.run(order, on_start=self._on_start, memory=memory),
            self._stop,
        )


NOT_KEPT: Final = "What the original has could not be carried over to the result."
"""As ``blender.background.preparation`` says it."""


def _original(job: Job) -> Mapping[str, Any] | None:
    """What was sent, if the job's result takes its place; see ``preparation.prepare``.

    That is so in every step of a chain, though a later one works on the result of the one before.
    """
    operation = declared(job)
    sent = job.origin.sent
    if (
        sent is None
        or sent.geometry is None
        or operation is None
        or operation.outcome not in CHANGES_MODEL
    ):
        return None
    return {
        **asdict(sent.geometry),
        "outcome": operation.outcome,
        "step": 1 if job.origin.chain is None else job.origin.chain.step,
        "textures": sent.textures,
        "uv_map": sent.uv_map,
    }


MADE: Final = "made"
"""Folder beside the results, for the files that a recipe asks for: no clean-up takes them."""


def _then(job: Job, to: Path, before: Sequence[Path]) -> Mapping[str, Any] | None:
    """What is done with the result of the last step; see ``preparation.prepare``."""
    if job.origin.then is None or is_in_between(job):
        return None
    return {
        "post": job.origin.then,
        "to": str(to),
        "stem": short(safe_name(job.name)),
        "before": [str(file) for file in before],
    }


def _keep_made(made: Path, to: Path) -> tuple[Path, ...]:
    """Put the files that were written into their folder, in place of those of an earlier time."""
    files = sorted(path for path in made.rglob("*") if path.is_file())
    kept = [to / file.relative_to(made) for file in files]
    for file, place in zip(files, kept, strict=True):
        place.parent.mkdir(parents=True, exist_ok=True)  # a USD has its textures in a folder
        whole_files.replace(file, place)
    return tuple(kept)


def _read_report(
    said: Mapping[str, Any], blend: Path
) -> tuple[tuple[int, int, int], str, int, tuple[float, float, float]]:
    try:
        major, minor, patch = (int(number) for number in said["blender_version"])
        x, y, z = (float(length) for length in said["dimensions"])
        collection, triangles = str(said["collection"]), int(said["triangles"])
    except (ValueError, KeyError, TypeError) as error:
        raise PreparationFailed(*NO_REPORT) from error
    if not blend.is_file():
        raise PreparationFailed("The background Blender wrote no file.")
    return (major, minor, patch), collection, triangles, (x, y, z)

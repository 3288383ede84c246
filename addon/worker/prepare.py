"""The preparer: a background Blender that makes a .blend of downloaded files."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..catalog import Outcome
from ..catalog.sentences import sentence, unpack
from ..jobs.context import PreparationFailed, declared
from ..jobs.job import Job, Prepared
from ..jobs.results import model_choices
from ..service.names import safe_name
from .script_process import NO_REPORT
from .script_run import ScriptRun


class BlenderPreparer:
    """Runs the command's script once per job."""

    def __init__(self, command: Sequence[str], timeout: float, stop: threading.Event) -> None:
        self._script = ScriptRun(command, timeout, stop)

    def prepare(self, job: Job, files: Sequence[Path], to: Path) -> Prepared:
        """Write ``to``; raises PreparationFailed or NoReader, or Stopped when it has to end."""
        part = to.with_name(f"{safe_name(to.stem)}.part.blend")
        preview_part = part.with_suffix(".png")
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
            "sent": _geometry_to_keep(job),
            "preview": str(preview_part),
        }
        try:
            said = self._script.run(order)
            prepared = _read_report(said, part)
            part.rename(to)
            preview = _keep_preview(preview_part, to)
        except OSError as error:
            raise PreparationFailed(
                sentence("The .blend could not be written: {error}", error=error)
            ) from error
        finally:
            part.unlink(missing_ok=True)
            preview_part.unlink(missing_ok=True)
        left_out = tuple(unpack(packed) for packed in said.get("left_out", []))
        figures = said.get("figures", {})
        return Prepared(to, *prepared, figures=figures, preview=preview, left_out=left_out)


def _keep_preview(part: Path, blend: Path) -> Path | None:
    """The preview beside the .blend, if one came and is whole."""
    if not _is_whole(part):
        return None
    preview = blend.with_name(f"{blend.stem}-preview.png")
    part.replace(preview)
    return preview


def _is_whole(picture: Path) -> bool:
    """Whether it is a PNG to its end: the process may have been ended while it wrote."""
    try:
        return picture.read_bytes().endswith(PNG_END)
    except FileNotFoundError:
        return False


PNG_END: Final = b"IEND\xaeB`\x82"


def _geometry_to_keep(job: Job) -> Mapping[str, Any] | None:
    """What the job's textures were ordered for, if they were ordered for something that was sent.

    A later step of a chain is on the result of the step before, of which only the file is known.
    """
    chain = job.origin.get("chain", {})
    operation = declared(job)
    if operation is None or operation.outcome is not Outcome.TEXTURES or chain.get("step", 1) > 1:
        return None
    geometry: Mapping[str, Any] | None = job.origin.get("sent", {}).get("geometry")
    return geometry


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

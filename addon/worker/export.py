"""The exporter: a background Blender that writes a model file of a selection kept as .blend."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from ..catalog.messages import Message
from ..jobs.job import Export
from ..jobs.origin import sent_picture
from ..jobs.runner_deps import PreparationFailed
from ..service import whole_files
from ..service.names import safe_name
from .blenders import Blenders
from .drawn_pictures import keep_picture
from .script_process import ScriptFailed
from .script_run import ScriptRun


class BlenderExporter:
    """Runs the command's script once per model."""

    def __init__(
        self,
        command: Sequence[str],
        timeout: float,
        stop: threading.Event,
        blenders: Blenders | None = None,
    ) -> None:
        """Without ``blenders`` one model is written at a time."""
        self._script = ScriptRun(command, timeout, stop)
        self._stop = stop
        self._blenders = blenders or Blenders()

    def export(self, export: Export) -> Mapping[str, Any]:
        """Write ``export.to`` and return its figures.

        Raises PreparationFailed, or Stopped when the worker has to end.
        """
        to = export.to
        part = to.with_name(f"{safe_name(to.stem)}.part{to.suffix}")
        picture_part = part.with_suffix(".png")
        order = {
            "settings": export.settings,
            "blend": str(export.blend),
            "to": str(part),
            "preview": str(picture_part),
        }
        try:
            to.parent.mkdir(parents=True, exist_ok=True)
            report = self._blenders.do(
                lambda memory: self._script.run(order, memory=memory), self._stop
            )
            whole_files.replace(part, to)
            keep_picture(picture_part, sent_picture(export.blend))
        except OSError as error:
            raise PreparationFailed(
                Message("The model could not be exported: {error}", error=error)
            ) from error
        except ScriptFailed as error:
            raise PreparationFailed(error.message, error.hint) from error
        finally:
            whole_files.discard(part)
            whole_files.discard(picture_part)
        figures: Mapping[str, Any] = report.get("figures", {})
        return figures

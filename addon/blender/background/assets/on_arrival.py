"""The steps that are done with a result before it enters a scene.

They cost nothing, and the result is paid for: what cannot be done is left out, and said.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from ....printing.findings import Severity
from ....service import whole_files
from ...model.failure import PreparationFailed, own_words
from .. import original_file
from ..preparation import Model, draw_preview
from . import extras, prints, steps

log = logging.getLogger(__name__)

NOT_DONE: Final = "{step} could not be done: {trouble} Nothing was charged for it."
STEPS_OF_MODEL: Final = "What was to change the model"
EXTRAS: Final = "Levels of detail and collision shapes"


class Arrival:
    """One result's steps.

    ``then`` has the steps (``post``, see ``recipes.post.Post.local``), ``to``, a folder for the
    files they write, of which what is in it goes, the ``stem`` of their names, and ``before``, the
    files of the model whose textures the result gets where it has none.
    """

    def __init__(self, then: Mapping[str, Any], preview: Path | None = None) -> None:
        """``preview`` is a small picture, drawn here where another file is to be opened."""
        self.post: Mapping[str, Any] = then["post"]
        self.to, self.stem = Path(then["to"]), str(then["stem"])
        self.before = [Path(name) for name in then["before"]]
        self.preview = preview

    def change(self, model: Model) -> None:
        """Do what changes the model or goes with it, and write the files of it."""
        whole_files.discard_folder(self.to)  # of a try that was cut short
        self.to.mkdir()
        if self.before and self.post["textures"]:
            original_file.bake_textures(model, self.before, self.post["textures"])
        self._try(STEPS_OF_MODEL, model, lambda: steps.apply(model, self.post))
        made = extras.Extras()
        self._try(EXTRAS, model, lambda: extras.make(model, self.post, made))
        printing = self.post.get("printing")
        for suffix in prints.without_own(self.post["exports"], printing):
            name = f"{self.stem}.{suffix}"
            work = partial(extras.write, model, made, [suffix], self.to, self.stem)
            self._try(name, model, work)
        if printing is not None:
            self._try(FOR_PRINTER, model, lambda: prints.write_source(model, self.to, self.stem))
        extras.put_away(model, made)

    def finish(self, collection: str, left_out: list[dict[str, Any]]) -> None:
        """Write what slicers read. It opens another file: all else has to be done."""
        if self.post.get("printing") is not None and (self.to / prints.SOURCE).is_dir():
            if self.preview is not None:
                draw_preview(collection, self.preview)
            found = prints.make(self.post["printing"], self.to, self.stem, left_out)
            left_out += [said for one in found.get("figurines", []) for said in _troubles(one)]

    def _try(self, step: str, model: Model, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # Blender's operators raise anything
            log.exception("a step was not done")
            parts = {"step": {"template": step, "parts": {}}, "trouble": _words(error)}
            model.left_out.append({"template": NOT_DONE, "parts": parts})


FOR_PRINTER: Final = "What makes it ready for a printer"


def _words(error: Exception) -> Any:
    if isinstance(error, PreparationFailed):
        return error.message
    return {"template": f"{own_words(error) or type(error).__name__}.", "parts": {}}


def _troubles(figurine: Mapping[str, Any]) -> list[dict[str, Any]]:
    """That a model cannot be printed as it is, and why."""
    found = [one for one in figurine.get("findings", []) if one["severity"] == Severity.ERROR]
    return [{"template": NOT_PRINTABLE, "parts": {"name": figurine["name"]}}] if found else []


NOT_PRINTABLE: Final = "{name} does not print as it is: the Print panel says what is wrong."

"""Writing results into asset libraries: a background Blender does it, one result at a time.

What is being saved goes on when another file is opened, and ends with Blender.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import bpy

from ...catalog.messages import the_first, unpack
from ..core.translation import translate
from ..scene import export_selection
from ..snapshot import job_notes, snapshot
from . import background_tasks, build_snapshot, worker_host
from .background_tasks import Task

log = logging.getLogger(__name__)

TIMEOUT: Final = 600.0
"""Seconds after which something must be wrong."""


@dataclass(frozen=True, slots=True)
class Saving:
    """One result on its way into a library."""

    job_id: str
    library: str
    """Its name for people."""
    order: Mapping[str, Any]
    """For ``assets.save_asset``; its ``blend`` is removed in the end if it was ``written``."""
    written: bool
    """Whether the .blend was written for this."""


def start(saving: Saving) -> None:
    """Save as soon as what was begun before is done."""
    task = Task(
        worker_host.asset_command(),
        saving.order,
        TIMEOUT,
        done=partial(_tell_saved, saving),
        failed=partial(_tell_trouble, saving),
        ended=partial(_clean_up, saving),
    )
    background_tasks.queue(task)
    _tell(saving, translate("Saving to the asset library {name}", name=saving.library))


def _tell_saved(saving: Saving, report: Mapping[str, Any]) -> None:
    file = Path(report["blend"]).name
    words = translate("Saved as {file} in {name}", file=file, name=saving.library)
    lacks = the_first([unpack(packed) for packed in report["left_out"]])
    _tell(saving, ". ".join([words, *filter(None, [translate(*lacks)])]))


def _tell_trouble(saving: Saving, trouble: str) -> None:
    words = translate("It was not saved as an asset: {reason}", reason=translate(trouble))
    log.warning("an asset was not saved: %s", words)
    _tell(saving, words)
    if snapshot.current().row(saving.job_id) is None:
        snapshot.show_trouble(words)


def _tell(saving: Saving, words: str) -> None:
    job_notes.remark(saving.job_id, words)
    build_snapshot.refresh(bpy.context)


def _clean_up(saving: Saving, _complete: bool) -> None:
    if saving.written:
        export_selection.remove_blend(Path(saving.order["blend"]))

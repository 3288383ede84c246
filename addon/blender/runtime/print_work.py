"""Selected objects as models for printers: a background Blender looks at, mends and writes them.

One run at a time, which belongs to the open file and ends with it. It asks nobody for anything:
no key, no network, no credits.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import bpy

from ...catalog.messages import Message
from ...printing.findings import KINDS
from ...printing.limits import Limits
from ...printing.orders import Colors, Plate
from ...service import whole_files
from ..core import memory
from ..core.access import scene_of, view_layer_of
from ..core.ids import OperatorId, operator
from ..core.memory import Part
from ..model.failure import own_words, reported
from ..scene import export_selection, object_links, print_state
from ..scene.export_selection import Selection, SendFailed
from ..scene.print_state import State
from ..snapshot.redraw import redraw
from . import background_tasks, print_marks, worker_host
from .background_tasks import Task

log = logging.getLogger(__name__)

TIMEOUT: Final = 900.0
"""Seconds after which something must be wrong; a million triangles take some ten."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of a selection as it was then."""

    key: tuple[int | bool, ...]
    """Of the selection."""
    state: State
    findings: Sequence[Mapping[str, Any]]
    """As ``print.check.Finding.document`` writes them, without their indices."""
    figures: Mapping[str, Any]
    is_own: bool
    """Whether the indices are those of the main object's mesh."""
    marks: Path
    """Where the findings are; see ``background.printing.selections.write_marks``."""
    limits: Limits


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a selection and waits to be taken."""

    objects: tuple[int, ...]
    """Their ``session_uid``, the main one first."""
    scene: int
    state: State
    back: Path
    report: Mapping[str, Any]
    marks: Path
    limits: Limits
    words: str
    """What was asked for, in English."""


Stamp = tuple[int, int]
"""When a file was written, in nanoseconds, and how long it is."""


@dataclass(slots=True)
class _Run:
    task: Task
    words: str
    name: str


class _Prints(Part):
    def __init__(self) -> None:
        self.run: _Run | None = None
        self.trouble = ""
        self.told = ""
        self.about: tuple[str, int, int] | None = None
        """What was told of: an object's name and number, and that of its mesh."""
        self.written: tuple[Path, ...] = ()
        self.own: dict[Path, Stamp | None] = {}
        """All that was written for slicers in this session, and what it was then."""
        self.checked: dict[int, Checked] = {}
        """By the main object's ``session_uid``."""
        self.made: Made | None = None

    def end(self) -> None:
        for checked in self.checked.values():
            whole_files.discard(checked.marks)

    def forget_file(self) -> None:
        """End the run under way, and forget all that was found."""
        stop()
        self.end()
        self.checked.clear()


def _prints() -> _Prints:
    return memory.of(_Prints)


# ---------------------------------------------------------------- what panels show


def models(selection: Selection) -> list[Selection]:
    """The selected objects that hang on none of the others, each with what hangs on it.

    Of a model that was split each part is one.
    """
    whole = {obj for obj in selection.objects if not obj.get(object_links.SPLIT)}
    tops = [
        obj for obj in selection.objects if obj in whole and not whole.intersection(_above(obj))
    ]
    below = ([top, *(obj for obj in selection.objects if top in _above(obj))] for top in tops)
    return [Selection(tuple(objects)) for objects in below]


def _is_split(obj: bpy.types.Object) -> bool:
    """Whether it holds parts that were cut for a printer, or is one."""
    return any(one.get(object_links.SPLIT) for one in (obj, obj.parent) if one is not None)


def _above(obj: bpy.types.Object) -> list[bpy.types.Object]:
    return [] if obj.parent is None else [obj.parent, *_above(obj.parent)]


def checked(selection: Selection) -> Checked | None:
    """What was found of it last; None if it was not looked at as a whole."""
    found = _prints().checked.get(selection.main.session_uid)
    return found if found is not None and found.key == selection.key else None


def is_stale(selection: Selection, found: Checked) -> bool:
    """Whether it is another model by now; only read, for drawing."""
    return print_state.of(selection) != found.state


def progress() -> str:
    """What is being done, in English; "" when nothing is."""
    run = _current_run()
    return "" if run is None else run.words


def trouble() -> str:
    """Why the last run came to nothing; "" when it did not."""
    return _prints().trouble


def told() -> str:
    """What the last run did; "" when there is nothing to tell, or it was undone."""
    prints = _prints()
    about = prints.about
    if about is None:
        return prints.told
    stands = about[0] in bpy.data.objects and _numbers(bpy.data.objects[about[0]]) == about
    return prints.told if stands else ""


def _numbers(obj: bpy.types.Object) -> tuple[str, int, int]:
    data = obj.data
    return obj.name, obj.session_uid, 0 if data is None else data.session_uid


def written() -> tuple[Path, ...]:
    """The files that the last run wrote for slicers."""
    return _prints().written


def is_strange(file: Path) -> bool:
    """Whether it stands there, and is not what was written here in this session.

    Slicers save their projects under the name of the 3MF that they opened.
    """
    found = _stamp(file)
    return found is not None and _prints().own.get(file) != found


def _stamp(file: Path) -> Stamp | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


# ---------------------------------------------------------------- runs


def start_check(context: bpy.types.Context, selection: Selection, limits: Limits) -> None:
    """Look for what may be wrong with it; raises SendFailed."""
    marks = _new_file("marks.npz")
    state = print_state.look(selection)
    found = partial(_note_checked, selection.key, selection.main.session_uid, state, marks, limits)
    _start(context, selection, limits, {"marks": str(marks)}, "Checking…", found, leaves=[marks])


def start_making(
    context: bpy.types.Context,
    selection: Selection,
    limits: Limits,
    order: Mapping[str, Any],
    words: str,
) -> None:
    """Make another model of it, which ``PRINT_TAKE`` then takes; raises SendFailed.

    ``order``: what is to be done, as ``background.printing.selected`` takes it.
    """
    back, marks = _new_file("back.blend"), _new_file("marks.npz")
    made = Made(
        tuple(obj.session_uid for obj in selection.objects),
        scene_of(context).session_uid,
        print_state.look(selection),
        back,
        {},
        marks,
        limits,
        words,
    )
    whole = {**order, "back": str(back), "marks": str(marks)}
    take = partial(_take, made)
    _start(context, selection, limits, whole, words, take, leaves=[back, marks], changes_scene=True)


def start_painting(
    context: bpy.types.Context, selection: Selection, limits: Limits, colors: Colors
) -> None:
    """Show in viewports how it looks in the colors of filaments; raises SendFailed."""
    painted = _new_file("painted.npz")
    order = {"colors": asdict(colors), "painted": str(painted)}
    show = partial(_show_painted, selection.main.session_uid, painted)
    _start(context, selection, limits, order, "Painting…", show, leaves=[painted])


def _show_painted(uid: int, painted: Path, report: Mapping[str, Any]) -> None:
    try:
        print_marks.show_painted(uid, painted)
    except OSError as error:
        reason = own_words(error)
        tell(Message("The colors cannot be shown: {error}", error=reason), trouble=True)
        return
    finally:
        whole_files.discard(painted)
    shares = report["figurines"][0]["colors"]
    words = ", ".join(f"{one['color']} {one['share']:.0%}" for one in shares)
    tell(Message("Shares of the surface: {colors}", colors=words))


def start_export(
    context: bpy.types.Context,
    selection: Selection,
    limits: Limits,
    files: Sequence[Path],
    then: Callable[[Sequence[Path]], None] | None = None,
    plate: Plate | None = None,
    colors: Colors | None = None,
) -> None:
    """Write the files for slicers, and ``then`` go on with them; raises SendFailed and OSError.

    With a ``plate`` each of the selected objects is a model of its own, as parts of one that was
    split always are; with ``colors`` a 3MF is painted.
    """
    for folder in {file.parent for file in files}:
        folder.mkdir(parents=True, exist_ok=True)
    order: dict[str, Any] = {"to": [str(file) for file in files]}
    if colors is not None:
        order["colors"] = asdict(colors)
    if plate is not None or any(map(_is_split, selection.objects)):
        each = [export_selection.export_settings(context, one) for one in models(selection)]
        order |= {"selection": each[0], "others": each[1:]}
    if plate is not None:
        order["plate"] = asdict(plate)
    _start(context, selection, limits, order, "Writing…", partial(_note_written, files, then))


def _start(
    context: bpy.types.Context,
    selection: Selection,
    limits: Limits,
    order: Mapping[str, Any],
    words: str,
    done: Callable[[Mapping[str, Any]], None],
    *,
    leaves: Sequence[Path] = (),
    changes_scene: bool = False,
) -> None:
    stop()
    blend = _new_file("sent.blend")
    export_selection.write_blend(selection, blend)
    task = Task(
        worker_host.print_command(),
        {
            "file": str(blend),
            "selection": export_selection.export_settings(context, selection),
            "limits": limits.document(),
            **order,
        },
        TIMEOUT,
        done=done,
        failed=partial(_tell_trouble, selection.main.name),
        ended=partial(_clean_up, blend, leaves),
        changes_scene=changes_scene,
    )
    try:
        background_tasks.start(task)
    except OSError as error:
        raise SendFailed(background_tasks.not_started(error)) from error
    _prints().run = _Run(task, words, selection.main.name)


def _new_file(ending: str) -> Path:
    return Path(bpy.app.tempdir) / f"studio3d-print-{os.urandom(6).hex()}-{ending}"


def _note_checked(
    key: tuple[int | bool, ...],
    uid: int,
    state: State,
    marks: Path,
    limits: Limits,
    report: Mapping[str, Any],
) -> None:
    said = report["figurines"][0]
    prints = _prints()
    former = prints.checked.pop(uid, None)
    if former is not None:
        whole_files.discard(former.marks)
    prints.checked[uid] = Checked(
        key, state, said["findings"], said["figures"], said["is_own"], marks, limits
    )
    redraw()


def note_taken(context: bpy.types.Context, obj: bpy.types.Object, made: Made) -> None:
    """Keep what is still wrong with what was made, which is ``obj`` now."""
    selection = Selection(tuple(export_selection.with_children([obj])))
    said = made.report["figurines"][0]
    if selection.objects != (obj,) or "findings" not in said:
        whole_files.discard(made.marks)
        return
    view_layer_of(context).update()
    said = {**said, "is_own": True}
    _note_checked(
        selection.key,
        obj.session_uid,
        print_state.look(selection),
        made.marks,
        made.limits,
        {"figurines": [said]},
    )


def _take(made: Made, report: Mapping[str, Any]) -> None:
    """Through an operator, so that it is one undo step."""
    prints = _prints()
    prints.made = replace(made, report=report)
    scene = next((one for one in bpy.data.scenes if one.session_uid == made.scene), None)
    try:
        if scene is None:
            prints.trouble = "The scene it was made for is gone."
        else:
            operator(OperatorId.PRINT_TAKE)("EXEC_DEFAULT", True, scene=scene.name)
    except RuntimeError as error:
        log.warning("what was made for a printer was not taken: %s", error)
        prints.trouble = prints.trouble or reported(error)
    finally:
        prints.made = None
        whole_files.discard(made.back)
    redraw()


def made() -> Made | None:
    """What waits to be taken."""
    return _prints().made


def tell(words: str, *, trouble: bool = False, of: bpy.types.Object | None = None) -> None:
    """Let the panel say what came of the last run, as long as what was made of it stands."""
    prints = _prints()
    prints.about = None if of is None else _numbers(of)
    prints.told, prints.trouble = ("", words) if trouble else (words, "")
    redraw()


def _note_written(
    files: Sequence[Path],
    then: Callable[[Sequence[Path]], None] | None,
    _report: Mapping[str, Any],
) -> None:
    _prints().written = tuple(files)
    _prints().own.update((file, _stamp(file)) for file in files)
    if then is not None:
        then(files)
    redraw()


def _tell_trouble(name: str, words: str) -> None:
    log.warning("work on %s for a printer failed: %s", name, words)
    tell(words, trouble=True)


def _clean_up(blend: Path, leaves: Sequence[Path], complete: bool) -> None:
    export_selection.remove_blend(blend)
    if not complete:
        for path in leaves:
            whole_files.discard(path)


def stop() -> None:
    """End the run under way, and forget what the last one said."""
    prints = _prints()
    if prints.run is not None:
        background_tasks.end(prints.run.task)
    prints.run, prints.trouble, prints.told, prints.written = None, "", "", ()


def _current_run() -> _Run | None:
    """The run, as long as it lasts."""
    run = _prints().run
    return run if run is not None and background_tasks.is_running(run.task) else None


def ordered(findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The findings that are known here, the worst first."""
    known = [one for one in findings if one["kind"] in KINDS]
    return sorted(known, key=lambda one: list(KINDS).index(one["kind"]))

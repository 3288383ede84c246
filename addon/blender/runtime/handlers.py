"""What happens when files are opened and saved, and steps undone."""

import logging
from typing import Any, Final

import bpy
from bpy.app.handlers import persistent

from .. import languages
from ..core import memory, session, signals, ticker
from ..placement import read_ahead
from ..settings import carried_over
from . import build_snapshot, clean_up, job_monitor, news, worker_link

log = logging.getLogger(__name__)

_SUBSCRIBER: Final = object()
"""Owns what we subscribed to."""

FIRST_LOOK: Final = 0.5
"""Seconds after registering; by then Blender's window and preferences are there."""


@persistent  # type: ignore[untyped-decorator]  # the stubs leave it untyped
def before_load(_path: Any) -> None:
    """Another file is about to be opened; a new one is to be set like this one."""
    session.opened_file()  # what is known of this one goes with it, unless it is taken over now
    scene = bpy.context.scene
    if scene is not None and not bpy.app.background:
        carried_over.keep(scene)


@persistent  # type: ignore[untyped-decorator]  # the stubs leave it untyped
def on_load(_path: Any) -> None:
    """Another file is open: its scenes are not those that jobs were asked for."""
    subscribe()
    languages.subscribe()
    session.file_was_opened()
    if session.has_jobs():
        clean_up.note_open_file(bpy.data.filepath)
    memory.forget_file()
    if not bpy.data.filepath and not bpy.app.background:
        for scene in bpy.data.scenes:
            carried_over.restore(scene)
    look_again()


@persistent  # type: ignore[untyped-decorator]  # the stubs leave it untyped
def before_save(_path: Any) -> None:
    """What is not placed yet is no part of the file."""
    read_ahead.drop()


@persistent  # type: ignore[untyped-decorator]  # the stubs leave it untyped
def on_save(path: Any) -> None:
    """The open file has a (perhaps new) place, or a copy was saved."""
    session.file_was_saved()
    clean_up.note_open_file(str(path))


@persistent  # type: ignore[untyped-decorator]  # the stubs leave it untyped
def on_undo(_scene: Any) -> None:
    """Undo changes scenes, never jobs: only what is said about the scene is looked at again."""
    look_again()


@persistent  # type: ignore[untyped-decorator]  # the stubs leave it untyped
def on_change(_scene: Any, depsgraph: Any) -> None:
    """Called at every change, so it asks for little: a result may have been deleted."""
    if bpy.app.background or not any(map(depsgraph.id_type_updated, ("COLLECTION", "SCENE"))):
        return
    if build_snapshot.objects_came_or_went():
        ticker.call(look_at_scenes)


def look_at_scenes() -> None:
    """Called by the ticker: say of placed results whether they are still there."""
    build_snapshot.refresh(bpy.context)


def look_again() -> None:
    """Bring the sidebar up to date, and watch if there is something to watch."""
    if bpy.app.background or ticker.is_due(first_look):
        return
    build_snapshot.refresh(bpy.context)
    job_monitor.wake()


def first_look() -> None:
    """Called by the ticker, once: take up jobs that were under way when Blender ended."""
    news.look()
    look_again()


def on_online_access_switched() -> None:
    """The user allowed or forbade the network in Blender's preferences."""
    worker_link.account_changed()


def subscribe() -> None:
    """Hear of that switch; to be called again for each file, which ends subscriptions."""
    setting = (bpy.types.PreferencesSystem, "use_online_access")
    signals.hear_of(_SUBSCRIBER, setting, on_online_access_switched)


HANDLERS: Final = (
    (bpy.app.handlers.load_pre, before_load),
    (bpy.app.handlers.load_post, on_load),
    (bpy.app.handlers.save_pre, before_save),
    (bpy.app.handlers.save_post, on_save),
    (bpy.app.handlers.undo_post, on_undo),
    (bpy.app.handlers.redo_post, on_undo),
    (bpy.app.handlers.depsgraph_update_post, on_change),
)


def on_spots_switched() -> None:
    """Viewports are to show where results are to stand, or not any more."""
    build_snapshot.refresh(bpy.context)


def on_page_changed() -> None:
    """Another page of the results is to be shown, or other results."""
    build_snapshot.refresh(bpy.context)


def on_balance_wanted() -> None:
    """A key was entered: whether it is good is what people want to know next."""
    worker_link.check_connection(bpy.context)


SIGNALS: Final = (
    (signals.ACCOUNT_CHANGED, worker_link.account_changed),
    (signals.BALANCE_WANTED, on_balance_wanted),
    (signals.PAGE_CHANGED, on_page_changed),
    (signals.SPOTS_SWITCHED, on_spots_switched),
)


def register() -> None:
    """Hook into Blender. In background mode nothing starts by itself."""
    for handlers, function in HANDLERS:
        handlers.append(function)
    for signal, listener in SIGNALS:
        signal.connect(listener)
    subscribe()
    ticker.call(first_look, after=FIRST_LOOK)


def unregister() -> None:
    """Take everything back."""
    bpy.msgbus.clear_by_owner(_SUBSCRIBER)
    for signal, listener in SIGNALS:
        signal.disconnect(listener)
    for handlers, function in HANDLERS:
        handlers.remove(function)

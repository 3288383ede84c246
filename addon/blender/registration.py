"""What is registered in Blender, and in which order.

A module of this package takes part by being named in ``modules()``. It may have

- ``CLASSES``: a tuple of classes, registered in that order;
- ``register()`` and ``unregister()``: for everything that is not a class (properties of ID types,
  handlers, timers, menu entries), called after the classes of the same module.

``unregister`` walks everything backwards. Nothing here touches the scene, the network or a file:
while an extension is being enabled Blender gives no context, and people wait.
"""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Final

import bpy

log = logging.getLogger(__name__)

_registered: Final[list[ModuleType]] = []


def modules() -> tuple[ModuleType, ...]:
    """Everything that registers, in order: what others refer to comes first."""
    from . import languages
    from .core import late_modules, manual, memory
    from .operators import (
        about,
        agree,
        alternatives,
        asked_before,
        assets,
        candidates,
        clean_up,
        comparison,
        connection,
        drop_picture,
        edit_image,
        folders,
        frame,
        generate,
        generate_dialog,
        job_actions,
        job_details,
        job_menu,
        key,
        picture_actions,
        picture_sources,
        place,
        place_by_click,
        presets,
        print_check,
        print_files,
        print_making,
        prompt_sources,
        recipes,
        result_files,
        results,
        results_page,
        samples,
        send,
        show_jobs,
        show_preferences,
        side_views,
        tool_settings,
        use_goal,
        use_picture,
        use_tool,
        versions,
    )
    from .panels import asked_before as asked_before_panel
    from .panels import candidates as candidates_panel
    from .panels import engines as engines_panel
    from .panels import generate as generate_panel
    from .panels import groups as group_panels
    from .panels import image as image_panel
    from .panels import jobs as jobs_panel
    from .panels import menus, preferences, print_marks, print_panel, spot_boxes
    from .panels import presets as preset_panels
    from .panels import results as results_panel
    from .panels import tools as tools_panel
    from .runtime import handlers, job_monitor
    from .scene import object_links, print_state, read_cache
    from .scripting import command
    from .settings import interface_state, properties
    from .widgets import previews

    return (
        memory,
        late_modules,
        languages,
        manual,
        properties,
        object_links,
        interface_state,
        preferences,
        previews,
        assets,
        place,
        place_by_click,
        frame,
        agree,
        generate,
        generate_dialog,
        alternatives,
        candidates,
        asked_before,
        use_picture,
        edit_image,
        drop_picture,
        picture_sources,
        picture_actions,
        prompt_sources,
        side_views,
        presets,
        recipes,
        use_goal,
        send,
        use_tool,
        tool_settings,
        print_check,
        print_making,
        print_files,
        versions,
        result_files,
        results,
        results_page,
        clean_up,
        comparison,
        job_actions,
        job_details,
        job_menu,
        show_jobs,
        connection,
        samples,
        key,
        show_preferences,
        folders,
        about,
        preset_panels,
        engines_panel,
        generate_panel,
        candidates_panel,
        image_panel,
        asked_before_panel,
        tools_panel,
        group_panels,
        print_panel,
        jobs_panel,
        results_panel,
        menus,
        spot_boxes,
        print_marks,
        job_monitor,
        read_cache,
        print_state,
        handlers,
        command,
    )


def register() -> None:
    """Register all modules; after an error nothing stays registered."""
    with _no_looking_for_garbage():
        for module in modules():
            _registered.append(module)
            try:
                _register(module)
            except BaseException:
                unregister()
                raise


@contextmanager
def _no_looking_for_garbage() -> Iterator[None]:
    """All that is made stays; Python would look through it again and again, a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def unregister() -> None:
    """Take back everything ``register`` did, in reverse order."""
    while _registered:
        _unregister(_registered.pop())


def _register(module: ModuleType) -> None:
    for cls in getattr(module, "CLASSES", ()):
        bpy.utils.register_class(cls)
    hook = getattr(module, "register", None)
    if hook is not None:
        hook()


def _unregister(module: ModuleType) -> None:
    hook = getattr(module, "unregister", None)
    if hook is not None:
        hook()
    for cls in reversed(getattr(module, "CLASSES", ())):
        if cls.is_registered:
            bpy.utils.unregister_class(cls)

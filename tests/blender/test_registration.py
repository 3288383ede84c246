"""What enabling registers, that disabling takes all of it back, and how long it takes."""

import gc
import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import bpy
import bpy.utils.previews
import pytest

from tests.blender.conftest import PACKAGE, part

NAME = re.compile(r"STUDIO3D_(OT|PT|UL|MT|PG|FH)_[a-z0-9_]+")


def registered() -> set[str]:
    return {name for name in dir(bpy.types) if name.startswith("STUDIO3D_")}


def handlers() -> dict[str, list[str]]:
    """Every application handler by list."""
    lists = {
        name: getattr(bpy.app.handlers, name)
        for name in dir(bpy.app.handlers)
        if isinstance(getattr(bpy.app.handlers, name), list)
    }
    return {
        name: [f"{function.__module__}.{function.__name__}" for function in functions]
        for name, functions in lists.items()
    }


def test_every_id_is_registered_and_named_as_blender_wants(extension: ModuleType) -> None:
    ids = part("blender.core.ids")
    names = {ids.rna_name(operator) for operator in ids.OperatorId}
    names |= {str(panel) for panel in ids.PanelId}
    for made in map(ids.of_group, part("blender.settings.properties").panel_groups()):
        names |= {made.panel, made.presets, ids.rna_name(made.order), ids.rna_name(made.add_preset)}
    assert names <= registered()
    assert [name for name in registered() if not NAME.fullmatch(name)] == []


def of_ours(value: Any) -> bool:
    """Whether a function or class is of the extension's code."""
    return str(getattr(value, "__module__", "")).startswith(PACKAGE)


def drawn_into_blenders_own() -> Iterator[str]:
    """Every function of ours that a menu, a panel or a header of Blender calls."""
    for name in dir(bpy.types):
        for function in getattr(getattr(getattr(bpy.types, name), "draw", None), "_draw_funcs", ()):
            if of_ours(function):
                yield f"{name}: {function.__name__}"


def properties() -> Iterator[str]:
    """Every property whose name or type is ours, on types of Blender's."""
    for name in dir(bpy.types):
        rna = getattr(getattr(bpy.types, name), "bl_rna", None)
        if rna is not None and not name.startswith("STUDIO3D_"):
            own = (one.identifier for one in rna.properties)
            yield from (f"{name}.{key}" for key in own if "studio3d" in key)


def shortcuts() -> Iterator[str]:
    keys = bpy.context.window_manager.keyconfigs
    for configuration in filter(None, (keys.addon, keys.default, keys.user)):
        for keymap in configuration.keymaps:
            yield from (k.idname for k in keymap.keymap_items if k.idname.startswith("studio3d."))


def translations() -> list[str]:
    """Whether our tables are known: a second time they are refused."""
    try:
        bpy.app.translations.register(PACKAGE, {})
    except ValueError:
        return [PACKAGE]
    bpy.app.translations.unregister(PACKAGE)
    return []


def in_blender() -> dict[str, Any]:
    """Everything of the extension that Blender holds, by kind."""
    gc.collect()
    modules = {
        one.__name__.rpartition(".")[2]: one for one in part("blender.registration").modules()
    }
    drawing = [
        *part("blender.panels.spot_boxes")._handlers,
        *part("blender.panels.print_marks")._handlers,
    ]
    return {
        "classes": sorted(registered()),
        "properties": sorted(properties()),
        "handlers": [name for names in handlers().values() for name in names if PACKAGE in name],
        "timers": bpy.app.timers.is_registered(part("blender.core.ticker").tick),
        "menus": sorted(drawn_into_blenders_own()),
        "shortcuts": list(shortcuts()),
        "pages of the manual": [m.__name__ for m in bpy.utils._manual_map if of_ours(m)],
        "drawing": len(drawing),
        "previews": sum(
            issubclass(type(one), bpy.utils.previews.ImagePreviewCollection)
            for one in gc.get_objects()  # of modules nothing is asked: it would have them read
        ),
        "translations": translations(),
        "command": modules["command"]._Registered.handle is not None,
    }


def test_switched_off_nothing_of_it_is_left_and_on_again_all_of_it_is_there(
    extension: ModuleType,
) -> None:
    """However often; what Blender has of its own is the same each time."""
    there = in_blender()
    bpy.ops.preferences.addon_disable(module=PACKAGE)
    left = in_blender()
    lists = [key for key, value in there.items() if isinstance(value, list)]
    try:
        # There are no shortcuts ever, and in English no tables of translations.
        assert [key for key in lists if not there[key]] == ["shortcuts", "translations"]
        assert [key for key in lists if left[key]] == []
        assert (left["timers"], left["command"]) == (False, False)
        assert left["previews"] == there["previews"] - 1
    finally:
        bpy.ops.preferences.addon_enable(module=PACKAGE)
    assert in_blender() == there
    for _ in range(2):
        bpy.ops.preferences.addon_disable(module=PACKAGE)
        assert in_blender() == left
        bpy.ops.preferences.addon_enable(module=PACKAGE)
        assert in_blender() == there


@pytest.mark.fault(
    "The extension is disabled while there is something to do",
    "Handlers, timers and the worker end",
)
def test_disabling_takes_everything_back(extension: ModuleType) -> None:
    monitor, hooks = part("blender.runtime.job_monitor"), part("blender.runtime.handlers")
    ticker = part("blender.core.ticker")
    host = part("blender.runtime.worker_host")
    before = handlers()
    assert any(PACKAGE in name for names in before.values() for name in names)
    part("blender.snapshot.job_notes").remark("a job", "words")
    try:
        bpy.ops.preferences.addon_disable(module=PACKAGE)
        assert part("blender.core.memory").is_empty()
        assert registered() == set()
        assert not hasattr(bpy.types.Scene, "studio3d")
        assert not hasattr(bpy.types.WindowManager, "studio3d")
        left = [name for names in handlers().values() for name in names if PACKAGE in name]
        assert left == []
        assert not bpy.app.timers.is_registered(ticker.tick)
        for client in (monitor.supervise, hooks.first_look):
            assert not ticker.is_due(client)
        assert not host.is_running()
    finally:
        bpy.ops.preferences.addon_enable(module=PACKAGE)
    assert {name: len(names) for name, names in handlers().items()} == {
        name: len(names) for name, names in before.items()
    }
    assert part("blender.snapshot.job_notes").current() == {}


def late_finders() -> list[object]:
    """What has our modules read when they are first used."""
    name = part("blender.core.late_modules").__name__
    return [finder for finder in sys.meta_path if type(finder).__module__ == name]


def test_what_enabling_leaves_unread_is_read_in_moments(extension: ModuleType) -> None:
    late = part("blender.core.late_modules")
    extension.unregister()
    assert late_finders() == []
    extension.register()
    assert len(late_finders()) == 1
    while late.read_on() is not None:
        pass
    assert late.unread() == []
    assert late_finders() == []


def test_registering_again_and_again_leaves_one_of_each(extension: ModuleType) -> None:
    before, classes = handlers(), registered()
    for _ in range(3):
        extension.unregister()
        extension.register()
    assert handlers() == before
    assert registered() == classes


def test_nothing_starts_by_itself_without_a_window(extension: ModuleType) -> None:
    ticker = part("blender.core.ticker")
    assert not bpy.app.timers.is_registered(ticker.tick)
    assert not ticker.is_due(part("blender.runtime.handlers").first_look)
    assert not ticker.is_due(part("blender.runtime.job_monitor").supervise)
    ticker.call(test_nothing_starts_by_itself_without_a_window)
    assert not ticker.is_due(test_nothing_starts_by_itself_without_a_window)
    assert not part("blender.runtime.worker_host").is_running()


@pytest.mark.fault(
    "A part of the extension fails while it is enabled", "Nothing of it is left registered"
)
def test_a_failing_module_leaves_nothing_registered(
    extension: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    registration = part("blender.registration")
    before, classes = handlers(), registered()
    extension.unregister()

    def fail() -> None:
        raise ValueError("as asked")

    with monkeypatch.context() as patch:
        patch.setattr(part("blender.runtime.job_monitor"), "register", fail, raising=False)
        with pytest.raises(ValueError, match="as asked"):
            extension.register()
    assert registered() == set()
    assert gc.isenabled()
    assert registration.modules()
    extension.register()
    assert registered() == classes
    assert handlers() == before

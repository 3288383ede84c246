"""What enabling registers, that disabling takes all of it back, and how long it takes."""

import re
from types import ModuleType

import bpy
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
    assert registration.modules()
    extension.register()
    assert registered() == classes
    assert handlers() == before

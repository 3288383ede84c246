"""The steps that the Tools panel runs one after the other, and the one whose settings it shows.

The tool chosen in the panel is that of the shown step: what is seen is what runs. Without steps it
runs alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .properties import SceneSettings

LEAST: Final = 2
"""Fewer are no steps, but a tool."""


def are_there(settings: SceneSettings) -> bool:
    """Whether more than one tool runs."""
    return len(settings.chain) >= LEAST


def tools(settings: SceneSettings) -> list[str]:
    """The tools that run, in order."""
    if not are_there(settings):
        return [settings.tool]
    shown_now = shown(settings)
    return [
        settings.tool if index == shown_now else step.tool
        for index, step in enumerate(settings.chain)
    ]


def shown(settings: SceneSettings) -> int:
    """Which step's settings are shown, from 0."""
    return min(settings.shown_step, len(settings.chain) - 1)


def add(settings: SceneSettings, tool: str) -> None:
    """Let ``tool`` follow, and show it; the tool chosen so far becomes the first step."""
    _write(settings, [*tools(settings), tool], show=len(tools(settings)))


def show(settings: SceneSettings, index: int) -> None:
    """Show the settings of that step."""
    _write(settings, tools(settings), show=index)


def remove(settings: SceneSettings, index: int) -> None:
    """Take that step out; the one that is left of two is the tool that runs."""
    left = tools(settings)
    del left[index]
    before = index < shown(settings)
    _write(settings, left, show=shown(settings) - before)


def move(settings: SceneSettings, index: int, by: int) -> None:
    """Let the step run ``by`` places later; it is shown."""
    order = tools(settings)
    to = min(max(index + by, 0), len(order) - 1)
    order.insert(to, order.pop(index))
    _write(settings, order, show=to)


def choose(settings: SceneSettings, order: Sequence[str]) -> None:
    """Let these tools run, in place of those before, and show the last."""
    _write(settings, order, show=len(order) - 1)


def clear(settings: SceneSettings) -> None:
    """Leave only the tool that is shown."""
    settings.chain.clear()


def _write(settings: SceneSettings, order: Sequence[str], *, show: int) -> None:
    settings.chain.clear()
    shown_now = min(max(show, 0), len(order) - 1)
    settings.tool = order[shown_now]
    settings.shown_step = shown_now
    if len(order) >= LEAST:
        for tool in order:
            settings.chain.add().tool = tool

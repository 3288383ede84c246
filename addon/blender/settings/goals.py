"""Choosing an engine and its settings by what the model is for."""

from collections.abc import Mapping
from typing import NamedTuple

from ...catalog import Group, Mode, Operation, Value, operations
from ...catalog.goals import Goal
from .draft import Draft
from .field_properties import clear, write
from .loading import choose
from .presets import NOT_KEPT
from .properties import SceneSettings, draft_of, home_of


class Way(NamedTuple):
    """How a goal is served."""

    operation: Operation
    values: Mapping[str, Value]


def way_to(goal: Goal, mode: Mode) -> Way | None:
    """The engine that serves the goal from that start, with the settings for it."""
    for operation in operations(Group.GENERATE):
        if goal in operation.goals and mode in operation.modes:
            return Way(operation, operation.goals[goal])
    return None


def draft_for(settings: SceneSettings, way: Way) -> Draft:
    """What would be ordered; nothing is changed."""
    mode = Mode(settings.mode)
    given = draft_of(settings, way.operation, mode)
    sources = {
        field.name: given.values[field.name]
        for field in way.operation.fields
        if field.source is not None and field.name in given.values
    }
    return Draft(way.operation, mode, {**sources, **way.values})


def use(settings: SceneSettings, way: Way) -> None:
    """Choose the engine; what it starts from stays, all else is as the goal wants it."""
    mode = Mode(settings.mode)
    choose(settings, way.operation, mode)
    units = way.operation.units()
    for field in way.operation.fields:
        if field.source is not None or field.kind in NOT_KEPT or field.name in units:
            continue
        home = home_of(settings, way.operation, field)
        clear(home, field)
        if field.name in way.values:
            write(home, field, way.values[field.name])

"""Putting the settings of an order back into the form that it was made in."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import bpy

from ...catalog import Field, Group, Kind, Mode, Operation, Request, UnknownOperation, Value, get
from ...catalog.encoders import is_address
from ...catalog.messages import Message
from ...jobs.job import Job
from ...jobs.origin import SentSelection
from ..core import units
from ..core.access import typed
from . import field_properties, placement_settings
from . import steps as tool_steps
from .properties import (
    PICTURE_GROUPS,
    REQUEST_MODE,
    TEXTURE_SIZES,
    SceneSettings,
    choice_property,
    engine_property,
    group_of,
    has_choice,
    has_modes,
    home_of,
    placement_choices,
)

FILE_FIELDS: Final = frozenset({Kind.IMAGE, Kind.IMAGES, Kind.VIEWS})


def can_load(job: Job) -> bool:
    """Whether there is a form for the job's operation."""
    try:
        get(job.operation)
    except UnknownOperation:
        return False
    return True


def load_order(settings: SceneSettings, steps: Sequence[Job]) -> list[Message]:
    """Take over the settings of an order's steps; returns what of them is not there any more."""
    last = steps[-1]
    lost: list[Message] = []
    for step in steps:
        lost += load_request(settings, step.request)
    if get(last.operation).group is Group.MESH_TOOL:
        tool_steps.choose(settings, [step.operation for step in steps])
        settings.import_converted = last.wants_prepared
        if last.origin.sent is not None:
            _load_sent(settings, last.origin.sent)
    if last.origin.placement is not None:
        choices = placement_choices(settings, get(last.operation))
        placement_settings.write(choices, last.origin.placement.options)
    return lost


def load_request(settings: SceneSettings, request: Request) -> list[Message]:
    """Choose the operation, and set its fields; returns what is not there any more."""
    operation = get(request.operation)
    mode = request.mode or next(iter(operation.modes), None)
    choose(settings, operation, mode)
    scene = typed(bpy.types.Scene, settings.id_data)
    lost: list[Message] = []
    for field in operation.fields:
        if field.name in operation.units() or not _has_place(operation, field, mode):
            continue
        home = home_of(settings, operation, field)
        value = request.values.get(field.name)
        if value is not None and field.length_in:
            value = units.from_service(scene, value, str(request.values[field.length_in]))
        if value is not None and field.kind in FILE_FIELDS:
            value, gone = _those_there(value)
            lost += [Message("{name} is not there any more", name=name) for name in gone]
        if value is None:
            field_properties.clear(home, field)
        elif not field_properties.write(home, field, value):
            lost.append(Message("{field} has no {value} any more", field=field.words, value=value))
    return lost


def choose(settings: SceneSettings, operation: Operation, mode: Mode | None) -> None:
    """Make it the operation that its panel shows, starting from ``mode``."""
    if operation.group is Group.GENERATE and mode is not None:
        settings.mode = mode.value
        setattr(settings, engine_property(mode), operation.name)
    elif operation.group in PICTURE_GROUPS:
        settings.picture_operation = operation.name
    elif operation.group is Group.MESH_TOOL:
        settings.tool = operation.name
    else:
        if has_choice(operation.group):
            setattr(settings, choice_property(operation.group), operation.name)
        if has_modes(operation) and mode is not None:
            setattr(group_of(settings, operation), REQUEST_MODE, mode.value)


def _has_place(operation: Operation, field: Field, mode: Mode | None) -> bool:
    """Whether the form has the field; what tools work on is selected, not entered."""
    if operation.group is Group.MESH_TOOL and field.kind is Kind.MODEL:
        return False
    # The form for pictures has those given as well, where it starts from words.
    return operation.group in PICTURE_GROUPS or operation.belongs(field, mode)


def _load_sent(settings: SceneSettings, sent: SentSelection) -> None:
    settings.uv_map = sent.uv_map
    settings.apply_modifiers = sent.apply_modifiers
    if str(sent.textures) in [size for size, *_ in TEXTURE_SIZES]:
        settings.texture_size = str(sent.textures)


def _those_there(value: Value) -> tuple[Value | None, list[str]]:
    """The files that still exist, as the field takes them, and the names of the others."""
    if isinstance(value, dict):
        kept = {view: path for view, path in value.items() if _is_there(path)}
        gone = [path for path in value.values() if not _is_there(path)]
        return kept or None, [Path(path).name for path in gone]
    if isinstance(value, tuple):
        there = tuple(path for path in value if _is_there(path))
        return there or None, [Path(path).name for path in value if not _is_there(path)]
    return (value, []) if _is_there(str(value)) else (None, [Path(str(value)).name])


def _is_there(path: str) -> bool:
    return is_address(path) or Path(path).is_file()

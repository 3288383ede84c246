"""Putting the settings of an order back into the form that it was made in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import bpy

from ...catalog import Field, Group, Kind, Mode, Operation, Request, UnknownOperation, Value, get
from ...catalog.encoders import is_address, job_of
from ...catalog.messages import Message, error_message
from ...jobs.job import Job
from ...jobs.origin import SentSelection
from ...recipes.post import BadStep, orders_in
from ..core import units
from ..core.access import typed
from . import field_properties, placement_settings, recipe_settings
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
from .recipe_settings import STUDIO3D_PG_then

if TYPE_CHECKING:
    from ...recipes.saved import Recipes

FILE_FIELDS: Final = frozenset({Kind.IMAGE, Kind.IMAGES, Kind.VIEWS})


def can_load(job: Job) -> bool:
    """Whether there is a form for the job's operation."""
    try:
        get(job.operation)
    except UnknownOperation:
        return False
    return True


def load_order(settings: SceneSettings, steps: Sequence[Job], recipes: Recipes) -> list[Message]:
    """Take over the settings of an order's steps; returns what of them is not there any more.

    ``recipes`` are the known ones. Steps that a recipe ordered go back into that.
    """
    steps = steps[: max(1, len(steps) - len(orders_in(steps[-1].origin.recipe)))]
    last = steps[-1]
    lost: list[Message] = []
    whole = _with_whole_picture(steps)
    for request in [whole] if whole is not None else [step.request for step in steps]:
        lost += load_request(settings, request)
    if get(last.operation).group is Group.GENERATE:
        settings.cut_out = whole is not None
        lost += _load_recipe(settings.then, last, recipes)
    if get(last.operation).group is Group.MESH_TOOL:
        tool_steps.choose(settings, [step.operation for step in steps])
        settings.import_converted = last.wants_prepared
        if last.origin.sent is not None:
            _load_sent(settings, last.origin.sent)
    if last.origin.placement is not None:
        choices = placement_choices(settings, get(last.operation))
        placement_settings.write(choices, last.origin.placement.options)
    return lost


def _load_recipe(then: STUDIO3D_PG_then, job: Job, recipes: Recipes) -> list[Message]:
    """Take over what went on with the job's result; returns what is not known any more."""
    then.budget = job.origin.budget or 0
    recipe_settings.clear(then)
    try:
        recipe_settings.use(then, recipes.of_steps(job.origin.recipe))
    except BadStep as error:
        return [Message(error_message(error))]
    return []


def _with_whole_picture(steps: Sequence[Job]) -> Request | None:
    """What was ordered with the picture that a step before cut out; None where none did."""
    request = steps[-1].request
    operation = get(request.operation)
    field = operation.reference_field
    needed = None if field is None else job_of(request.values.get(field.name, ""))
    before = next((step for step in steps if step.id == needed), None)
    if field is None or before is None:
        return None
    taken = get(before.operation).reference_field
    picture = "" if taken is None else before.values.get(taken.name, "")
    kept = {
        name: value for name, value in request.values.items() if name not in operation.for_cut_outs
    }
    return replace(request, values={**kept, field.name: picture})


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

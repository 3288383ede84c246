"""What is done with results, as RNA: the steps in use, what they say, and the budget.

Each local step has a switch and, if it takes a value, a property; both are made from its
declaration. Orders to the service are a list, as they are done one after the other.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import bpy
from bpy.props import BoolProperty, CollectionProperty, IntProperty, StringProperty

from ...catalog import Kind, Operation, Value, get, operations, text_values
from ...catalog.messages import error_message
from ...recipes import post
from ...recipes.local_steps import ALL, BadStep, LocalStep
from ..core.ids import CONTEXT
from .field_properties import define, rna_name
from .field_properties import read as read_field
from .field_properties import write as write_field

if TYPE_CHECKING:
    from ...recipes.recipe import Recipe

MOST_BUDGET: Final = 10_000_000


class STUDIO3D_PG_paid_step(bpy.types.PropertyGroup):
    """An order to the service, with what it is ordered with as recipes have it."""

    if TYPE_CHECKING:
        operation: str
        options: str
    else:
        operation: StringProperty(
            name="Operation",
            description="The tool that is ordered",
            options={"HIDDEN"},
            translation_context=CONTEXT,
        )
        options: StringProperty(
            name="Options",
            description="What it is ordered with: option=value, separated by commas",
            translation_context=CONTEXT,
        )


def _definitions() -> dict[str, object]:
    definitions: dict[str, object] = {
        "recipe": _hidden("Recipe", "The recipe that the steps are of"),
        "label": _hidden("Name", "What the recipe is called"),
        "as_saved": _hidden("Steps", "The steps of the recipe as it was chosen"),
        "orders": CollectionProperty(type=STUDIO3D_PG_paid_step),
        "budget": IntProperty(
            name="Budget",
            description="Credits that an order may take in all. Where the service charges more "
            "than was expected, nothing more of it is sent; 0 for no budget",
            min=0,
            max=MOST_BUDGET,
            translation_context=CONTEXT,
        ),
    }
    for step in ALL.values():
        definitions[switch_name(step)] = BoolProperty(
            name=step.label, description=step.description, translation_context=CONTEXT
        )
        if step.value is not None:
            said = step.value.description or step.description
            definitions |= define(replace(step.value, description=said))
    return definitions


def _hidden(name: str, description: str) -> object:
    return StringProperty(
        name=name, description=description, options={"HIDDEN"}, translation_context=CONTEXT
    )


def switch_name(step: LocalStep) -> str:
    """RNA name of what says whether the step is done."""
    return f"does_{step.name.replace('-', '_')}"


if TYPE_CHECKING:

    class STUDIO3D_PG_then(bpy.types.PropertyGroup):
        """``Scene.studio3d.then``; what steps say is reached through the functions below."""

        recipe: str
        label: str
        as_saved: str
        orders: bpy.types.bpy_prop_collection_idprop[STUDIO3D_PG_paid_step]
        budget: int
else:
    STUDIO3D_PG_then = type(
        "STUDIO3D_PG_then",
        (bpy.types.PropertyGroup,),
        {"__annotations__": _definitions(), "__module__": __name__},
    )

CLASSES: tuple[type[bpy.types.PropertyGroup], ...] = (STUDIO3D_PG_paid_step, STUDIO3D_PG_then)


def paid_steps() -> tuple[Operation, ...]:
    """The operations that can go on with a result and make a model of it."""
    return tuple(
        one
        for one in operations()
        if post.takes_model(one) and one.makes_model and len(one.model_fields()) == 1
    )


def used(then: STUDIO3D_PG_then) -> list[LocalStep]:
    """The local steps that are done, in their sequence."""
    return [step for step in ALL.values() if getattr(then, switch_name(step))]


def steps_of(then: STUDIO3D_PG_then) -> str:
    """All steps as a text; "" if there is none."""
    orders = (_written(one.operation, one.options) for one in then.orders)
    return "; ".join([*orders, *(step.written(_value(then, step)) for step in used(then))])


def _written(operation: str, options: str) -> str:
    return f"{operation}({options})" if options.strip() else operation


def _value(then: STUDIO3D_PG_then, step: LocalStep) -> str:
    value = None if step.value is None else read_field(then, step.value)
    return "" if value is None else str(value)


def use(then: STUDIO3D_PG_then, recipe: "Recipe") -> None:
    """Let the steps of the recipe be done, and no others; raises BadStep."""
    found = [post.taken_apart(step) for step in post.split(recipe.steps)]
    clear(then)
    for name, value in found:
        if name in ALL:
            add(then, ALL[name], value)
        else:
            add_order(then, name, value)
    call_by(then, recipe)


def call_by(then: STUDIO3D_PG_then, recipe: "Recipe") -> None:
    """Call the steps as they are by the name of the recipe."""
    then.recipe, then.label, then.as_saved = recipe.name, recipe.label, steps_of(then)


def is_changed(then: STUDIO3D_PG_then) -> bool:
    """Whether the steps are no longer those of the recipe they are called by."""
    return bool(then.recipe) and then.as_saved != steps_of(then)


def clear(then: STUDIO3D_PG_then) -> None:
    """Let nothing be done; the budget stays."""
    then.orders.clear()
    for step in ALL.values():
        then.property_unset(switch_name(step))
        if step.value is not None:
            then.property_unset(rna_name(step.value.name))
    then.recipe = then.label = then.as_saved = ""


def add(then: STUDIO3D_PG_then, step: LocalStep, value: str | None = None) -> None:
    """Let the step be done; without a ``value`` with what it says already. Raises BadStep."""
    if step.value is not None and value is not None:
        try:
            write_field(then, step.value, text_values.parse(step.value, value))
        except text_values.BadText as error:
            raise BadStep(error_message(error)) from None
    setattr(then, switch_name(step), True)


def remove(then: STUDIO3D_PG_then, name: str) -> bool:
    """Let the local step no longer be done; False where it is not any more."""
    is_there = name in ALL and bool(getattr(then, switch_name(ALL[name])))
    if is_there:
        setattr(then, switch_name(ALL[name]), False)
    return is_there


def add_order(then: STUDIO3D_PG_then, operation: str, options: str) -> None:
    """Let the service be asked for it, after the other orders."""
    order = then.orders.add()
    order.operation, order.options = get(operation).name, options


def remove_order(then: STUDIO3D_PG_then, index: int) -> bool:
    """Let the service be asked for it no longer; False where there is no such order any more."""
    is_there = 0 <= index < len(then.orders)
    if is_there:
        then.orders.remove(index)
    return is_there


def options_of(operation: Operation, values: dict[str, Value]) -> str:
    """Settings as the options of a step: those that are not as the service has them anyway."""
    kept = {
        field.name: values[field.name]
        for field in operation.fields
        if field.kind is not Kind.MODEL
        and field.name in values
        and values[field.name] != field.default
    }
    return ", ".join(f"{name}={_quoted(value)}" for name, value in kept.items())


def _quoted(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).replace('"', "'")
    return f'"{text}"' if any(one in text for one in ",;()") else text

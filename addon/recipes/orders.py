"""The orders among the steps: what the service is asked for with the result so far."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ..catalog import InvalidRequest, Operation, Problem, get
from ..catalog.messages import Message, error_message
from ..catalog.text_values import BadText, parse
from ..catalog.validation import by_name
from ..jobs.paths import FILE_KINDS, located
from ..jobs.planner import PREVIOUS, Plan, Step, make_plan
from .post import BadStep, Post, model_field, parse_post


def typed(
    operation: Operation, cells: Mapping[str, Any], place: Callable[[str], Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """Cells as values of fields, and what is wrong with them; ``place`` finds files."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, cell in by_name(operation, cells).items():
        try:
            field = operation.field(name)
        except KeyError:
            values[name] = cell  # the catalogue says so, and what was probably meant
            continue
        try:
            value = parse(field, cell) if isinstance(cell, str) else _from_document(cell)
        except BadText as error:
            problems.append(error.problem)
            continue
        values[name] = located(value, place) if field.kind in FILE_KINDS else value
    return values, problems


def _from_document(cell: Any) -> Any:
    return tuple(cell) if isinstance(cell, list) else cell


def plan_with(first: Sequence[Step], then: str, recipe: str = "") -> Plan:
    """The plan of an order and of what is ordered after it; raises InvalidRequest.

    The last of ``first`` is what was chosen, those before only serve it. ``then`` and ``recipe``
    are steps as ``parse_post`` takes them, those in Blender among them.
    """
    operation = get(first[-1].operation)
    try:
        post = parse_post(then, recipe)
        steps = [*first, *steps_of(post)]
    except BadStep as error:
        problem = Problem(THEN, error_message(error))
        raise InvalidRequest(operation.label, (problem,)) from error
    last = get(steps[-1].operation)
    if post.is_local and not last.makes_model:
        words = Message(
            "{operation} makes no model: there is nothing for the steps after it.",
            operation=last.words,
        )
        raise InvalidRequest(operation.label, (Problem(THEN, words),))
    return make_plan(steps, own_step=len(first) - 1)


THEN: Final = "then"
"""What problems of steps are about, in place of a field."""


def steps_of(post: Post) -> tuple[Step, ...]:
    """What is ordered, as steps of a plan that follow the first; raises BadStep."""
    steps = []
    for followup in post.followups:
        operation = get(followup.operation)
        values, problems = typed(operation, followup.options, str)
        if problems:
            words = "{operation}: {reason}"
            reason = problems[0].message
            raise BadStep(Message(words, operation=operation.words, reason=Message(reason)))
        steps.append(Step(operation.name, {**values, model_field(operation): PREVIOUS}))
    return tuple(steps)

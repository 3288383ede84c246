"""What is wrong with an order, in the words of the command line: options, not labels."""

import re
from argparse import Namespace
from collections.abc import Mapping

from ..catalog import InvalidRequest, Operation, Problem
from ..catalog.messages import Message
from ..catalog.text_values import BadText
from .arguments import GIVEN_AS
from .operation_options import FIELD_PREFIX, option_names


def in_options(
    error: InvalidRequest | BadText, operation: Operation, arguments: Namespace
) -> InvalidRequest:
    """The same error, each problem named by the option that it is about."""
    problems = (error.problem,) if isinstance(error, BadText) else error.problems
    kind = InvalidRequest if isinstance(error, BadText) else type(error)
    options = {
        field.name: option_of(operation, field.name, arguments) for field in operation.fields
    }
    return kind(operation.label, tuple(reworded(p, operation, options) for p in problems))


def option_of(operation: Operation, name: str, arguments: Namespace) -> str:
    """The option as it was written, or the first of its names."""
    given: Mapping[str, str] = getattr(arguments, GIVEN_AS, {})
    return given.get(FIELD_PREFIX + name) or option_names(operation.field(name))[0]


def reworded(problem: Problem, operation: Operation, options: Mapping[str, str]) -> Problem:
    """The problem with options where labels were, and in front where none is named."""
    names = {operation.field(name).label: option for name, option in options.items()}
    words = replaced(problem.message, names)
    if problem.message in {rule.message for rule in operation.rules}:
        longest_first = sorted(names, key=len, reverse=True)
        labels = re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b")
        words = labels.sub(lambda found: names[found[0]], words)
    option = options.get(problem.field, "")
    label = operation.field(problem.field).label if option else ""
    if option and words.startswith(f"{label} "):
        words = option + words.removeprefix(label)
    if option and option not in words:
        words = f"{option}: {words}"
    return Problem(problem.field, words)


def replaced(text: str, names: Mapping[str, str]) -> str:
    """The message with those of its parts replaced that are a label and nothing else."""
    if not isinstance(text, Message) or not text.parts:
        return names.get(text, text)
    parts = {
        name: replaced(part, names) if isinstance(part, str) else part
        for name, part in text.parts.items()
    }
    return Message(text.template, **parts)

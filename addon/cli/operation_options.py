"""What the commands of operations take, made from the catalogue; the others do without it."""

import argparse
from collections.abc import Mapping
from functools import partial
from typing import Any

from ..catalog import Field, Kind, Operation, operations
from ..catalog.text_values import parse
from ..jobs.alternatives import MOST_VARIATIONS, can_vary
from .arguments import GIVEN_AS, Once, OnceSwitch, OneName, Parser, between, some_text
from .common_options import DEFAULT_OUTPUT_DIR, add_agreement, add_json, add_wait_timeout
from .exits import Refused
from .prices import price_lines, price_text, time_text

PICTURE_KINDS = frozenset({Kind.IMAGE, Kind.IMAGES, Kind.VIEWS, Kind.MODEL})
FIELD_PREFIX = "field_"
SHORTHAND_PREFIX = "shorthand_"


def add_operations(commands: Any, shared: argparse.ArgumentParser) -> None:
    """A command for each operation."""
    for operation in operations():
        command = add_operation(commands, operation, shared)
        command.fill_later(partial(fill_submit, operation=operation))


def add_operation(commands: Any, operation: Operation, shared: argparse.ArgumentParser) -> Parser:
    """A command of the operation's name."""
    words = safe(f"{operation.summary} ({price_text(operation)})")
    command: Parser = commands.add_parser(operation.name, help=words, parents=[shared])
    return command


def fill_submit(command: Parser, operation: Operation) -> None:
    """What a command takes that sends an order."""
    command.description = describe(operation)
    command.set_defaults(operation=operation.name)
    add_field_options(command, operation)
    add_alternatives(command, operation)
    add_submit_options(command)


def describe(operation: Operation) -> str:
    """What the help says first: what it does, costs and takes."""
    return safe(
        f"{operation.summary}. About {price_text(operation)}: {price_lines(operation)}. "
        f"Usually {time_text(operation)}."
    )


def safe(text: str) -> str:
    """The text as argparse's formatting leaves it."""
    return text.replace("%", "%%")


def add_field_options(command: argparse.ArgumentParser, operation: Operation) -> None:
    """One option per field and alias, and the shorthand switches."""
    for field in operation.fields:
        flags = option_names(field)
        dest = FIELD_PREFIX + field.name
        if field.kind is Kind.SWITCH:
            command.add_argument(
                *flags,
                dest=dest,
                action=OnceSwitch,
                default=None,
                help=help_text(field),
            )
        elif field.kind in {Kind.IMAGES, Kind.VIEWS}:
            command.add_argument(
                *flags,
                dest=dest,
                action=OneName,
                default=None,
                metavar="FILE" if field.kind is Kind.IMAGES else "VIEW=FILE",
                help=help_text(field),
            )
        else:
            command.add_argument(
                *flags,
                dest=dest,
                action=Once,
                default=None,
                metavar=metavar(field),
                help=help_text(field),
            )
    for name, values in operation.shorthands.items():
        command.add_argument(
            flag(name),
            dest=SHORTHAND_PREFIX + name,
            action="store_true",
            help="same as " + " ".join(flag(field) for field in values),
        )


def option_names(field: Field) -> list[str]:
    """``--face-count`` for ``face_count``, then its aliases."""
    return [flag(name) for name in (field.name, *field.aliases)]


def flag(name: str) -> str:
    """A field's name as an option."""
    return "--" + name.replace("_", "-")


def metavar(field: Field) -> str:
    """What stands for the value in the help."""
    if field.kind is Kind.CHOICE:
        values = [choice.value for choice in field.offered_choices()]
        offers_more = field.pattern and not field.unverified
        return "|".join([*values, field.pattern_example] if offers_more else values)
    if field.kind in PICTURE_KINDS:
        return "FILE_OR_URL"
    return {Kind.TEXT: "TEXT", Kind.INTEGER: "N", Kind.NUMBERS: "N,N"}.get(field.kind, "NUMBER")


def help_text(field: Field) -> str:
    """The description with limits and default, safe for argparse's formatting."""
    text = field.description
    if field.unit:
        text += f" in {field.unit}"
    if field.unverified:
        text += f"; another, such as {field.pattern_example}, is unverified and has no known price"
    if field.default is not None and field.kind is not Kind.SWITCH:
        text += f" (default {field.default})"
    elif field.default is True:
        text += " (on unless switched off)"
    if field.kind is Kind.TEXT:
        text += "; - is stdin, @FILE a file"
    return safe(text)


def add_submit_options(command: argparse.ArgumentParser) -> None:
    """What every submitting command takes beside its fields."""
    command.add_argument("--wait", action="store_true", help="wait for the result and download it")
    command.add_argument(
        "--output-dir",
        type=some_text,
        action=Once,
        default=DEFAULT_OUTPUT_DIR,
        metavar="DIR",
        help=f"folder for the results (default {DEFAULT_OUTPUT_DIR})",
    )
    command.add_argument(
        "--output",
        type=some_text,
        action=Once,
        metavar="FILE",
        help="put the result there as well, with the ending of what it really is; "
        "a file that is there is replaced",
    )
    command.add_argument("--open", action="store_true", help="open the result; needs --wait")
    command.add_argument("--name", default="", help="name of the job in lists")
    add_agreement(
        command,
        "agree to several results, to extra paid steps, and to a price that is not known, without "
        "being asked",
    )
    add_wait_timeout(command)


def fill_estimate(command: Parser, shared: argparse.ArgumentParser) -> None:
    """``estimate OPERATION ...``: the price of exactly these settings."""
    kinds = command.add_subparsers(dest="operation", metavar="OPERATION", required=True)
    for operation in operations():
        kind = add_operation(kinds, operation, shared)
        kind.fill_later(partial(fill_kind, operation=operation))
        kind.fill_later(add_json)


def fill_kind(command: Parser, operation: Operation) -> None:
    """What the price of an operation depends on."""
    command.description = describe(operation)
    add_field_options(command, operation)
    add_alternatives(command, operation)


def add_alternatives(command: argparse.ArgumentParser, operation: Operation) -> None:
    """Several results of one wish, where the operation is one of several ways to it."""
    command.set_defaults(engines=(), variations=1)
    if can_vary(operation):
        add_alternatives_options(command)


def add_alternatives_options(command: argparse.ArgumentParser) -> None:
    """How several results of one wish are asked for."""
    command.add_argument(
        "--engines",
        type=names,
        action=Once,
        default=(),
        metavar="ENGINE,ENGINE",
        help="order the same from these, too, to compare the results; every option given has to be "
        "one that each of them has",
    )
    command.add_argument(
        "--variations",
        type=between(1, MOST_VARIATIONS),
        action=Once,
        default=1,
        metavar=f"1-{MOST_VARIATIONS}",
        help="order so many results, to choose one; seeds that are given differ",
    )


def names(text: str) -> tuple[str, ...]:
    """Names between commas, at least one."""
    found = tuple(name.strip() for name in text.split(",") if name.strip())
    if not found:
        raise argparse.ArgumentTypeError("it is empty")
    return found


def field_values(operation: Operation, arguments: argparse.Namespace) -> dict[str, Any]:
    """The given field values, typed; raises BadText, and Refused for what contradicts itself."""
    values: dict[str, Any] = {}
    said_by: dict[str, str] = {}
    for name, shorthand in operation.shorthands.items():
        if getattr(arguments, SHORTHAND_PREFIX + name):
            values |= shorthand
            said_by |= dict.fromkeys(shorthand, flag(name))
    names = getattr(arguments, GIVEN_AS, {})
    for field in operation.fields:
        dest = FIELD_PREFIX + field.name
        given = getattr(arguments, dest)
        if given is None:
            continue
        refuse_empty(field, given, names[dest])
        value = typed(field, given)
        if field.name in said_by and values[field.name] != value:
            words = f"{said_by[field.name]} and {names[dest]} contradict each other."
            raise Refused("usage", words, "Give one of them.")
        values[field.name] = value
    return values


def values_for(
    engine: Operation,
    operation: Operation,
    values: Mapping[str, Any],
    arguments: argparse.Namespace,
) -> dict[str, Any]:
    """What ``field_values`` gave for the operation, as another engine is told the same.

    A switch that one has as a field may stand for several fields of the other.
    """
    told = dict(values)
    for name, meant in operation.shorthands.items():
        if getattr(arguments, SHORTHAND_PREFIX + name):
            told = {field: value for field, value in told.items() if field not in meant}
            told[name] = True
    for name, meant in engine.shorthands.items():
        if told.get(name) is True:
            del told[name]
            told |= meant
    return told


def refuse_empty(field: Field, given: Any, option: str) -> None:
    """Raise Refused for a value without anything in it: the default is not what was asked for.

    Of texts an empty one is what it says.
    """
    texts = given if isinstance(given, list) else [given]
    if field.kind is not Kind.TEXT and any(isinstance(t, str) and not t.strip() for t in texts):
        raise Refused("usage", f"{option} is empty.", "Leave it out, or give it a value.")


def typed(field: Field, given: Any) -> Any:
    """One option's value as the catalogue wants it."""
    if isinstance(given, bool):
        return given
    if field.kind is Kind.IMAGES:
        return tuple(given)
    if field.kind is Kind.VIEWS:
        views = [view.partition("=")[0].strip() for view in ";".join(given).split(";")]
        twice = next((view for view in views if views.count(view) > 1), None)
        if twice is not None:
            name = option_names(field)[0]
            raise Refused("usage", f"{name} has two pictures for {twice}.", "Give one of them.")
        return parse(field, ";".join(given))
    return parse(field, given)

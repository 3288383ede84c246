"""Write SKILL.md and references/api_reference.md from the catalogue, and docs/errors.md.

``python -m scripts.references`` writes them, ``--check`` only tells whether they are stale.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from addon.catalog import Field, Kind, Operation, get, groups, operations
from addon.catalog.encoders import AddressOnly
from addon.catalog.validation import grouped
from addon.cli.arguments import Parser
from addon.cli.common_options import add_json, common_options
from addon.cli.exits import MEANINGS, ExitStatus
from addon.cli.operation_options import (
    add_alternatives_options,
    add_submit_options,
    flag,
    metavar,
    option_names,
)
from addon.cli.parser import make_parser
from addon.cli.reports import STATUS_MEANINGS
from addon.jobs.alternatives import can_vary
from addon.service.limits import MAX_UPLOAD_BYTES
from addon.service.throttle import DEFAULT_LIMIT
from scripts import error_words

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).resolve().parent / "reference_templates"
CLIENT = "python scripts/3d_api_client.py"
LONGEST_LINE = 92


def documents() -> dict[Path, str]:
    """The generated files and their contents."""
    return {
        ROOT / "SKILL.md": skill(),
        ROOT / "references" / "api_reference.md": api_reference(),
        ROOT / "docs" / "errors.md": errors(),
    }


def skill() -> str:
    """The agent-facing page: every command with its options."""
    text = (TEMPLATES / "skill.md").read_text(encoding="utf-8")
    parts = {
        "commands": "\n".join(command_sections()),
        "exit_codes": "\n".join(f"| {int(s)} | {MEANINGS[s]} |" for s in ExitStatus),
        "statuses": "\n".join(f"| {name} | {said} |" for name, said in STATUS_MEANINGS.items()),
        "free_commands": "\n".join(free_commands()),
        "common_options": option_lines(common()),
        "order_options": option_lines(ordering()),
        "several_options": option_lines(several()),
        "submissions": str(DEFAULT_LIMIT),
        "prompt": grouped(longest_prompt()),
        "upload": f"{MAX_UPLOAD_BYTES // 10**6} MB",
    }
    for name, part in parts.items():
        text = text.replace(f"{{{{{name}}}}}", part)
    return text


def errors() -> str:
    """The page of everything that can go wrong."""
    text = (TEMPLATES / "errors.md").read_text(encoding="utf-8")
    return text.replace("{{errors}}", "\n".join(error_words.sections()))


def common() -> Parser:
    """The options that every command takes."""
    options = common_options(top=True)
    add_json(options)
    return options


def ordering() -> Parser:
    """The options that every order takes beside its fields."""
    options = Parser(add_help=False)
    add_submit_options(options)
    return options


def several() -> Parser:
    """The options that ask for several results of one wish."""
    options = Parser(add_help=False)
    add_alternatives_options(options)
    return options


def option_lines(parser: Parser) -> str:
    """A line for each option."""
    return "\n".join(f"- `{option}`: {said}" for option, said in parser.described())


def free_commands() -> Iterator[str]:
    """How each command that is no order is used, with all its options."""
    orders = {operation.name for operation in operations()}
    everywhere = ["[-h] ", *(f"[{option}] " for option, _ in common().described())]
    for name, parser in make_parser(CLIENT).commands().items():
        if name in orders | {"batch"}:
            continue
        usage = " ".join(parser.format_usage().split()).removeprefix("usage: ") + " "
        for option in everywhere:
            usage = usage.replace(option, "")
        yield wrapped(usage.replace(" OPERATION ...", " OPERATION …").strip())


def wrapped(command: str) -> str:
    """A command over several lines where it is long; what is in brackets stays together."""
    lines = [""]
    for part in re.findall(r"\[[^\]]*\]|\([^)]*\)|\S+", command):
        if lines[-1] and len(lines[-1]) + len(part) > LONGEST_LINE:
            lines.append(part)
        else:
            lines[-1] = f"{lines[-1]} {part}".strip()
    return " \\\n    ".join(lines)


def longest_prompt() -> int:
    """Characters that every prompt may have."""
    lengths = {f.max_length for o in operations() for f in o.fields if f.name == "prompt"}
    return min(length for length in lengths if length is not None)


def command_sections() -> Iterator[str]:
    """One section per group, one block per operation."""
    for group in groups():
        yield f"### {group.heading}\n"
        for operation in operations(group):
            low, high = operation.price_range()
            price = f"{low}" if low == high else f"{low}-{high}"
            each = " each" if operation.price.per else ""
            words = f"**{operation.label}**: {operation.summary}. About {price} credits{each}."
            yield f"{words}{ahead_words(operation)}{other_names(operation)}\n"
            yield "```sh"
            yield command_line(operation)
            yield "```\n"


def ways_to_address(operation: Operation) -> list[AddressOnly]:
    """How its models that are files become addresses, where it takes nothing else."""
    encoders = (field.encoder for field in operation.model_fields())
    return [encoder for encoder in encoders if isinstance(encoder, AddressOnly)]


def ahead_words(operation: Operation) -> str:
    """What a local model costs more."""
    tools = {get(way.via).label: get(way.via) for way in ways_to_address(operation)}
    return "".join(
        f" A local model, or one of another format, first goes through {label}, for about "
        f"{tool.price_range()[0]} credits more: agree with `--yes`."
        for label, tool in tools.items()
    )


def other_names(operation: Operation) -> str:
    """The other names its options have."""
    pairs = [
        f"`{flag(alias)}` is `{flag(field.name)}`"
        for field in operation.fields
        for alias in field.aliases
    ]
    return f" {', '.join(pairs)}." if pairs else ""


def command_line(operation: Operation) -> str:
    """The command with its sources first and everything else optional."""
    required = [f for f in operation.fields if f.required]
    starts = [f for f in operation.fields if f.source is not None and not f.required]
    rest = [f for f in operation.fields if f not in required and f not in starts]
    lines = [f"{CLIENT} {operation.name}"]
    alternatives = " | ".join(usage(field, optional=False) for field in starts)
    needs_start = not any(f.source for f in required)
    if alternatives:
        lines.append(alternatives if needs_start else f"[{alternatives}]")
    lines += [usage(f, optional=f.when is not None) for f in required]
    lines += [usage(f, optional=True) for f in rest]
    lines += [f"[{flag(name)}]" for name in operation.shorthands]
    lines += ["[--engines ENGINE,ENGINE] [--variations N]"] if can_vary(operation) else []
    agreed = " [--yes]" if ways_to_address(operation) else ""
    lines.append(f"[--wait] [--output-dir ./results] [--max-credits N]{agreed} …")
    return " \\\n    ".join(lines)


def usage(field: Field, *, optional: bool) -> str:
    """A field as it stands in a usage line."""
    name = option_names(field)[0]
    if field.kind is Kind.SWITCH:
        text = f"--no-{name[2:]}" if field.default is True else name
    elif field.kind is Kind.VIEWS:
        text = f"{name} VIEW=FILE …"
    elif field.kind is Kind.IMAGES:
        text = f"{name} FILE …"
    else:
        text = f"{name} {metavar(field)}"
    return f"[{text}]" if optional else text


def api_reference() -> str:
    """Every endpoint, field and price with how well it is known."""
    text = (TEMPLATES / "api_reference.md").read_text(encoding="utf-8")
    return text.replace("{{operations}}", "\n".join(operation_sections()))


def operation_sections() -> Iterator[str]:
    """One section per operation: endpoints, fields, price."""
    for group in groups():
        yield f"## {group.heading}\n"
        for operation in operations(group):
            yield from operation_section(operation)


def operation_section(operation: Operation) -> Iterator[str]:
    """Endpoints, fields, rules, price and results of one operation."""
    labels = {field.name: f"`{field.name}`" for field in operation.fields}
    yield f"### {operation.label} (`{operation.name}`) — {operation.confidence}\n"
    for route in operation.routes:
        when = f" when {route.when.words(labels)}" if route.when else ""
        yield f"- POST `{route.path}`{when}"
    yield "\n| field | type | default | limits | applies | known |"
    yield "|---|---|---|---|---|---|"
    for field in operation.fields:
        yield field_row(operation, field, labels)
    yield ""
    for rule in operation.rules:
        yield f"- Refused: {rule.message}"
    yield f"\nPrice ({operation.confidence_in(operation.price)}), in credits, about:\n"
    for line in operation.price.lines:
        when = f" when {line.when.words(labels)}" if line.when else ""
        yield f"- {line.credits} {line.label}{when}"
    if operation.price.per:
        yield f"- times `{operation.price.per}`"
    shortest, longest = operation.seconds
    results = ", ".join(f"`{kind.value}`" for kind in operation.results)
    yield f"\nResults: {results}. Usually {shortest:g}-{longest:g} s.\n"


def field_row(operation: Operation, field: Field, labels: dict[str, str]) -> str:
    """One line of the field table."""
    limits = []
    if field.choices:
        limits.append(" \\| ".join(choice.value for choice in field.offered_choices()))
    if field.pattern:
        unverified = ", unverified and without a known price" if field.unverified else ""
        limits.append(f"or such as {field.pattern_example}{unverified}")
    if field.minimum is not None or field.maximum is not None:
        low = "" if field.minimum is None else grouped(field.minimum)
        high = "" if field.maximum is None else grouped(field.maximum)
        limits.append(span(low, high, field.unit))
    if field.max_length is not None:
        limits.append(f"at most {field.max_length} characters")
    default = "" if field.default is None else f"`{field.default}`"
    applies = field.when.words(labels) if field.when else ""
    cells = (
        f"`{field.name}`",
        field.kind.value.lower(),
        default,
        ", ".join(limits),
        applies,
        operation.confidence_in(field),
    )
    return "| " + " | ".join(cells) + " |"


def span(low: str, high: str, unit: str) -> str:
    """A range of numbers in words; either end may be open."""
    words = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
    return f"{words} {unit}".strip()


def main() -> int:
    """Write the files, or with ``--check`` say which are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = [
        (path, text)
        for path, text in documents().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        sys.stderr.write(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}\n")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())

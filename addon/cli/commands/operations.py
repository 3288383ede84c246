"""``operations``: everything the service offers, with fields and prices."""

from typing import Any

from ...catalog import Field, Kind, Operation, operations
from ..exits import ExitStatus
from ..operation_options import option_names
from ..prices import price_text
from ..session import Session


def run(session: Session) -> ExitStatus:
    """Print the catalogue: a table for people, a document for programs."""
    lines = [f"{one.name:20} {one.summary} ({price_text(one)})" for one in operations()]
    if session.output.for_people:
        session.output.table("\n".join(lines))
        return ExitStatus.OK
    if not session.arguments.json:
        session.output.say("\n".join(lines))
    session.output.document({"operations": [describe(operation) for operation in operations()]})
    return ExitStatus.OK


def describe(operation: Operation) -> dict[str, Any]:
    """An operation as JSON."""
    shortest, longest = operation.seconds
    low, high = operation.price_range()
    return {
        "name": operation.name,
        "label": operation.label,
        "summary": operation.summary,
        "group": operation.group.name,
        "starts_from": [mode.value for mode in operation.modes],
        "endpoints": [route.path for route in operation.routes],
        "fields": [describe_field(operation, field) for field in operation.fields],
        "results": list(operation.results),
        "seconds": [shortest, longest],
        "price": {
            "from": low,
            "to": high,
            "per": operation.price.per or None,
            "confidence": operation.confidence_in(operation.price),
            "lines": [
                {
                    "credits": line.credits,
                    "for": line.label,
                    "when": line.when.words(operation.labels()) if line.when else None,
                }
                for line in operation.price.lines
            ],
        },
        "confidence": operation.confidence,
    }


def describe_field(operation: Operation, field: Field) -> dict[str, Any]:
    """A field as JSON, without what does not apply to it."""
    described: dict[str, Any] = {
        "name": field.name,
        "options": option_names(field),
        "kind": field.kind,
        "label": field.label,
        "description": field.description,
        "default": field.default,
        "required": field.required or None,
        "choices": [choice.value for choice in field.offered_choices()] or None,
        "pattern": field.pattern or None,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "max_length": field.max_length,
        "unit": field.unit or None,
        "confidence": operation.confidence_in(field),
    }
    if field.kind is Kind.SWITCH:
        described["options"] = [*described["options"], f"--no-{field.name.replace('_', '-')}"]
    return {name: value for name, value in described.items() if value is not None}

"""Prices and times of operations in words."""

from ..catalog import Operation

MINUTE = 60.0
LONG = 120.0
"""Seconds from which on a time is told in minutes."""


def price_text(operation: Operation) -> str:
    """The range of the price in words."""
    low, high = operation.price_range()
    unit = " credits each" if operation.price.per else " credits"
    return f"{low}{unit}" if low == high else f"{low}-{high}{unit}"


def price_lines(operation: Operation) -> str:
    """What the price is made of, in the words of the command line's options."""
    options = {field.name: "--" + field.name.replace("_", "-") for field in operation.fields}
    lines = (
        f"{line.credits} {line.label}"
        + (f" (when {line.when.words(options)})" if line.when is not None else "")
        for line in operation.price.lines
    )
    return "; ".join(lines)


def time_text(operation: Operation) -> str:
    """How long it usually takes."""
    shortest, longest = operation.seconds
    if longest < LONG:
        return f"{shortest:g}-{longest:g} s"
    return f"{shortest / MINUTE:.1g}-{longest / MINUTE:.2g} min"

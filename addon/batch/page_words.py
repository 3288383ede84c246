"""The report's rows in words: labels as the interface has them, numbers with their units."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from ..catalog import Field, Kind, UnknownOperation, get
from ..jobs.figures_table import of_metadata
from ..printing import words as print_words

STATES: Final = {"bad": "Not ordered"}
LEVEL: Final = "lod"
TIMES: Final = " \N{MULTIPLICATION SIGN} "

Row = Mapping[str, Any]


def state(row: Row) -> str:
    """How far the row is."""
    status = str(row["status"])
    return STATES.get(status, status.capitalize())


def facts(row: Row) -> list[list[str]]:
    """What matters at a glance: a line about the model, its print, and what it took."""
    figures = row.get("figures", {})
    model = [f"{_grouped(figures['triangles'])} triangles"] if "triangles" in figures else []
    model += [_size(figures)] if "dimensions" in figures else []
    prints = [printable(row)] if row.get("print") else []
    took = [operation_label(row)] if row.get("operation") else []
    took += [f"{row['spent_credits']} credits"] if row.get("orders") else []
    took += [duration(row["seconds"])] if row.get("seconds") is not None else []
    return [parts for parts in (model, prints, took) if parts]


def line(row: Row) -> dict[str, str]:
    """The row for the table, by column."""
    figures = row.get("figures", {})
    return {
        "Row": str(row["row"]),
        "Name": str(row["name"] or row["place"]),
        "Operation": operation_label(row),
        "State": state(row),
        "Credits": str(row["spent_credits"]),
        "At the service": _duration_or_nothing(row.get("seconds")),
        "In Blender": _duration_or_nothing(row.get("processing_seconds")),
        "Triangles": _grouped(figures["triangles"]) if "triangles" in figures else "",
        "Size": _size(figures) if "dimensions" in figures else "",
    }


def details(row: Row) -> list[tuple[str, str]]:
    """Label and text of everything known about a row."""
    pairs = [("From", str(row["place"])), ("Operation", operation_label(row))]
    pairs += [_setting(row, name, value) for name, value in row.get("settings", {}).items()]
    pairs += [
        ("Tags", _text(row.get("tags"))),
        ("Sent ahead by", _labels(row.get("detours", []))),
        ("Followed by", _labels(row.get("followups", []))),
        ("Then", ", ".join(post(row.get("post", {})))),
    ]
    figures = row.get("figures", {})
    pairs += [
        (f"Level {name.removeprefix(LEVEL)}", f"{_grouped(count)} triangles")
        for name, count in figures.items()
        if name.startswith(LEVEL)
    ]
    pairs += [
        ("Expected price", f"{row['estimated_credits']} credits"),
        ("At the service", _duration_or_nothing(row.get("seconds"))),
        ("In Blender", _duration_or_nothing(row.get("processing_seconds"))),
    ]
    pairs += [("Task", _text(order["task_id"])) for order in row.get("orders", [])]
    pairs += [("Folder", _text(row.get("folder"))), ("Library", _text(row.get("library")))]
    pairs += for_printer(row)
    pairs += measured(row)
    pairs += [("Note", _text(row.get("warnings")))]
    return [(label, text) for label, text in pairs if text]


def post(steps: Mapping[str, Any]) -> list[str]:
    """What is done in Blender, without what is done anyway."""
    said = ["cleaned"] if steps.get("clean") else []
    said += [f"scaled by {steps['scale']:g}"] if steps.get("scale", 1) != 1 else []
    said += [f"{steps['size']:g} m long"] if steps.get("size") else []
    said += [f"{steps['height']:g} m high"] if steps.get("height") else []
    said += ["origin in the middle"] if steps.get("origin") == "center" else []
    said += [f"a level with {share:.0%} of the triangles" for share in steps.get("lods", ())]
    said += [f"{name.upper()} file" for name in steps.get("exports", ())]
    said += _printing(steps.get("printing") or {})
    if steps.get("asset"):
        said.append(f"asset in {steps['catalog']}" if steps["catalog"] else "asset")
    return said


def _printing(order: Mapping[str, Any]) -> list[str]:
    said = ["checked for printing"] if order else []
    said += ["mended for printing"] if order.get("fix") else []
    if order.get("base"):
        base = order["base"]
        said.append(f"base ({base['shape']}{', ' + base['text'] if base['text'] else ''})")
    said += [f"hollow ({order['hollow']['wall']:g} mm)"] if order.get("hollow") else []
    if order.get("colors"):
        said.append(f"{len(order['colors']['palette']) or order['colors']['filaments']} filaments")
    return said


def printable(row: Row) -> str:
    """Whether the row's model prints, and how large and heavy it is then."""
    figurines = row["print"]["figurines"]
    wrong = list(dict.fromkeys(print_words.worst_of(figurines)))
    if wrong:
        return f"Not to be printed as it is: {', '.join(wrong)}"
    return "; ".join(_print_size(figurine["figures"]) for figurine in figurines)


def _print_size(figures: Mapping[str, Any]) -> str:
    sides = TIMES.join(f"{side:.1f}" for side in figures["sides"])
    return f"prints, {sides} mm, {figures['grams']:.1f} g"


def for_printer(row: Row) -> list[tuple[str, str]]:
    """What was found, the worst first, what was mended, and the filaments."""
    found = row.get("print") or {"figurines": []}
    pairs = []
    for figurine in found["figurines"]:
        mended = [
            f"{step} {_grouped(many)}" for step, many in figurine.get("fixed", {}).items() if many
        ]
        pairs.append(("Mended", ", ".join(mended)))
        if hollow := figurine.get("hollow"):
            saved = f"{hollow['saved'] / 1000:.2f} cm³ ({hollow['grams']:.1f} g) saved"
            pairs.append(("Hollow", f"{saved}, drain holes: {hollow['holes']}"))
        pairs += [
            (f"Print {finding['severity']}", print_words.said(finding, _grouped))
            for finding in figurine["findings"]
        ]
    pairs += [
        (f"Filament {number}", f"{color['color']}, {color['share']:.1%} of the surface")
        for number, color in enumerate(found.get("colors", []), 1)
    ]
    return pairs


def measured(row: Row) -> list[tuple[str, str]]:
    """The figures that came as the result, if it is no model and no picture."""
    metadata = row.get("measured")
    if not metadata:
        return []
    table = of_metadata(metadata)
    if len(table.rows) == 1:
        return list(zip(table.columns, table.rows[0], strict=True))
    return [(first, ", ".join(rest)) for first, *rest in table.rows]


def operation_label(row: Row) -> str:
    """The operation as the interface calls it; "" for a row that could not be read."""
    return _label(str(row.get("operation", "")))


def files(row: Row) -> list[tuple[str, str]]:
    """Path and kind of what was made, or else of what the service delivered; the model first."""
    made = [name for name in row.get("files", []) if name != row.get("preview")]
    kinds = [(name, _kind(name)) for name in made or row.get("delivered", [])]
    return sorted(kinds, key=lambda pair: (pair[1].startswith(LEVEL.upper()), pair[0]))


def _kind(name: str) -> str:
    """The format, and which level it is."""
    path = PurePosixPath(name)
    kind = path.suffix[1:].upper() or path.name
    _, _, level = path.stem.rpartition(f"-{LEVEL}")
    return f"{LEVEL.upper()}{level} {kind}" if level.isdecimal() else kind


def duration(seconds: float) -> str:
    """Seconds for people."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _duration_or_nothing(seconds: float | None) -> str:
    return "" if seconds is None else duration(seconds)


def _size(figures: Mapping[str, Any]) -> str:
    return TIMES.join(f"{length:.2f}" for length in figures["dimensions"]) + " m"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def _labels(operations: Sequence[str]) -> str:
    return ", ".join(_label(name) for name in operations)


def _label(operation: str) -> str:
    """Of a report that was written by another version, the name."""
    try:
        return get(operation).label
    except UnknownOperation:
        return operation


def _setting(row: Row, name: str, value: Any) -> tuple[str, str]:
    try:
        field = get(str(row["operation"])).field(name)
    except (UnknownOperation, KeyError):
        return name, _text(value)
    return field.label, _value(field, value)


def _value(field: Field, value: Any) -> str:
    if field.kind is Kind.SWITCH:
        return "yes" if value else "no"
    if field.kind is Kind.CHOICE:
        return next((c.label for c in field.choices if c.value == value), _text(value))
    return f"{_text(value)} {field.unit}".strip()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_text(one)}" for name, one in value.items())
    if isinstance(value, Sequence):
        return ", ".join(_text(one) for one in value)
    return str(value)

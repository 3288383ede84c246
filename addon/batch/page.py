"""The report as one HTML page that needs nothing beside it: pictures are inside."""

import base64
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from ..service import whole_files
from ..service.addresses import host_of, is_loopback
from ..service.picture_types import MEDIA_TYPES
from . import page_words as words
from .page_frame import CARD, COMPARED, PAGE, STYLE

MOST_EMBEDDED_BYTES: Final = 400_000
"""A larger picture is linked, not embedded; previews are far smaller."""

LOOKS: Final = {"finished": "good", "failed": "bad", "bad": "bad"}
OPEN: Final = "open"
"""How rows look that may still get somewhere."""

FILTERS: Final = (("good", "Finished"), ("bad", "Need attention"), (OPEN, "Not finished"))

COLUMNS: Final = {
    "Row": "number",
    "Name": "",
    "Operation": "",
    "State": "",
    "Credits": "number",
    "At the service": "number",
    "In Blender": "number",
    "Triangles": "number",
    "Size": "number",
}

MOST_FIGURES: Final = 4
"""Shown in place of a picture."""

Row = Mapping[str, Any]


def page(root: Path, document: Mapping[str, Any]) -> str:
    """The page for a report's document; pictures are read from below ``root``."""
    rows: Sequence[Row] = document["rows"]
    ended = time.strftime("%Y-%m-%d %H:%M", time.localtime(document["ended_at"]))
    took = words.duration(document["ended_at"] - document["started_at"])
    return PAGE.substitute(
        style=STYLE,
        title=escape(f"{root.name}: batch report"),
        heading=escape(root.name),
        moment=escape(f"Batch report of {ended}; this run took {took}."),
        note=_note(str(document.get("service", ""))),
        totals=_totals(document["totals"]),
        meter=_meter(rows),
        reasons=_reasons(rows),
        filters=_filters(rows),
        cards="\n".join(_cards(root, rows)),
        columns="".join(f'<th scope="col" class="{c}">{name}</th>' for name, c in COLUMNS.items()),
        lines="\n".join(_line(row) for row in rows),
    )


def look(row: Row) -> str:
    """The class a row's state is shown with."""
    return LOOKS.get(str(row["status"]), OPEN)


def _note(service: str) -> str:
    """Where it comes from, if that is not the service itself."""
    if not service or not is_loopback(service):
        return ""
    host = host_of(service)
    said = f"Answered by a program on this machine ({host}), not by 3D AI Studio."
    return f'<p class="note">{escape(said)}</p>'


def _totals(totals: Mapping[str, Any]) -> str:
    spent, expected = totals["spent_credits"], totals["estimated_credits"]
    pairs = [("finished", f"{totals['finished']} of {totals['rows']}")]
    pairs += [
        (label, str(totals[name]))
        for name, label in (("failed", "failed"), ("bad", "not ordered"), ("unfinished", "to go"))
        if totals[name]
    ]
    pairs.append((f"credits of about {expected} expected", f"{spent}"))
    if totals["unclear_credits"]:
        more = str(totals["unclear_credits"])
        pairs.append(("credits more, if orders without an answer were taken", more))
    return "".join(f"<div><dt>{escape(n)}</dt><dd>{escape(v)}</dd></div>" for n, v in pairs)


def _meter(rows: Iterable[Row]) -> str:
    looks = [look(row) for row in rows]
    shares = [(one, looks.count(one)) for one in ("good", "bad", OPEN)]
    return "".join(f'<span class="{o}" style="flex:{n}"></span>' for o, n in shares if n)


def _reasons(rows: Iterable[Row]) -> str:
    """Every reason once, with the rows it stopped and what to do about it."""
    stopped: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        error = row.get("error")
        if error and look(row) == "bad":
            reason = (error["message"], error["credits"], error["next_step"])
            stopped.setdefault(reason, []).append(row)
    if not stopped:
        return ""
    items = "\n".join(_reason(*reason, those) for reason, those in stopped.items())
    return f'<h2>Need attention</h2>\n<ul class="reasons">\n{items}\n</ul>'


def _reason(message: str, charged: str, next_step: str, rows: Sequence[Row]) -> str:
    links = ", ".join(
        f'<a href="#row-{row["row"]}">{escape(_name(row))}</a>'
        f' <span class="soft">({escape(str(row["place"]))})</span>'
        for row in rows
    )
    return f"<li><p>{links}</p>{_why(message, charged, next_step)}</li>"


def _why(message: str, charged: str, next_step: str) -> str:
    said = f'<p class="why">{escape(message)}</p>'
    if charged:
        said += f"<p>{escape(charged)}</p>"
    if next_step:
        said += f"<p>Next: {escape(next_step)}</p>"
    return said


def _filters(rows: Iterable[Row]) -> str:
    """What to show of the sheet; nothing where all rows look the same."""
    looks = [look(row) for row in rows]
    there = [(one, label, looks.count(one)) for one, label in FILTERS if one in looks]
    if len(there) <= 1:
        return ""
    choices = [("all", "All", len(looks)), *there]
    labels = "".join(
        f'<label><input type="radio" name="show" id="show-{one}"'
        f"{' checked' if one == 'all' else ''}>{label} {count}</label>"
        for one, label, count in choices
    )
    return f'<fieldset class="show"><legend>Show</legend>{labels}</fieldset>'


def _cards(root: Path, rows: Sequence[Row]) -> Iterator[str]:
    """A card for each row; those to be compared are side by side, on lines of their own."""
    for group, wish in groupby(rows, key=lambda row: row.get("group") or f"alone {row['row']}"):
        cards = [_card(root, row) for row in wish]
        if len(cards) == 1:
            yield cards[0]
        else:
            label = escape(f"{len(cards)} results of row {group} to choose from")
            yield COMPARED.substitute(label=label, cards="\n".join(cards))


def _card(root: Path, row: Row) -> str:
    error = row.get("error")
    prompt = str(row.get("settings", {}).get("prompt") or "")
    facts = "".join(f'<p class="facts">{_parts(parts)}</p>' for parts in words.facts(row))
    return CARD.substitute(
        look=look(row),
        number=int(row["row"]),
        picture=_picture(root, row),
        name=escape(_name(row)),
        prompt=f'<p class="prompt">{escape(prompt)}</p>' if prompt not in {"", row["name"]} else "",
        state=escape(words.state(row)),
        why=_why(error["message"], error["credits"], error["next_step"]) if error else "",
        facts=facts,
        files=_files(row),
        details="".join(
            f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in words.details(row)
        ),
    )


def _parts(parts: Iterable[str]) -> str:
    """Facts on one line, each unbroken."""
    return " &middot; ".join(f"<span>{escape(part)}</span>" for part in parts)


def _name(row: Row) -> str:
    return str(row["name"] or row["place"])


def _files(row: Row) -> str:
    links = "".join(
        f'<a href="{quote(name)}" title="{escape(name)}">{escape(kind)}</a>'
        for name, kind in words.files(row)
    )
    return f'<p class="files">{links}</p>' if links else ""


def _picture(root: Path, row: Row) -> str:
    name = str(row.get("preview", ""))
    path = root / name
    mime = MEDIA_TYPES.get(path.suffix.lower())
    if not name or mime is None or not path.is_file():
        return _in_place_of_a_picture(row)
    source = quote(name)
    if path.stat().st_size <= MOST_EMBEDDED_BYTES:
        with suppress(OSError):  # it is shown from where it lies
            data = base64.b64encode(whole_files.read(path)).decode("ascii")
            source = f"data:{mime};base64,{data}"
    kind = " cut" if row.get("kind") == "pictures" else ""
    opens = next(iter(row["delivered"]), name) if kind else f"{row['folder']}/"
    title = escape(f"Open {opens}")
    alt = escape(f"Preview of {_name(row)}")
    return (
        f'<a class="picture{kind}" href="{quote(opens)}" title="{title}">'
        f'<img src="{source}" alt="{alt}"></a>'
    )


def _in_place_of_a_picture(row: Row) -> str:
    figures = words.measured(row)[:MOST_FIGURES]
    if figures:
        pairs = "".join(f"<dt>{escape(n)}</dt><dd>{escape(v)}</dd>" for n, v in figures)
        return f'<div class="picture"><dl>{pairs}</dl></div>'
    low = " low" if look(row) == "bad" else ""
    return f'<div class="picture{low}">No picture</div>'


FORMULA: Final = ("=", "+", "-", "@")
"""How a cell begins that spreadsheets calculate, when they open the page or are given its table."""
NO_WIDTH: Final = "\u200b"


def no_formula(text: str) -> str:
    """The text of a cell as no spreadsheet takes it for a formula; it looks the same."""
    return NO_WIDTH + text if text.lstrip().startswith(FORMULA) else text


def _line(row: Row) -> str:
    """The row as one line of the table."""
    kinds = {**COLUMNS, "State": f"state {look(row)}"}
    texts = words.line(row)
    cells = "".join(
        f'<td class="{kinds[name]}">{escape(no_formula(texts[name]))}</td>' for name in COLUMNS
    )
    return f"<tr>{cells}</tr>"

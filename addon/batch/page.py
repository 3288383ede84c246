"""The report as one HTML page that needs nothing beside it: pictures are inside."""

import base64
import time
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Final

MOST_EMBEDDED_BYTES: Final = 400_000
"""A larger picture is linked, not embedded; previews are far smaller."""

MIME: Final = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}

PAGE: Final = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark; --line: #8884; --bad: #c0392b; --good: #27865a; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 1280px; padding: 0 1em; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
.sum { color: #777; margin-bottom: 1.5rem; }
.sheet { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); }
.card { border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.card img, .none { width: 100%; aspect-ratio: 1; object-fit: contain; background: #8881; }
.card img { display: block; }
.none { display: grid; place-items: center; color: #888; }
.text { padding: .6rem .75rem .75rem; overflow-wrap: anywhere; }
.text h2 { font-size: 1rem; margin: 0; }
.meta { color: #777; font-size: .85rem; }
.failed, .bad { border-color: var(--bad); }
.status { font-weight: 600; }
.failed .status, .bad .status, .why { color: var(--bad); }
.finished .status { color: var(--good); }
details { font-size: .85rem; margin-top: .4rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0 .75rem; margin: .3rem 0; }
dt { color: #777; } dd { margin: 0; }
</style>
</head>
<body>
<h1>$title</h1>
<p class="sum">$summary</p>
<main class="sheet">
$cards
</main>
</body>
</html>
""")

CARD: Final = Template("""\
<article class="card $status">
$picture
<div class="text">
<h2>$name</h2>
<div class="meta">$place &middot; $operation</div>
<div><span class="status">$status</span> &middot; $price</div>
$why
<details><summary>Details</summary><dl>$details</dl></details>
</div>
</article>""")


def page(root: Path, document: Mapping[str, Any]) -> str:
    """The page for a report's document; pictures are read from below ``root``."""
    totals = document["totals"]
    moment = time.strftime("%Y-%m-%d %H:%M", time.localtime(document["ended_at"]))
    took = _duration(document["ended_at"] - document["started_at"])
    unclear = totals["unclear_credits"]
    summary = (
        f"{totals['finished']} of {totals['rows']} finished, {totals['failed']} failed, "
        f"{totals['bad']} could not be read; about {totals['spent_credits']} credits"
        + (f", and {unclear} more if orders without an answer were taken. " if unclear else ". ")
        + f"{moment}, this run took {took}."
    )
    return PAGE.substitute(
        title=escape(f"Batch {root.name}"),
        summary=escape(summary),
        cards="\n".join(_card(root, row) for row in document["rows"]),
    )


def _card(root: Path, row: Mapping[str, Any]) -> str:
    error = row.get("error")
    return CARD.substitute(
        status=escape(str(row["status"])),
        picture=_picture(root, str(row.get("preview", ""))),
        name=escape(str(row["name"] or row["place"])),
        place=escape(str(row["place"])),
        operation=escape(str(row.get("operation", ""))),
        price=f"{row['spent_credits']} credits",
        why=_why(error) if error else "",
        details="".join(
            f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in _details(row)
        ),
    )


def _why(error: Mapping[str, str]) -> str:
    words = " ".join(filter(None, (error["message"], error["credits"], error["next_step"])))
    return f'<p class="why">{escape(words)}</p>'


def _details(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and text of everything known about a row."""
    pairs = [(name, _text(value)) for name, value in row.get("settings", {}).items()]
    pairs += [("tags", _text(row.get("tags"))), ("then", _text(row.get("followups")))]
    pairs += [(name, _text(value)) for name, value in row.get("figures", {}).items()]
    if row.get("seconds") is not None:
        pairs.append(("time at the service", _duration(row["seconds"])))
    pairs += [("task", _text(order["task_id"])) for order in row.get("orders", [])]
    pairs += [("files", _text(row.get("files"))), ("library", _text(row.get("library")))]
    pairs += [("note", _text(row.get("warnings")))]
    return [(label, text) for label, text in pairs if text]


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


def _picture(root: Path, name: str) -> str:
    path = root / name
    mime = MIME.get(path.suffix.lower())
    if not name or mime is None or not path.is_file():
        return '<div class="none">no picture</div>'
    if path.stat().st_size > MOST_EMBEDDED_BYTES:
        return f'<img src="{escape(name)}" alt="" loading="lazy">'
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return f'<img src="data:{mime};base64,{data}" alt="">'


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"

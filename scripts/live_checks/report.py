"""What came out, for people (Markdown) and for programs (JSON)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from scripts.live_checks.checking import spent
from scripts.live_checks.findings import amount
from scripts.live_checks.journal import DONE, Entry, Journal
from scripts.live_checks.steps import Step

_FEW = 4


def write_report(
    path: Path,
    steps: Sequence[Step],
    journal: Journal,
    *,
    about: Mapping[str, str],
    not_taken: Mapping[str, str],
) -> None:
    """Both files; ``about`` stands above. What the journal holds has no secrets. Raises OSError."""
    document = {
        **about,
        "credits_spent": amount(spent(journal)),
        "differences": [
            {"step": step.name, **asdict(found)}
            for step in steps
            if step.name in journal.entries
            for found in journal.entries[step.name].findings
        ],
        "steps": [_step(step, journal.entries.get(step.name), not_taken) for step in steps],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    path.with_suffix(".json").write_text(text, encoding="utf-8")
    path.write_text("\n".join(_markdown(about, document)) + "\n", encoding="utf-8")


def _step(step: Step, entry: Entry | None, not_taken: Mapping[str, str]) -> dict[str, Any]:
    outcome = not_taken.get(step.name, "stopped here")
    if entry is not None:
        as_expected = "as expected" if entry.state == DONE else f"not finished: {entry.state}"
        outcome = f"{len(entry.findings)} differences" if entry.findings else as_expected
    return {
        "name": step.name,
        "asks": step.asks,
        "settles": step.settles,
        "price": step.price,
        "spent": amount(Decimal(entry.spent if entry is not None else 0)),
        "outcome": outcome,
        "seen": entry.seen if entry is not None else [],
    }


def _markdown(about: Mapping[str, str], document: Mapping[str, Any]) -> Iterator[str]:
    yield "# The service against its contract\n"
    for name, value in about.items():
        yield f"- {name.replace('_', ' ')}: {value}"
    yield f"- credits spent: {document['credits_spent']}\n"
    yield "## Differences\n"
    differences = document["differences"]
    if differences:
        yield from _table(("step", "kind", "where", "expected", "seen", "mark"), differences)
    else:
        yield "None among the steps that were taken."
    yield "\n## Steps\n"
    yield from _table(("name", "price", "spent", "settles", "outcome"), document["steps"])
    yield "\n## Seen\n"
    yield "What the contract leaves open, or allows in several ways.\n"
    by_words: dict[str, list[str]] = {}
    for step in document["steps"]:
        for seen in step["seen"]:
            by_words.setdefault(seen, []).append(step["name"])
    for seen, names in by_words.items():
        listed = ", ".join(names) if len(names) <= _FEW else f"{len(names)} steps"
        yield f"- {_inline(seen)} ({listed})"


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(_inline(row[column]) for column in columns) + " |"


def _inline(value: object) -> str:
    """Text of the service in a line of Markdown, as text and nothing else."""
    text = " ".join(str(value).split())
    for sign in "\\`|<*[":
        text = text.replace(sign, "\\" + sign)
    return text

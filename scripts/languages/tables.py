"""One JSON file for each language: ``{English: translation}``, sorted.

``null`` in place of a translation marks what is still to be translated: the interface says it in
English, and ``tests/package/test_languages.py`` fails until it is done.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Final

from scripts.build import PACKAGE
from scripts.languages import texts

HOME: Final = PACKAGE / "blender" / "languages"
LANGUAGES: Final = ("de", "es", "fr", "ja", "zh_HANS")

Table = dict[str, str | None]


def read(language: str) -> Table:
    """The table as it is in the tree."""
    found: Table = json.loads((HOME / f"{language}.json").read_text(encoding="utf-8"))
    return found


def write(language: str, table: Mapping[str, str | None]) -> None:
    """Put the table into the tree."""
    (HOME / f"{language}.json").write_text(as_text(table), encoding="utf-8")


def as_text(table: Mapping[str, str | None]) -> str:
    """The table as it stands in its file."""
    return json.dumps(table, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def missing(table: Table) -> list[str]:
    """What the interface says and the table does not know."""
    wanted = {text for text in texts.all_texts() if not texts.is_same_everywhere(text)}
    return sorted(wanted - set(table))


def left_over(table: Table) -> list[str]:
    """What the table knows and the interface no longer says."""
    return sorted(set(table) - texts.all_texts())


def untranslated(table: Table) -> list[str]:
    """What is marked as still to be translated."""
    return sorted(text for text, said in table.items() if said is None)


def in_step(table: Table) -> Table:
    """The table with marks for what was missing, without what was left over."""
    gone = left_over(table)
    kept = {text: said for text, said in table.items() if text not in gone}
    return kept | dict.fromkeys(missing(table))


def by_text(languages: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """``{language: texts}`` turned round: the languages of each text."""
    found: dict[str, list[str]] = {}
    for language, said in languages.items():
        for text in said:
            found.setdefault(text, []).append(language)
    return found

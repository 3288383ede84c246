"""What changed in which version, read from ``CHANGELOG.md``, which ships with the extension.

The file follows Keep a Changelog: a section a version, as ``## [1.2.0] - 2026-11-30``, the newest
first, with ``## [Unreleased]`` above them while something is not released yet.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from .version import beside_the_package

FILE: Final = "CHANGELOG.md"
UNRELEASED: Final = "Unreleased"
_SECTION: Final = re.compile(r"^## \[([^\]]+)\](?: - (\d{4}-\d\d-\d\d))?\s*$")
_ENTRY: Final = "- "
_MARKS: Final = re.compile(r"\[([^\]]+)\]\([^)]*\)|[*`]")
"""A link, of which its words stay, and marks of Markdown."""
_PART_END: Final = re.compile(r"[:;.](?:\s|$)")
_SENTENCE_END: Final = re.compile(r"\.(?:\s|$)")
LEAST_WORDS: Final = 3
"""Of the part of a sentence that tells what it is about."""
_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?")


class Channel(StrEnum):
    """Where a build of the extension comes from."""

    STABLE = "stable"
    LATEST = "latest"
    DEVELOPMENT = "development"
    """Made of the sources between two releases, and never published."""


@dataclass(frozen=True, slots=True)
class Section:
    """What changed in one version."""

    version: str
    """``Unreleased`` for what is not released yet."""
    date: str
    """``2026-11-30``; "" while it is not released."""
    entries: tuple[str, ...]
    """Without marks, each on one line."""

    @property
    def is_released(self) -> bool:
        """Whether it is of a version that was, or is just being, released."""
        return self.version != UNRELEASED


Order = tuple[tuple[int, ...], tuple[tuple[int, int, str], ...]]
"""A key that versions sort by, as Semantic Versioning has it."""


def order(version: str) -> Order:
    """The key of a version; ValueError for what is none."""
    found = _VERSION.fullmatch(version)
    if found is None:
        raise ValueError(f"{version} is no version")
    if found[4] is None:
        return tuple(map(int, found.groups()[:3])), ((2, 0, ""),)
    parts = found[4].split(".")
    key = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
    return tuple(map(int, found.groups()[:3])), key


def is_newer(version: str, than: str) -> bool:
    """Whether ``version`` comes after; what is no version comes after nothing and before none."""
    try:
        return order(version) > order(than)
    except ValueError:
        return False


@cache
def shipped() -> tuple[Section, ...]:
    """The sections of the file that came along; none where it did not."""
    path = beside_the_package(FILE)
    return () if path is None else sections(path.read_text(encoding="utf-8"))


def sections(text: str) -> tuple[Section, ...]:
    """The sections of a changelog, in its order."""
    found: list[tuple[str, str, list[str]]] = []
    within = False  # an entry, which the next lines go on with
    for line in text.splitlines():
        heading = _SECTION.match(line)
        if heading is not None:
            found.append((heading[1], heading[2] or "", []))
        elif line.startswith(_ENTRY) and found:
            found[-1][2].append(line.removeprefix(_ENTRY))
        elif within and line.startswith("  "):
            found[-1][2][-1] += f" {line.strip()}"
        within = line.startswith((_ENTRY, "  ")) and bool(found and found[-1][2])
    return tuple(
        Section(version, date, tuple(map(_plain, entries))) for version, date, entries in found
    )


def _plain(entry: str) -> str:
    return _MARKS.sub(lambda mark: mark[1] or "", entry).strip()


def headline(entry: str) -> str:
    """An entry's first sentence, or its first part where that says enough."""
    part = _PART_END.split(entry, maxsplit=1)[0]
    if len(part.split()) >= LEAST_WORDS:
        return part
    return _SENTENCE_END.split(entry, maxsplit=1)[0]


def channel(version: str, told: Sequence[Section]) -> Channel:
    """Which channel a build of that version with that changelog is for."""
    if "-" in version:
        return Channel.LATEST
    if told and told[0].version == version:
        return Channel.STABLE
    return Channel.DEVELOPMENT


def news(version: str, since: str, told: Sequence[Section]) -> tuple[Section, ...]:
    """What came after version ``since``, up to ``version``, the newest first."""
    return tuple(
        section
        for section in told
        if not section.is_released
        or (is_newer(section.version, since) and not is_newer(section.version, version))
    )

"""What the changelog says, and that manifest, changelog and programs are of one version."""

import json
from datetime import date

import pytest

from addon.service import changelog
from addon.service.changelog import Channel
from scripts import build

TEXT = """\
# Changelog

Words before any version.

- no entry of a version

## [Unreleased]

## [1.10.0] - 2026-11-30

### Added

- **The *first*** of [two things](docs/a.md), which
  goes on `here`; and there. More of it.
- Second: words that belong to it. More.

Words between.
  not an entry

### Fixed

- A third one

## [1.9.0-beta.2] - 2026-10-01

- Older
"""


def test_sections_have_their_versions_dates_and_entries() -> None:
    unreleased, newest, older = changelog.sections(TEXT)
    assert (unreleased.version, unreleased.date, unreleased.entries) == ("Unreleased", "", ())
    assert not unreleased.is_released
    assert (newest.version, newest.date) == ("1.10.0", "2026-11-30")
    assert newest.entries == (
        "The first of two things, which goes on here; and there. More of it.",
        "Second: words that belong to it. More.",
        "A third one",
    )
    assert older.entries == ("Older",)


def test_a_headline_is_short_and_says_what_it_is_about() -> None:
    entries = changelog.sections(TEXT)[1].entries
    assert [changelog.headline(entry) for entry in entries] == [
        "The first of two things, which goes on here",
        "Second: words that belong to it",
        "A third one",
    ]


def test_versions_are_in_the_order_of_semantic_versioning() -> None:
    ordered = [
        *(
            "0.9.0",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
        ),
        *("1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.9.0", "1.10.0", "2.0.0"),
    ]
    mixed = sorted(ordered)  # as texts, so 1.10.0 before 1.9.0
    assert mixed != ordered
    assert sorted(mixed, key=changelog.order) == ordered
    assert not changelog.is_newer("1.0.0", "1.0.0")
    assert not changelog.is_newer("1.0.0", "unknown")
    assert not changelog.is_newer("", "1.0.0")


@pytest.mark.parametrize(
    ("is_version", "is_of"),
    [
        ("1.10.0", Channel.DEVELOPMENT),  # something is not released yet
        ("1.11.0-beta.1", Channel.LATEST),
        ("1.11.0", Channel.DEVELOPMENT),
    ],
)
def test_the_channel_follows_from_the_version(is_version: str, is_of: Channel) -> None:
    assert changelog.channel(is_version, changelog.sections(TEXT)) is is_of


def test_a_version_whose_section_is_on_top_is_stable() -> None:
    released = changelog.sections(TEXT)[1:]
    assert changelog.channel("1.10.0", released) is Channel.STABLE
    assert changelog.channel("1.10.0", ()) is Channel.DEVELOPMENT


def test_news_are_of_the_versions_since() -> None:
    told = changelog.sections(TEXT)[1:]
    assert [s.version for s in changelog.news("1.10.0", "1.9.0", told)] == ["1.10.0"]
    since = changelog.news("1.10.0", "1.8.0", told)
    assert [section.version for section in since] == ["1.10.0", "1.9.0-beta.2"]
    assert changelog.news("1.9.0", "1.9.0-beta.2", told) == ()


def test_manifest_and_changelog_are_of_one_version() -> None:
    """Either the newest section is of the manifest's version, or that is the next one."""
    told = changelog.sections((build.ROOT / changelog.FILE).read_text(encoding="utf-8"))
    own = str(build.manifest()["version"])
    released = [section for section in told if section.is_released]
    if told[0].is_released:
        assert told[0].version == own
    else:
        assert all(changelog.is_newer(own, section.version) for section in released)
    assert told[0].entries
    assert len(told) - len(released) <= 1
    for section in released:
        date.fromisoformat(section.date)
    orders = [changelog.order(section.version) for section in released]
    assert orders == sorted(orders, reverse=True)
    assert changelog.shipped() == told


def test_the_repository_of_packages_names_no_version_besides() -> None:
    """Node's package is there for a tool alone, and is never published."""
    package = json.loads((build.ROOT / "package.json").read_text(encoding="utf-8"))
    assert "version" not in package

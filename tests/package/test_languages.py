"""The interface's languages: nothing missing, nothing left over, every part of a sentence kept.

A text is found in the source as it stands there. So what is shown has to be a literal, or a
template given to ``say`` or ``sentence``; an f-string of words fails here.
"""

import ast
import json
import re
from typing import Final

import pytest

from tests.package import texts
from tests.package.imports import PACKAGE

HOME: Final = PACKAGE / "blender" / "languages"
LANGUAGES: Final = ("de", "es", "fr", "ja", "zh_HANS")

NO_WORDS_FOR_PEOPLE: Final = (
    "blender/background/tidy.py",  # names of rigs; its warnings go into the log
    "blender/field_labels.py",  # whole texts, collected from the catalogue
    "catalog/registry.py",  # for programs and the command line
)
"""Modules whose f-strings nobody has to read in another language."""

FOR_PROGRAMS: Final = re.compile(
    r"Bearer |multipart/|Content-|; filename|.*(ORDER BY|WHERE| AND id IN) "
)
"""Headers and SQL."""


def table(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((HOME / f"{language}.json").read_text(encoding="utf-8"))
    return found


def parts(text: str) -> list[str]:
    return sorted(texts.PARTS.findall(text))


def test_there_is_a_table_for_each_language_and_no_other() -> None:
    assert tuple(sorted(path.stem for path in HOME.glob("*.json"))) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing(language: str) -> None:
    wanted = {text for text in texts.all_texts() if not texts.is_same_everywhere(text)}
    assert sorted(wanted - set(table(language))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_over(language: str) -> None:
    assert sorted(set(table(language)) - texts.all_texts()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_of_a_sentence_is_kept(language: str) -> None:
    changed = {text: said for text, said in table(language).items() if parts(text) != parts(said)}
    assert changed == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_stays_one_and_a_label_stays_one(language: str) -> None:
    """Blender's labels and descriptions have no full stop at the end; sentences have one."""
    ends = re.compile(r"[.。]$")
    odd = {
        text: said
        for text, said in table(language).items()
        if ends.search(said) and not ends.search(text)
    }
    assert odd == {}
    assert [text for text, said in table(language).items() if not said.strip()] == []


def test_each_table_is_in_order() -> None:
    """So that two who add a line at the same time seldom meet."""
    for language in LANGUAGES:
        assert list(table(language)) == sorted(table(language)), language


def assembled(source: str) -> list[tuple[int, str]]:
    """F-strings that hold words, where people see them."""
    tree = ast.parse(source)
    parents = texts.parents_in(tree)
    return [
        (node.lineno, ast.unparse(node))
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        and not isinstance(parents[node], ast.FormattedValue)
        and HAS_WORDS.search(words_of(node))
        and not FOR_PROGRAMS.match(words_of(node))
        and not texts.is_unseen(node, parents)
    ]


HAS_WORDS: Final = re.compile(r"[a-z]{2,} |[ ][a-z]{2,}")


def words_of(text: ast.JoinedStr) -> str:
    return "".join(str(part.value) for part in text.values if isinstance(part, ast.Constant))


def test_no_sentence_is_put_together_where_nobody_can_translate_it() -> None:
    found: list[str] = []
    for path in texts.module_paths():
        name = path.relative_to(PACKAGE).as_posix()
        if name not in NO_WORDS_FOR_PEOPLE:
            source = path.read_text(encoding="utf-8")
            found += [f"{name}:{line} {text}" for line, text in assembled(source)]
    assert found == []


def test_an_assembled_sentence_is_found() -> None:
    assert assembled('def a(n):\n    return f"{n} more of them"\n')
    assert not assembled('def a(n):\n    log.info(f"{n} more of them")\n')
    assert not assembled('def a(n):\n    return f"{n} x {n}"\n')


def test_a_text_is_found_wherever_it_stands() -> None:
    sample = 'def draw(layout):\n    """Words of the author."""\n    layout.label(text="New One")\n'
    assert [text for _, text in texts.literals(sample)] == ["New One"]
    assert list(texts.literals('log.info("Nobody reads this")')) == []


def unsaid(source: str) -> list[int]:
    """Lines where a literal is handed on to what Blender does not look up by itself."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("poll_message_set")
        and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    ]


def test_why_a_button_is_grey_is_said_in_the_language() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in texts.module_paths()
        for line in unsaid(path.read_text(encoding="utf-8"))
    ]
    assert found == []
    assert unsaid('cls.poll_message_set("Not now")') == [1]

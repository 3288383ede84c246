"""The interface's languages: nothing missing, nothing left over, every part of a sentence kept.

A text is found in the source as it stands there. So what is shown has to be a literal, or a
template given to ``say`` or ``sentence``; an f-string of words fails here.
"""

import ast
import re
import sys
from pathlib import Path
from typing import Final

import pytest

from scripts.languages import __main__ as command
from scripts.languages import tables, texts
from scripts.languages.tables import HOME, LANGUAGES
from tests.package.imports import PACKAGE

IN_STEP: Final = "`make languages` brings the tables in step with what the interface says"
TRANSLATE: Final = "put translations in place of null into addon/blender/languages/"

NO_WORDS_FOR_PEOPLE: Final = (
    "blender/background/normalize.py",  # names of rigs; its warnings go into the log
    "blender/settings/field_labels.py",  # whole texts, collected from the catalogue
    "blender/print/painted_three_mf.py",  # XML
    "blender/print/three_mf.py",  # XML
    "catalog/registry.py",  # for programs and the command line
)
"""Modules whose f-strings nobody has to read in another language."""

FOR_PROGRAMS: Final = re.compile(
    r"Bearer |multipart/|Content-|; filename|.*(ORDER BY|WHERE| AND id IN) "
)
"""Headers and SQL."""


def table(language: str) -> dict[str, str]:
    """What is translated."""
    return {text: said for text, said in tables.read(language).items() if said is not None}


def parts(text: str) -> list[str]:
    return sorted(texts.PARTS.findall(text))


def test_there_is_a_table_for_each_language_and_no_other() -> None:
    assert tuple(sorted(path.stem for path in HOME.glob("*.json"))) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing(language: str) -> None:
    assert tables.missing(tables.read(language)) == [], IN_STEP


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_over(language: str) -> None:
    assert tables.left_over(tables.read(language)) == [], IN_STEP


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_waits_for_its_translation(language: str) -> None:
    assert tables.untranslated(tables.read(language)) == [], f"{TRANSLATE}{language}.json"


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


def test_each_table_is_written_as_the_command_writes_it() -> None:
    """Sorted, so that two who add a line at the same time seldom meet."""
    for language in LANGUAGES:
        written = (HOME / f"{language}.json").read_text(encoding="utf-8")
        assert written == tables.as_text(tables.read(language)), language


@pytest.fixture
def own_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Tables of the test's own: German lacks one text, and French says one too many."""
    monkeypatch.setattr(tables, "HOME", tmp_path)
    for language in LANGUAGES:
        (tmp_path / f"{language}.json").write_bytes((HOME / f"{language}.json").read_bytes())
    german, french = tables.read("de"), tables.read("fr")
    del german["Generate"]
    french["Nobody says this"] = "Personne ne dit cela"
    tables.write("de", german)
    tables.write("fr", french)
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["languages", *arguments])
    return command.main()


def test_the_command_marks_what_is_missing_and_takes_out_what_is_left_over(
    own_tables: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in own_tables.iterdir()}
    assert run(monkeypatch, "--check") == 1
    told = capsys.readouterr().err
    assert "Not translated:\n  'Generate': de\n" in told
    assert "Not said any more:\n  'Nobody says this': fr\n" in told
    assert {path.name: path.read_bytes() for path in own_tables.iterdir()} == before
    assert run(monkeypatch) == 0
    assert "To be translated, in place of null:\n  'Generate': de\n" in capsys.readouterr().err
    assert '\n "Generate": null,\n' in (own_tables / "de.json").read_text(encoding="utf-8")
    assert tables.untranslated(tables.read("de")) == ["Generate"]
    changed = {n for n, text in before.items() if (own_tables / n).read_bytes() != text}
    assert changed == {"de.json", "fr.json"}
    assert "Nobody says this" not in tables.read("fr")
    assert run(monkeypatch, "--check") == 1  # until it is translated
    tables.write("de", tables.read("de") | {"Generate": "Erzeugen"})
    assert run(monkeypatch, "--check") == 0
    assert capsys.readouterr().err.endswith("Not translated:\n  'Generate': de\n")


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

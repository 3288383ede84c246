"""The interface in other languages, in a real Blender."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest
from bpy.app import translations

from scripts.languages import texts
from tests.blender.conftest import PACKAGE, part

LOCALES = {"de": "de_DE", "es": "es", "fr": "fr_FR", "ja": "ja_JP", "zh_HANS": "zh_HANS"}

SPEAKS = bool(bpy.app.build_options.international)
"""Blender as a Python module is built without languages: there everything stays English."""


@pytest.fixture
def _english_again() -> Iterator[None]:
    yield
    if SPEAKS:
        bpy.context.preferences.view.language = "en_US"
    part("blender.languages").follow()


def speak(locale: str) -> None:
    """Change the language; without a window nobody is told of it."""
    if SPEAKS:
        bpy.context.preferences.view.language = locale
    part("blender.languages").follow()


def expected(language: str, text: str) -> str:
    table = part("blender.languages").table(LOCALES[language])
    return table[text] if SPEAKS else text


def test_blender_knows_the_languages_it_was_built_with() -> None:
    assert set(LOCALES.values()) <= set(translations.locales) or not SPEAKS
    assert bool(bpy.app.binary_path) == SPEAKS


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.usefixtures("_english_again")
def test_labels_and_operators_are_said_in_the_language(
    extension: ModuleType, language: str
) -> None:
    speak(LOCALES[language])
    label = "Nothing generated yet"
    assert translations.pgettext_iface(label) == expected(language, label)
    operator = bpy.types.STUDIO3D_OT_show_jobs
    said = translations.pgettext_iface(operator.bl_label, "Operator")
    assert said == expected(language, operator.bl_label)
    said = translations.pgettext_tip(operator.bl_description)
    assert said == expected(language, operator.bl_description)
    tool_words, tool = part("blender.operators.tool_words"), part("catalog").get("repair")
    said = tool_words.tool_description(operator, tool.name)
    assert said == f"{expected(language, tool.summary)}…"
    said = tool_words.tool_description(operator, "")
    assert said == expected(language, operator.bl_description)
    # Blender has this word too, for the cursor of its console.
    prompt = bpy.context.scene.studio3d.bl_rna.properties["prompt"]
    said = translations.pgettext_iface(prompt.name, prompt.translation_context)
    assert said == expected(language, prompt.name)


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.usefixtures("_english_again")
def test_sentences_are_put_together_in_the_language(extension: ModuleType, language: str) -> None:
    speak(LOCALES[language])
    words, catalog = part("blender.core.translation"), part("catalog")
    template = "{n} of {balance} credits"
    said = words.translate(template, n="35", balance="9 965")
    assert said == expected(language, template).format(n="35", balance="9 965")
    grouped = part("catalog.validation").grouped
    most = catalog.get("tencent-rapid").field("prompt").max_length
    with pytest.raises(catalog.InvalidRequest) as refused:
        catalog.build_request("tencent-rapid", {"prompt": "x" * (most + 7)})
    (problem,) = refused.value.problems
    length = "{field} is {length} characters; the service takes {most}."
    assert words.translate(problem.message) == expected(language, length).format(
        field=expected(language, "Prompt"), length=grouped(most + 7), most=grouped(most)
    )
    assert problem.message.startswith(f"Prompt is {grouped(most + 7)} characters")


@pytest.mark.usefixtures("_english_again")
def test_a_failure_comes_out_of_the_store_in_the_language(extension: ModuleType) -> None:
    rows, job, errors = part("jobs.rows"), part("jobs.job"), part("service.errors")
    message = part("catalog.messages").Message
    host = "{host} did not answer in time."
    failure = job.Failure(
        "network_trouble",
        message(host, host="example.org"),
        errors.NetworkError.hint,
        errors.Charged.NO,
    )
    kept = rows.failure_from_text(rows.failure_text(failure))
    speak("de_DE")
    said = part("blender.core.translation").translate(kept.message, kept.hint, kept.credits)
    assert said == " ".join(
        (
            expected("de", host).format(host="example.org"),
            expected("de", errors.NetworkError.hint),
            expected("de", errors.Charged.NO.words),
        )
    )


@pytest.mark.usefixtures("_english_again")
def test_a_language_without_a_table_stays_english(extension: ModuleType) -> None:
    speak("it_IT")
    assert (
        part("blender.core.translation").translate("Nothing generated yet")
        == "Nothing generated yet"
    )


@pytest.mark.usefixtures("_english_again")
def test_what_is_not_translated_yet_stays_english(
    extension: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"Nothing generated yet": None, "Prompt": "Beschreibung"}
    (tmp_path / "de.json").write_text(json.dumps(said), encoding="utf-8")
    monkeypatch.setattr(part("blender.languages"), "HOME", tmp_path)
    speak("de_DE")
    words = part("blender.core.translation")
    assert words.translate("Nothing generated yet") == "Nothing generated yet"
    assert words.translate("Prompt") == ("Beschreibung" if SPEAKS else "Prompt")


@pytest.mark.usefixtures("_english_again")
def test_disabling_takes_the_translations_back(extension: ModuleType) -> None:
    speak("de_DE")
    label = "Nothing generated yet"
    try:
        bpy.ops.preferences.addon_disable(module=PACKAGE)
        assert translations.pgettext_iface(label) == label
    finally:
        bpy.ops.preferences.addon_enable(module=PACKAGE)
    assert translations.pgettext_iface(label) == expected("de", label)


def test_every_text_that_blender_shows_by_itself_is_collected(extension: ModuleType) -> None:
    """What RNA has, which is what Blender draws, against what the source was searched for."""
    shown = set(rna_texts())
    assert "Apply Modifiers" in shown
    assert "PBR Textures" in shown
    unknown = {text for text in shown if not texts.is_same_everywhere(text)} - texts.all_texts()
    assert unknown == set(), sorted(unknown)


def rna_texts() -> Iterator[str]:
    for module in part("blender.registration").modules():
        for cls in getattr(module, "CLASSES", ()):
            yield from texts_of(cls)


def texts_of(cls: Any) -> Iterator[str]:
    if not issubclass(cls, bpy.types.PropertyGroup | bpy.types.AddonPreferences):
        yield getattr(cls, "bl_label", "")
        yield getattr(cls, "bl_description", "")
    bases = [base for base in cls.__mro__ if base.__module__.startswith(PACKAGE)]
    own = {name for base in bases for name in getattr(base, "__annotations__", ())}
    for prop in cls.bl_rna.properties:
        if prop.identifier in own and not prop.is_hidden and prop.name != prop.identifier:
            yield from (prop.name, prop.description)
            for item in getattr(prop, "enum_items", ()):
                yield from (item.name, item.description)

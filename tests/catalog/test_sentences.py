"""Sentences: English for whoever prints them, and still in parts for who says them otherwise."""

import json

from addon.catalog.messages import Message, pack, unpack


def test_a_sentence_is_its_english_text_and_knows_its_parts() -> None:
    made = Message("{label} is missing.", label="Prompt")
    assert made == "Prompt is missing."
    assert f"{made}" == "Prompt is missing."
    assert (made.template, made.parts) == ("{label} is missing.", {"label": "Prompt"})


def test_numbers_stay_numbers_and_all_else_becomes_text() -> None:
    made = Message("{size:.1f} MB of {name}", size=2.25, name=ValueError("odd"))
    assert made == "2.2 MB of odd"
    assert made.parts == {"size": 2.25, "name": "odd"}


def test_braces_of_a_whole_text_are_no_names_of_parts() -> None:
    assert Message("a {b}") == "a {b}"


def test_it_comes_back_from_json_with_sentences_in_sentences() -> None:
    made = Message("{label}: {count} given.", label=Message("Images"), count=3)
    back = unpack(json.loads(json.dumps(pack(made))))
    assert back == "Images: 3 given."
    assert isinstance(back, Message)
    assert isinstance(back.parts["label"], Message)
    assert back.parts["count"] == 3


def test_plain_text_is_kept_as_such() -> None:
    assert pack("Look again.") == "Look again."
    assert unpack("Look again.") == "Look again."

"""What the prompt reader understands, in several languages."""

import pytest

from scripts.sandbox.engines.text_to_model.prompt import Look, read_prompt
from scripts.sandbox.engines.text_to_model.shapes import SHAPES
from scripts.sandbox.engines.text_to_model.vocabulary import COLOURS, SUBJECTS

RED = COLOURS["red"][0]
BLUE = COLOURS["blue"][0]


@pytest.mark.parametrize(
    ("prompt", "subject"),
    [
        ("a wooden chair", "chair"),
        ("two rusty barrels", "barrel"),
        ("dog house", "house"),
        ("coffee table", "table"),
        ("a cat sitting on a chair", "cat"),
        ("statue of a horse", "horse"),
        ("pine tree", "pine"),
        ("christmas tree", "pine"),
        ("spaceship, sci-fi, blue", "spaceship"),
        ("ein alter Holzstuhl", "chair"),
        ("ein Schwert", "sword"),
        ("une maison en brique", "house"),
        ("silla de madera azul", "chair"),
        ("一把木椅子", "chair"),
        ("赤い車", "car"),
        ("ガラスの花瓶", "vase"),
        ("the meaning of life", ""),
    ],
)
def test_subject(prompt: str, subject: str) -> None:
    assert read_prompt(prompt).subject == subject


@pytest.mark.parametrize(
    "prompt", ["a red wooden chair", "chaise rouge en bois", "红色的木椅子", "ein roter Holzstuhl"]
)
def test_colour_and_material_in_any_language(prompt: str) -> None:
    brief = read_prompt(prompt)
    assert brief.subject == "chair"
    assert brief.main == Look(RED, "wood")


def test_adjectives_belong_to_the_part_they_precede() -> None:
    brief = read_prompt("a blue armchair with wooden legs and a red cushion")
    assert brief.main == Look(BLUE, None)
    assert brief.parts == {"legs": Look(None, "wood"), "seat": Look(RED, None)}


def test_adjectives_after_a_part_belong_to_it() -> None:
    brief = read_prompt("chaise bleue avec pieds en métal")
    assert brief.main == Look(BLUE, None)
    assert brief.parts == {"legs": Look(None, "metal")}


def test_adjectives_of_an_unknown_noun_are_kept() -> None:
    brief = read_prompt("golden qilin")
    assert brief.subject == ""
    assert brief.main.material == "metal"


def test_a_flower_named_like_a_colour_keeps_the_colour_asked_for() -> None:
    assert read_prompt("red rose").main.colour == RED


def test_styles_and_sizes() -> None:
    brief = read_prompt("tiny low poly medieval tower")
    assert brief.styles == {"low-poly", "medieval"}
    assert brief.scale < 0.5


def test_statues_are_of_stone_unless_told() -> None:
    assert read_prompt("statue of a dog").main.material == "stone"
    assert read_prompt("bronze statue of a dog").main.material == "metal"


def test_every_shape_can_be_asked_for() -> None:
    assert set(SHAPES) == set(SUBJECTS)
    for name, spellings in SUBJECTS.items():
        assert read_prompt(spellings.split()[0]).subject == name

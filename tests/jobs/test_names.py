"""What orders are called, and how long texts are made short."""

import uuid
from typing import Any

import pytest

from addon.catalog import get, operations
from addon.jobs import names
from addon.jobs.planner import Step, make_plan
from addon.jobs.short_text import clusters, shorten

ID = "7b2f4c1e-9a30-4d55-8e61-0c2f5b7a9d14"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("a chair", 40, "a chair"),
        ("an ornate wooden treasure chest with iron bands", 28, "an ornate wooden treasure…"),
        ("an ornate wooden treasure chest", 26, "an ornate wooden treasure…"),
        ("one, two and three", 9, "one, two…"),
        ("one,   two\nand three", 6, "one…"),
        ("Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"),
        ("ein Donaudampfschifffahrtskapitän", 12, "ein…"),
        ("装飾の施された木製の宝箱と鉄の帯", 8, "装飾の施された…"),
        ("a 装飾の施された木製の宝箱と鉄の帯", 12, "a 装飾の施された木製…"),
    ],
)
def test_texts_are_cut_between_words(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short
    assert len(short) <= limit


@pytest.mark.parametrize("character", ["é", "e\u0301", "👩‍👩‍👧", "👍🏽", "🇩🇪", "ก็", "각", "❤️"])
def test_a_character_is_never_cut(character: str) -> None:
    assert list(clusters(character * 3)) == [character] * 3
    assert shorten(character * 12, 6) == character * 5 + "…"


def subject(operation: str, known: str = "", **values: Any) -> str:
    plan = make_plan([Step(operation, values)])
    return names.of_plan(plan, lambda _path: known)


@pytest.mark.parametrize(
    ("operation", "values", "name"),
    [
        ("tencent-rapid", {"prompt": "  a brass\nlamp "}, "a brass lamp"),
        ("tencent-rapid", {"image": "/p/old_oak chair.png"}, "old oak chair"),
        ("trellis", {"image": "https://x.org/my%20chair.png?sig=1"}, "my chair"),
        ("trellis", {"image": f"/p/{ID}.png"}, "Model"),
        ("trellis", {"image": f"/p/{ID.replace('-', '')}.png"}, "Model"),
        ("trellis", {"image": f"/p/{ID}-image-gemini3pro-2.png"}, "Model"),
        ("trellis", {"image": f"/p/robot {ID}.png"}, "robot"),
        ("trellis", {"image": "/p/2026-11-30-Render-Result-a1b2c3.png"}, "Render-Result"),
        ("trellis", {"image": "/p/1234567.png"}, "Model"),
        ("tripo", {"images": {"front": "/p/car_front.png", "left": "/p/b.png"}}, "car front"),
        ("remove-bg", {"image": f"/p/{ID}.jpg"}, "Picture"),
        ("image-gemini3pro", {"prompt": "make it red", "images": ("/p/a.png",)}, "make it red"),
        ("repair", {"model_url": "/p/chest.glb"}, "chest"),
        ("texture-model", {"model_file": "/p/chest.glb", "prompt": "rusty"}, "chest"),
        ("miniature", {"image": "/p/Grandma.jpg", "preset": "v4_miniature_general"}, "Grandma"),
    ],
)
def test_an_order_is_called_by_its_subject(
    operation: str, values: dict[str, Any], name: str
) -> None:
    assert subject(operation, **values) == name


def test_a_picture_made_before_passes_its_name_on() -> None:
    values = {"image": f"/p/{ID}-remove-bg.png"}
    assert subject("trellis", known="oak chair", **values) == "oak chair"
    assert subject("trellis", known=ID, **values) == "Model"


def test_no_name_has_an_id_or_an_engine_in_it() -> None:
    for operation in operations():
        for suffix in ("", "-1", "-edited-image-2"):
            path = f"/p/{uuid.uuid4()}-{operation.name}{suffix}.png"
            assert names.of_file(path) == "", path


def test_in_lists_the_subject_comes_first_and_engines_are_left_out() -> None:
    for operation in operations():
        said = names.title("Chest", [operation.name])
        if operation.group.has_engines:
            assert said == "Chest"
        else:
            assert said == f"Chest · {operation.task_label}"
    assert names.title("Chest", ["texture-edit"]) == "Chest · Retexture"
    assert names.title("Chest", ["repair", "texture-model"]) == "Chest · Repair, Retexture"
    assert names.title("Chest {0}", ["gone"]) == "Chest {0}"


def test_tools_are_named_by_their_task_first() -> None:
    for operation in operations():
        assert operation.label.startswith(operation.task_label)
        if operation.task:
            assert get(operation.name).label.endswith(")")

"""Estimates against the price table of the contract."""

import re
from typing import Any

import pytest

from addon.catalog import build_request, estimate, operations

IMAGE = {"image": "a.png"}
PROMPT = {"prompt": "a"}
MODEL = {"model_file": "a.glb"}
TRELLIS_TABLE = {"512": (15, 25, 30), "1024": (20, 30, 40), "1536": (25, 40, 55)}


@pytest.mark.parametrize("resolution", TRELLIS_TABLE)
def test_trellis_table(resolution: str) -> None:
    def cost(**values: Any) -> int:
        return estimate(
            build_request("trellis", {**IMAGE, "resolution": resolution, **values})
        ).total

    bare, small, large = TRELLIS_TABLE[resolution]
    assert cost(textures=False) == bare
    assert cost(texture_size="1024") == small
    assert cost(texture_size="2048") == small
    assert cost(texture_size="4096") == large
    assert cost(texture_size="2048", generate_thumbnail=True) == small + 2


@pytest.mark.parametrize(
    ("operation", "values", "expected"),
    [
        ("tencent-rapid", PROMPT, 35),
        ("tencent-rapid", {**IMAGE, "enable_pbr": True}, 55),
        ("tencent-pro", PROMPT, 60),
        ("tencent-pro", {**IMAGE, "enable_pbr": True}, 80),
        ("tencent-pro", {"multi_view_images": {"front": "f.png"}, "enable_pbr": True}, 100),
        ("tripo", PROMPT, 40),
        ("tripo", {**IMAGE}, 60),
        ("tripo", {**IMAGE, "texture": False}, 40),
        ("tripo", {**PROMPT, "texture_quality": "detailed", "geometry_quality": "detailed"}, 100),
        ("tripo", {**PROMPT, "texture": False, "generate_parts": True}, 60),
        ("tripo-p1", PROMPT, 80),
        ("image-gemini3pro", {**PROMPT, "num_images": 2}, 100),
        ("image-gemini3pro", {**PROMPT, "resolution": "4K"}, 80),
        ("image-gemini25flash", {**PROMPT, "num_images": 4}, 20),
        ("image-seedream", PROMPT, 10),
        ("convert", MODEL, 10),
        ("render", MODEL, 5),
        ("render", {**MODEL, "angle": "turntable_8"}, 20),
        ("render", {**MODEL, "output_type": "video"}, 20),
        ("repair", MODEL, 60),
        ("repair", {**MODEL, "hollow": True}, 90),
        ("remove-bg", {**IMAGE, "quality": "high"}, 5),
        ("image-enhance", {**IMAGE, "remove_bg": True}, 20),
        ("volume", MODEL, 20),
        ("miniature", {**IMAGE, "preset": "v4_miniature_general"}, 300),
        ("miniature", {**IMAGE, "preset": "v4_miniature_general", "edition": "fast"}, 200),
        ("texture-model", {**MODEL, **PROMPT, "style_image": "s.png"}, 30),
        ("segment", MODEL, 80),
    ],
)
def test_price_of_exactly_these_settings(
    operation: str, values: dict[str, Any], expected: int
) -> None:
    assert estimate(build_request(operation, values)).total == expected


@pytest.mark.parametrize(
    ("operation", "values", "what"),
    [
        ("tripo", {**PROMPT, "version": "3.2"}, "Version 3.2"),
        ("tencent-pro", {**IMAGE, "model": "3.5", "enable_pbr": True}, "Model 3.5"),
        ("tencent-pro", {**PROMPT, "model": "4"}, "Model 4"),
    ],
)
def test_a_version_nobody_knows_has_no_known_price(
    operation: str, values: dict[str, Any], what: str
) -> None:
    found = estimate(build_request(operation, values))
    assert not found.is_known
    assert found.total > 0  # never free, whoever forgets to ask
    assert found.words().startswith(f"What {what} costs is not known")
    for known in ("3.0", "3.1"):
        name = "version" if operation == "tripo" else "model"
        assert estimate(build_request(operation, {**values, name: known})).is_known


def test_every_version_can_be_one_that_comes_later() -> None:
    for operation in operations():
        for field in operation.fields:
            if field.name in {"model", "version"}:
                assert field.unverified, operation.name
                assert field.is_unverified("9.1")
                assert not any(field.is_unverified(choice.value) for choice in field.choices)
            if field.unverified:
                assert re.fullmatch(field.pattern, field.pattern_example)
                assert not re.fullmatch(field.pattern, "../../account")
                assert not field.is_unverified(field.default)


def test_the_sum_is_said_in_words() -> None:
    pro = estimate(build_request("tencent-pro", {**PROMPT, "enable_pbr": True}))
    assert pro.words() == "60 credits + 20 credits PBR textures"
    pictures = estimate(build_request("image-seedream", {**PROMPT, "num_images": 3}))
    assert pictures.words() == "10 credits x 3"

"""Values written as text on a command line or in a table."""

from typing import Any

import pytest

from addon.catalog import get
from addon.catalog.text_values import BadText, parse


@pytest.mark.parametrize(
    ("operation", "field", "text", "value"),
    [
        ("tencent-rapid", "enable_pbr", "Yes", True),
        ("tencent-rapid", "enable_pbr", "0", False),
        ("tencent-pro", "face_count", "500 000", 500_000),
        ("repair", "target_height", " 12.5 ", 12.5),
        ("image-seedream", "images", "a.png; b.png", ("a.png", "b.png")),
        ("volume", "target_heights", "5,10,15", ("5", "10", "15")),
        ("tripo", "images", "front=f.png; back=b.png", {"front": "f.png", "back": "b.png"}),
        ("tencent-pro", "model", "3.1", "3.1"),
    ],
)
def test_reads(operation: str, field: str, text: str, value: Any) -> None:
    assert parse(get(operation).field(field), text) == value


@pytest.mark.parametrize(
    ("operation", "field", "text", "message"),
    [
        ("tencent-rapid", "enable_pbr", "maybe", 'PBR Textures is "maybe"; write true or false.'),
        ("tencent-pro", "face_count", "many", 'Face Count is "many", not a whole number.'),
        ("tripo", "images", "f.png", "Views are written like front=front.png;left=left.png."),
    ],
)
def test_bad_text_is_explained(operation: str, field: str, text: str, message: str) -> None:
    with pytest.raises(BadText, match=r".") as caught:
        parse(get(operation).field(field), text)
    assert str(caught.value) == message

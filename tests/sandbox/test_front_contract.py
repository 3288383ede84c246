"""The contract's tables: prices, and everything that must be refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from scripts.sandbox.contract import Upload
from scripts.sandbox.contract.pictures import NotAnImage, check_data_uri
from scripts.sandbox.operations import ENDPOINTS
from tests.sandbox.front import data_uri

RAPID = "3d-models/tencent/generate/rapid"
PRO = "3d-models/tencent/generate/pro"
TRELLIS = "3d-models/trellis2/generate"
TRIPO = "3d-models/tripo"
PNG = data_uri()
URL = "https://example.com/a.glb?signature=1"
FRONT = {"view_type": "front", "view_image": PNG}


def parse(path: str, body: object) -> Any:
    """``body`` as it would arrive in JSON."""
    return ENDPOINTS[f"/v1/{path}/"].body.model_validate_json(json.dumps(body), strict=True)


def parse_form(path: str, **fields: str | Upload) -> Any:
    """``fields`` as they would arrive in a multipart body."""
    return ENDPOINTS[f"/v1/{path}/"].body.model_validate(fields)


PRICES: list[tuple[str, dict[str, Any], int]] = [
    (RAPID, {"prompt": "x"}, 35),
    (RAPID, {"image": PNG, "enable_pbr": True}, 55),
    (PRO, {"model": "3.0", "prompt": "x"}, 60),
    (PRO, {"model": "3.1", "multi_view_images": [FRONT], "enable_pbr": True}, 100),
    (TRELLIS, {"image": PNG}, 20),
    (TRELLIS, {"image": PNG, "resolution": "512", "textures": True}, 25),
    (
        TRELLIS,
        {"image_url": URL, "resolution": "1536", "textures": True, "texture_size": 4096,
         "generate_thumbnail": True},
        57,
    ),
    (f"{TRIPO}/text-to-3d", {"prompt": "x", "texture": False}, 20),
    (f"{TRIPO}/text-to-3d/3.1", {"prompt": "x"}, 40),
    (f"{TRIPO}/image-to-3d/3.2", {"image": PNG, "texture_quality": "detailed", "quad": True}, 90),
    (
        f"{TRIPO}/multiview-to-3d/3.0",
        {"images": [{"image": PNG}, {"image_url": URL}], "geometry_quality": "detailed",
         "smart_low_poly": True},
        120,
    ),
    (
        f"{TRIPO}/text-to-3d",
        {"prompt": "x", "texture": False, "pbr": False, "generate_parts": True},
        60,
    ),
    (f"{TRIPO}/text-to-3d/p1", {"prompt": "x"}, 80),
    (f"{TRIPO}/image-to-3d/p1", {"image": PNG, "texture": False}, 80),
    (f"{TRIPO}/multiview-to-3d/p1", {"images": [{"image": PNG}] * 2}, 100),
    ("images/gemini/3/pro/generate", {"prompt": "x", "num_images": 3}, 150),
    ("images/gemini/3/pro/edit", {"prompt": "x", "images": [PNG], "resolution": "4K"}, 80),
    ("images/gemini/3.1/flash/generate", {"prompt": "x", "resolution": "2K"}, 20),
    ("images/gemini/2.5/flash/generate", {"prompt": "x", "num_images": 4}, 20),
    ("images/seedream/v5/lite/edit", {"prompt": "x", "image_urls": [URL, PNG]}, 10),
    ("tools/convert", {"model_url": URL, "output_format": "obj_zip"}, 10),
    ("tools/render", {"model_url": URL}, 5),
    ("tools/render", {"model_url": URL, "angle": "turntable_8"}, 20),
    ("tools/render", {"model_url": URL, "output_type": "video", "output_format": "gif"}, 20),
    ("tools/repair", {"model_url": URL}, 60),
    ("tools/repair", {"model_url": URL, "hollow": True, "wall_thickness": 1.5}, 90),
    ("tools/optimize", {"model_url": URL, "preset": "low"}, 10),
    ("tools/bake-texture", {"original_url": URL, "retopo_url": URL}, 5),
    ("tools/remove-bg", {"image_url": URL, "quality": "high"}, 5),
    ("tools/image-enhance", {"image_url": URL, "remove_bg": True}, 20),
    ("tools/calculate-volume", {"model_url": URL, "target_heights": "5,10,15.5"}, 20),
    ("flow/miniature", {"image": PNG, "preset": "v4_miniature_general"}, 300),
    (
        "flow/miniature",
        {"image": PNG, "preset": "realistic_animal", "edition": "fast", "scale": "1:22.5"},
        200,
    ),
    ("3d-models/tencent/texture-edit", {"file_url": URL, "prompt": "x", "enable_pbr": True}, 80),
    (f"{TRIPO}/texture-model", {"model_url": URL, "prompt": "x", "style_image_url": URL}, 30),
    (f"{TRIPO}/texture-model", {"model_url": URL, "style_image_url": URL}, 30),
    ("3d-models/tencent/topology", {"file_url": URL}, 100),
    (f"{TRIPO}/convert-model", {"model_url": URL, "format": "FBX", "quad": True}, 20),
    (f"{TRIPO}/convert-model", {"model_url": URL, "format": "FBX", "fbx_preset": "3dsmax"}, 10),
    (f"{TRIPO}/mesh-segmentation", {"model_url": URL}, 80),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "price"), PRICES)
def test_prices(path: str, body: dict[str, Any], price: int) -> None:
    assert parse(path, body).price() == price


def test_every_kind_of_work_has_a_price_above() -> None:
    kinds = {endpoint.kind for endpoint in ENDPOINTS.values()}
    assert {ENDPOINTS[f"/v1/{path}/"].kind for path, _, _ in PRICES} == kinds


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (RAPID, {}),
        (RAPID, {"prompt": "x", "image": PNG}),
        (RAPID, {"prompt": "x" * 1025}),
        (RAPID, {"prompt": " "}),
        (RAPID, {"prompt": None, "image": PNG}),
        (RAPID, {"prompt": "x", "enable_pbr": 1}),
        (RAPID, {"prompt": "x", "enable_pbr": "true"}),
        (RAPID, {"prompt": "x", "negative_prompt": "y"}),
        (RAPID, {"image": URL}),
        (RAPID, ["prompt"]),
        (PRO, {"prompt": "x"}),
        (PRO, {"model": "3.2", "prompt": "x"}),
        (PRO, {"model": "3.0", "prompt": "x", "image": PNG}),
        (PRO, {"model": "3.1", "prompt": "x", "generate_type": "LowPoly"}),
        (PRO, {"model": "3.0", "prompt": "x", "generate_type": "Cartoon"}),
        (PRO, {"model": "3.0", "prompt": "x", "polygon_type": "quadrilateral"}),
        (PRO, {"model": "3.0", "prompt": "x", "face_count": 30_000}),
        (PRO, {"model": "3.0", "prompt": "x", "face_count": 50_000.0}),
        (PRO, {"model": "3.0", "multi_view_images": []}),
        (PRO, {"model": "3.0", "multi_view_images": [FRONT, FRONT]}),
        (PRO, {"model": "3.0", "multi_view_images": [FRONT], "prompt": "x"}),
        (PRO, {"model": "3.0", "multi_view_images": [FRONT, {**FRONT, "view_type": "top"}]}),
        (PRO, {"model": "3.0", "multi_view_images": [{**FRONT, "view_type": "back"}]}),
        (PRO, {"model": "3.0", "multi_view_images": [{**FRONT, "image": PNG}]}),
        (TRELLIS, {"prompt": "x"}),
        (TRELLIS, {"image": PNG, "image_url": URL}),
        (TRELLIS, {"image": PNG, "resolution": 1024}),
        (TRELLIS, {"image": PNG, "texture_size": 2048}),
        (TRELLIS, {"image": PNG, "textures": True, "texture_size": 512}),
        (TRELLIS, {"image": PNG, "steps": 51}),
        (TRELLIS, {"image": PNG, "seed": -1}),
        (TRELLIS, {"image": PNG, "enable_pbr": True}),
        (TRELLIS, {"image_url": "file:///etc/passwd"}),
        (f"{TRIPO}/text-to-3d", {"prompt": "x", "version": "v3.1"}),
        (f"{TRIPO}/text-to-3d", {"prompt": "x", "generate_parts": True}),
        (
            f"{TRIPO}/text-to-3d",
            {"prompt": "x", "texture": False, "pbr": False, "generate_parts": True, "quad": True},
        ),
        (f"{TRIPO}/text-to-3d", {"prompt": "x", "face_limit": 499}),
        (f"{TRIPO}/text-to-3d/p1", {"prompt": "x", "negative_prompt": "y" * 256}),
        (f"{TRIPO}/text-to-3d/p1", {"prompt": "x", "quad": True}),
        (f"{TRIPO}/multiview-to-3d", {"images": [{"image": PNG}]}),
        (f"{TRIPO}/multiview-to-3d", {"images": [{"image": PNG}, {}]}),
        (f"{TRIPO}/multiview-to-3d", {"images": [{"image": PNG}] * 5}),
        ("images/gemini/3/pro/generate", {"prompt": "x", "count": 2}),
        ("images/gemini/3/pro/generate", {"prompt": "x", "num_images": 5}),
        ("images/gemini/3/pro/generate", {"prompt": "x", "aspect_ratio": "1:8"}),
        ("images/gemini/3/pro/edit", {"prompt": "x", "images": []}),
        ("images/gemini/3/pro/edit", {"prompt": "x", "images": [PNG] * 15}),
        ("images/gemini/2.5/flash/generate", {"prompt": "x", "output_format": "png"}),
        ("images/seedream/v5/lite/generate", {"prompt": "x", "num_images": 7}),
        ("images/seedream/v5/lite/edit", {"prompt": "x", "image_urls": ["here"]}),
        ("tools/convert", {"output_format": "obj"}),
        ("tools/convert", {"model_url": URL}),
        ("tools/convert", {"model_url": URL, "output_format": "OBJ"}),
        ("tools/convert", {"model_base64": "AAAA", "output_format": "obj"}),
        ("tools/convert", {"model_file": "a.glb", "output_format": "obj"}),
        ("tools/render", {"model_url": URL, "output_format": "mp4"}),
        ("tools/render", {"model_url": URL, "background": "dark grey"}),
        ("tools/repair", {"model_url": URL, "wall_thickness": 2.0}),
        ("tools/optimize", {"model_url": URL, "preset": "max_compression"}),
        ("tools/bake-texture", {"high_poly_model_url": URL, "low_poly_model_url": URL}),
        ("tools/remove-bg", {"image": PNG}),
        ("tools/calculate-volume", {"model_url": URL, "target_heights": "1,,2"}),
        ("tools/calculate-volume", {"model_url": URL, "target_heights": ",".join("1" * 11)}),
        (
            "tools/calculate-volume",
            {"model_url": URL, "target_heights": "1", "target_height": 1},
        ),
        ("flow/miniature", {"image": PNG}),
        ("flow/miniature", {"image": PNG, "preset": "realistic_animal", "scale": "1:0"}),
        ("flow/miniature", {"image": PNG, "preset": "realistic_animal", "scale": "custom"}),
        ("flow/miniature", {"image": PNG, "preset": "realistic_animal", "image_engine": "v3"}),
        ("3d-models/tencent/texture-edit", {"file_url": URL, "image": PNG, "enable_pbr": True}),
        ("3d-models/tencent/texture-edit", {"model_url": URL, "prompt": "x"}),
        (f"{TRIPO}/texture-model", {"model_url": URL, "prompt": "x", "texture": False}),
        (f"{TRIPO}/texture-model", {"model_url": URL, "prompt": "x", "image_url": URL}),
        (f"{TRIPO}/texture-model", {"model_url": URL}),
        ("3d-models/tencent/topology", {"file_url": URL, "face_type": "triangle"}),
        (f"{TRIPO}/convert-model", {"model_url": URL, "format": "3MF", "quad": True}),
        (f"{TRIPO}/convert-model", {"model_url": URL, "format": "GLTF", "quad": True}),
        (f"{TRIPO}/convert-model", {"model_url": URL, "format": "STL", "quad": True}),
        (f"{TRIPO}/mesh-segmentation", {}),
    ],
)
def test_refusals(path: str, body: object) -> None:
    with pytest.raises(ValidationError):
        parse(path, body)


def test_what_is_automatic_is_not_among_the_parameters() -> None:
    topology = parse("3d-models/tencent/topology", {"file_url": URL}).parameters()
    assert (topology["polygon_type"], topology["face_level"]) == (None, None)
    for task in ({"prompt": "x"}, {"prompt": "x", "aspect_ratio": "auto"}):
        flash = parse("images/gemini/2.5/flash/generate", task).parameters()
        assert flash["aspect_ratio"] == "auto"


def test_a_sketch_takes_prompt_and_image() -> None:
    body = {"model": "3.0", "prompt": "x", "image": PNG, "generate_type": "Sketch"}
    assert parse(PRO, body).price() == 60


def test_the_names_that_begin_with_a_digit() -> None:
    body = {"image": PNG, "preset": "realistic_animal", "2d_engine": "v3.2", "3d_engine": "prism"}
    parameters = parse("flow/miniature", body).parameters()
    assert (parameters["2d_engine"], parameters["3d_engine"]) == ("v3.2", "prism")


def test_form_values_are_text_with_one_spelling(tmp_path: Path) -> None:
    model = Upload(tmp_path / "part-0", "a.glb")
    repair = parse_form("tools/repair", model_file=model, hollow="true", wall_thickness="1.5")
    assert (repair.hollow, repair.wall_thickness) == (True, 1.5)
    assert repair.sources()["model"].origin == model
    for wrong in ({"hollow": "yes"}, {"texture_resolution": "1.5"}, {"target_height": "nan"}):
        with pytest.raises(ValidationError):
            parse_form("tools/repair", model_file=model, **wrong)


def test_model_and_address_exclude_each_other(tmp_path: Path) -> None:
    model = Upload(tmp_path / "part-0", "a.glb")
    with pytest.raises(ValidationError):
        parse_form("tools/optimize", model_file=model, model_url=URL)


@pytest.mark.parametrize(
    "uri",
    [
        "data:;base64,AAAA",
        "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
        "data:image/png;base64,####",
        "data:image/png;base64,AAAA",
        data_uri("JPEG", "image/png"),
        PNG[: len(PNG) * 2 // 3],
        PNG.partition(",")[2],
    ],
)
def test_data_uris_hold_a_whole_picture_of_their_type(uri: str) -> None:
    with pytest.raises(NotAnImage):
        check_data_uri(uri)


@pytest.mark.parametrize(
    ("kind", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_three_kinds_of_pictures(kind: str, mime: str) -> None:
    uri = data_uri(kind, mime)
    assert check_data_uri(uri) == uri

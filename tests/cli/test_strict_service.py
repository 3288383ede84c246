"""The strict service is strict: each thing that its documentation does not name is refused."""

import base64
from typing import Any, Final

import pytest
import requests

from tests.patience import seconds
from tests.strict_service.files import FILES, picture
from tests.strict_service.service import StrictService

RAPID: Final = "/v1/3d-models/tencent/generate/rapid/"
PRO: Final = "/v1/3d-models/tencent/generate/pro/"
TRELLIS: Final = "/v1/3d-models/trellis2/generate/"
TRIPO: Final = "/v1/3d-models/tripo/text-to-3d/3.1/"
VIEWS: Final = "/v1/3d-models/tripo/multiview-to-3d/3.1/"
CONVERT: Final = "/v1/tools/convert/"
REMESH: Final = "/v1/3d-models/tripo/convert-model/"
MINIATURE: Final = "/v1/flow/miniature/"


def uri(data: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


PHOTO: Final = uri(FILES["png"])
LINK: Final = "https://files.example.org/model.glb"


def post(strict: StrictService, path: str, **how: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {strict.key}", **how.pop("headers", {})}
    url = strict.address + path
    return requests.post(url, headers=headers, timeout=seconds(10), **how)


REFUSED: Final[list[tuple[str, dict[str, Any], str]]] = [
    (RAPID, {"prompt": "a", "negative_prompt": "b"}, "Unknown field."),
    (RAPID, {"prompt": None}, "may not be null"),
    (RAPID, {"prompt": 7}, "Not a valid str."),
    (RAPID, {"prompt": " "}, "may not be blank"),
    (RAPID, {"prompt": "a" * 1025}, "no more than 1024"),
    (RAPID, {"prompt": "a", "enable_pbr": "true"}, "Not a valid bool."),
    (RAPID, {"prompt": "a", "enable_pbr": 1}, "Not a valid bool."),
    (RAPID, {"prompt": "a", "image": PHOTO}, "exactly one"),
    (RAPID, {}, "exactly one"),
    (RAPID, {"image": base64.b64encode(FILES["png"]).decode()}, "Not a data URI"),
    (RAPID, {"image": uri(FILES["png"], "")}, "Not a data URI"),
    (RAPID, {"image": uri(FILES["png"], "image/jpeg")}, "not image/jpeg"),
    (RAPID, {"image": PHOTO[:-1]}, "Not base64"),
    (RAPID, {"image": uri(b"no picture")}, "valid image"),
    (RAPID, {"image": uri(picture("PNG", 127))}, "128 to 5000"),
    (PRO, {"prompt": "a"}, "required"),
    (PRO, {"model": "3.0", "prompt": "a", "image": PHOTO}, "only for Sketch"),
    (PRO, {"model": "3.0", "prompt": "a", "face_count": "50000"}, "Not a valid int."),
    (PRO, {"model": "3.0", "prompt": "a", "face_count": 39_999}, "greater than or equal to 40000"),
    (PRO, {"model": "3.0", "prompt": "a", "generate_type": "Cartoon"}, "not a valid choice"),
    (PRO, {"model": "3.1", "prompt": "a", "generate_type": "LowPoly"}, "not on model 3.1"),
    (PRO, {"model": "3.0", "prompt": "a", "polygon_type": "triangle"}, "with LowPoly"),
    (PRO, {"model": "3.1", "multi_view_images": [{"view_type": "left"}]}, "view_image"),
    (TRELLIS, {"image": PHOTO, "resolution": 1024}, "Not a valid str."),
    (TRELLIS, {"image": PHOTO, "texture_size": 1024}, "with textures"),
    (TRELLIS, {"image": PHOTO, "textures": True, "texture_size": "1024"}, "Not a valid int."),
    (TRELLIS, {"image_url": "http://files.example.org/a.png"}, "https"),
    (TRIPO, {"prompt": "a", "version": "3.1"}, "Unknown field."),
    (TRIPO, {"prompt": "a", "generate_parts": True}, "to be false"),
    (TRIPO, {"prompt": "a", "face_limit": 499}, "greater than or equal to 500"),
    (TRIPO, {"prompt": "a", "image": PHOTO}, "Unknown field."),
    (VIEWS, {"images": [{"image": PHOTO}]}, "2 to 4"),
    (VIEWS, {"images": [{"image": PHOTO}, {"image": PHOTO, "view": "left"}]}, "Each has one of"),
    (CONVERT, {"model_url": LINK, "model_base64": "aaaa"}, "Unknown field."),
    (CONVERT, {"model_url": "https://files.example.org/model.png"}, "Only glb"),
    (REMESH, {"model_url": LINK, "format": "GLTF"}, "Only multipart"),
    (MINIATURE, {"image": PHOTO, "preset": "miniature_cat"}, "not a valid choice"),
    (
        MINIATURE,
        {"image": PHOTO, "preset": "miniature_animal", "scale": "custom"},
        "required with scale custom",
    ),
    (MINIATURE, {"image": PHOTO, "preset": "miniature_animal", "scale": "ho"}, "Not a scale"),
]


@pytest.mark.parametrize(("path", "body", "said"), REFUSED)
def test_json_that_is_refused(
    strict: StrictService, path: str, body: dict[str, Any], said: str
) -> None:
    answer = post(strict, path, json=body)
    assert (answer.status_code, strict.orders) == (400, [])
    assert said in answer.text
    assert strict.refusals == [answer.json()]


GLB: Final = ("model.glb", FILES["glb"], "model/gltf-binary")
REFUSED_FORMS: Final[list[tuple[str, dict[str, str], dict[str, Any], str]]] = [
    (CONVERT, {"output_format": "obj"}, {"model": GLB}, "Unknown file part"),
    (CONVERT, {"output_format": "obj", "model_url": LINK}, {"model_file": GLB}, "exactly one"),
    (CONVERT, {"max_size": "ten"}, {"model_file": GLB}, "Not a valid float."),
    (CONVERT, {}, {"model_file": ("model.blend", b"BLENDER")}, "not taken"),
    (CONVERT, {}, {"model_file": ("model.glb", FILES["obj"], *GLB[2:])}, "not what the name says"),
    (CONVERT, {}, {"model_file": ("model.glb", FILES["glb"], "image/png")}, "not the type"),
    (REMESH, {"format": "GLTF", "quad": "True"}, {"model": GLB}, "Not a valid bool."),
    (REMESH, {"format": "GLTF", "quad": "true"}, {"model": GLB}, "quad needs"),
    (REMESH, {"format": "FBX", "face_limit": "1.0"}, {"model": GLB}, "Not a valid int."),
    (RAPID, {"prompt": "a"}, {"image": ("a.png", FILES["png"])}, "Unsupported media type"),
]


@pytest.mark.parametrize(("path", "fields", "files", "said"), REFUSED_FORMS)
def test_forms_that_are_refused(
    strict: StrictService, path: str, fields: dict[str, str], files: dict[str, Any], said: str
) -> None:
    answer = post(strict, path, data=fields, files=files)
    assert (answer.status_code, strict.orders) == (400, [])
    assert said in answer.text


def test_who_may_ask_and_where(strict: StrictService) -> None:
    body = {"prompt": "a"}
    for key in ("", "Bearer wrong", strict.key, f"bearer {strict.key}"):
        assert post(strict, RAPID, json=body, headers={"Authorization": key}).status_code == 401
    assert post(strict, RAPID.removesuffix("/"), json=body).status_code == 404
    assert post(strict, "/v1/generate/", json=body).status_code == 404
    data = {"data": b'{"prompt": "a"}'}
    assert post(strict, RAPID, headers={"Content-Type": "text/plain"}, **data).status_code == 400
    strict.balance -= strict.balance
    assert post(strict, RAPID, json=body).status_code == 402
    assert strict.orders == []


def test_the_storage_takes_no_key_and_no_old_link(strict: StrictService) -> None:
    task = post(strict, TRIPO, json={"prompt": "a"}).json()["task_id"]
    url = f"{strict.address}/v1/generation-request/{task}/status/"
    key = {"Authorization": f"Bearer {strict.key}"}
    answers = [requests.get(url, headers=key, timeout=seconds(10)).json() for _ in range(2)]
    assert [answer["status"] for answer in answers] == ["IN_PROGRESS", "FINISHED"]
    link = answers[1]["results"][0]["asset"]
    assert requests.get(link, headers=key, timeout=seconds(10)).status_code == 400
    assert requests.get(link, timeout=seconds(10)).content == FILES["glb"]
    strict.expire_links()
    assert requests.get(link, timeout=seconds(10)).status_code == 403
    assert strict.files_with_key == 1


def test_the_limit(strict: StrictService) -> None:
    strict.rate_limit = 3
    codes = [post(strict, RAPID, json={"prompt": "a"}).status_code for _ in range(4)]
    assert codes == [201, 201, 201, 429]

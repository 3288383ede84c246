"""Validation, defaults and mode inference of requests."""

from collections.abc import Mapping

import pytest

from addon.catalog import InvalidRequest, Mode, UnknownOperation, build_request, get
from addon.catalog.fields import UNNAMED
from addon.catalog.validation import by_name


def problems(operation: str, values: Mapping[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as caught:
        build_request(operation, values)
    return [(problem.field, problem.message) for problem in caught.value.problems]


def test_defaults_are_filled_in() -> None:
    request = build_request("tencent-pro", {"prompt": "a sword"})
    assert request.mode is Mode.TEXT
    assert request.values == {
        "prompt": "a sword",
        "model": "3.0",
        "enable_pbr": False,
        "generate_type": "Normal",
        "face_count": 500_000,
    }


def test_empty_values_count_as_not_given_but_zero_and_false_do_not() -> None:
    request = build_request("trellis", {"image": "a.png", "seed": 0, "textures": False})
    assert request.values["seed"] == 0
    assert request.values["textures"] is False
    assert problems("tencent-rapid", {"prompt": "  ", "image": ""}) == [
        ("prompt", "Hunyuan Rapid needs a prompt or an image.")
    ]


def test_every_problem_is_reported_at_once_in_plain_words() -> None:
    found = problems("tencent-pro", {"prompt": "x" * 1130, "face_count": 39_999, "promt": "y"})
    assert found == [
        ("promt", 'Hunyuan Pro has no field "promt". Did you mean "prompt"?'),
        ("prompt", "Prompt is 1 130 characters; the service takes 1 024."),
        ("face_count", "Face Count is 39 999; the least is 40 000."),
    ]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("enable_pbr", "yes", "PBR Textures must be true or false."),
        ("face_count", 50_000.5, "Face Count must be a whole number."),
        ("face_count", True, "Face Count must be a whole number."),
        ("prompt", 7, "Prompt must be text."),
    ],
)
def test_wrong_types_are_named(field: str, value: object, message: str) -> None:
    assert (field, message) in problems("tencent-pro", {"prompt": "a", field: value})


def test_a_field_that_is_given_under_two_names_is_refused() -> None:
    """Of two, the one that was not meant might be paid for."""
    words = "model_file and model_url are the same field: give one of them."
    twice = {"model_file": "a.glb", "model_url": "https://example.com/b.glb"}
    assert problems("repair", twice) == [("model_file", words)]
    assert problems("repair", by_name(get("repair"), twice)) == [("model_file", words)]
    once = {"model_file": "", "model_url": "a.glb"}
    assert build_request("repair", once).values["model_file"] == "a.glb"
    assert by_name(get("repair"), once) == {"model_file": "a.glb"}


@pytest.mark.parametrize("field", ["steps", "decimation_target", "seed"])
def test_a_number_of_any_length_is_answered_in_words(field: str) -> None:
    found = problems("trellis", {"image": "a.png", field: 10**400})
    assert [name for name, _ in found] == [field]


@pytest.mark.parametrize("heights", [["0"], ["5", "-1"], [5, 0.0]])
def test_heights_of_nothing_are_not_paid_for(heights: list[object]) -> None:
    found = problems("volume", {"model_file": "a.glb", "target_heights": heights})
    assert found == [("target_heights", f"Heights: {heights[-1]} is no length.")]


def test_prompt_and_image_together_only_for_sketch() -> None:
    both = {"prompt": "a fox", "image": "fox.png"}
    assert problems("tencent-rapid", both) == [
        ("prompt", "Give Hunyuan Rapid an image or a prompt, not both.")
    ]
    assert problems("tencent-pro", both)[0][0] == "prompt"
    sketch = build_request("tencent-pro", {**both, "generate_type": "Sketch"})
    assert (sketch.mode, sketch.values["prompt"]) == (Mode.IMAGE, "a fox")


def test_a_mode_the_operation_does_not_have_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"TRELLIS\.2 does not start from a prompt"):
        build_request("trellis", {"image": "a.png"}, Mode.TEXT)


def test_views_keep_the_declared_order_and_need_a_front() -> None:
    request = build_request("tripo", {"images": {"left": "l.png", "front": "f.png"}})
    views = request.values["images"]
    assert isinstance(views, Mapping)
    assert list(views) == ["front", "left"]
    assert problems("tripo", {"images": {"front": "f.png", "back": "b.png"}}) == [
        (
            "images",
            (
                "Views go in the order front, left, back, right: add the left view "
                "or leave the back view out."
            ),
        )
    ]
    assert problems("tripo", {"images": {"left": "l.png", "back": "b.png"}}) == [
        ("images", "Views need a front view.")
    ]
    assert problems("tripo", {"images": {"front": "f.png"}}) == [
        ("images", "Views: 1 given, at least 2 needed.")
    ]


def test_views_of_model_3_1_are_refused_on_3_0() -> None:
    views = {"multi_view_images": {"front": "f.png", "top": "t.png"}}
    assert problems("tencent-pro", views)[0][0] == "multi_view_images"
    assert build_request("tencent-pro", {**views, "model": "3.1"}).mode is Mode.MULTI_VIEW


@pytest.mark.parametrize("kind", ["LowPoly", "Sketch"])
def test_types_model_3_1_lacks(kind: str) -> None:
    values = {"image": "a.png", "model": "3.1", "generate_type": kind}
    assert ("generate_type", "Low Poly and Sketch need model 3.0.") in problems(
        "tencent-pro", values
    )


def test_a_field_that_does_not_apply_says_when_it_would() -> None:
    found = problems("tencent-pro", {"prompt": "a", "polygon_type": "quadrilateral"})
    assert found == [("polygon_type", "Polygons only applies when Type is LowPoly.")]


def test_older_values_are_accepted_without_being_offered() -> None:
    request = build_request("tencent-pro", {"prompt": "a", "generate_type": "Cartoon"})
    assert request.values["generate_type"] == "Cartoon"
    offered = get("tencent-pro").field("generate_type").offered_choices()
    assert "Cartoon" not in [choice.value for choice in offered]


def test_a_hidden_field_can_still_have_to_say_no() -> None:
    request = build_request("tripo", {"prompt": "a", "texture": False})
    assert request.values["pbr"] is False
    assert "texture_quality" not in request.values


def test_scales_follow_a_pattern() -> None:
    base = {"image": "a.png", "preset": "v4_miniature_general"}
    assert build_request("miniature", {**base, "scale": "1:150"}).values["scale"] == "1:150"
    message = problems("miniature", {**base, "scale": "1:"})[0][1]
    assert message.endswith("or a value such as 1:150.")
    assert ("scale_height_cm", "Height is missing.") in problems(
        "miniature", {**base, "scale": "custom"}
    )


@pytest.mark.parametrize(
    ("operation", "values", "form", "unable", "able"),
    [
        ("convert-model", {"quad": True}, "format", "GLTF STL 3MF", "USDZ, FBX, OBJ"),
        ("topology", {"polygon_type": "quadrilateral"}, "output_format", "STL", "OBJ, FBX, USDZ"),
        ("repair", {"topology": "quads"}, "output_format", "glb stl", "obj, ply, fbx"),
    ],
)
def test_quads_need_a_format_that_holds_them(
    operation: str, values: dict[str, object], form: str, unable: str, able: str
) -> None:
    (asked,) = values
    order = {"model_url": "https://a.example/a.glb", **values}
    for name in unable.split():
        message = f"Only these formats can hold quads: {able}."
        assert problems(operation, {**order, form: name}) == [(asked, message)]
        without = {"model_url": order["model_url"], form: name}
        assert build_request(operation, without).values[form] == name
    for name in able.split(", "):
        assert build_request(operation, {**order, form: name}).values[form] == name


def test_a_picture_tool_that_would_do_nothing_is_not_paid_for() -> None:
    nothing = {"image": "a.png", "enhance": False}
    ((field, message),) = problems("image-enhance", nothing)
    assert (field, message.startswith("There is nothing to do")) == ("enhance", True)
    assert build_request("image-enhance", {**nothing, "remove_bg": True}).values["remove_bg"]


@pytest.mark.parametrize(
    ("operation", "field", "example"),
    [
        ("tripo", "version", "3.2"),
        ("tencent-pro", "model", "3.5"),
        ("miniature", "scale", "1:150"),
    ],
)
def test_a_further_value_that_is_not_named_is_asked_for(
    operation: str, field: str, example: str
) -> None:
    given = {"image": "a.png", "preset": "v4_miniature_general", field: UNNAMED}
    known = {name: value for name, value in given.items() if name in get(operation).labels()}
    label = get(operation).field(field).label
    assert problems(operation, known) == [(field, f"Give {label} a value, such as {example}.")]


def test_a_style_image_alone_says_how_it_should_look() -> None:
    model = {"model_file": "a.glb"}
    styled = build_request("texture-model", {**model, "style_image": "s.png"})
    assert styled.values["style_image"] == "s.png"
    wanted = "Say how it should look: give a prompt, an image or a style image."
    assert problems("texture-model", model) == [("prompt", wanted)]
    both = {**model, "style_image": "s.png", "prompt": "a", "image": "i.png"}
    assert problems("texture-model", both)[0][0] == "image"


def test_a_local_file_where_only_an_address_is_taken() -> None:
    found = problems("topology", {"file_url": "model.glb"})
    assert found == [("file_url", "Model takes an http(s) address, not a local file.")]


def test_unknown_operation_says_what_was_meant() -> None:
    with pytest.raises(UnknownOperation, match='Did you mean "trellis"'):
        get("trelis")

"""What goes over the wire, field for field."""

from addon.catalog import WireRequest, build_request, encode


def read(picture: str) -> str:
    return f"data:image/png;base64,<{picture}>"


def wire(operation: str, **values: object) -> WireRequest:
    return encode(build_request(operation, values), read)


def test_pictures_are_embedded_and_addresses_go_where_they_are_taken() -> None:
    rapid = wire("tencent-rapid", image="a.png")
    assert rapid.json is not None
    assert rapid.json["image"] == read("a.png")
    trellis = wire("trellis", image="https://example.org/a.png", texture_size="4096")
    assert trellis.json == {
        "image_url": "https://example.org/a.png",
        "resolution": "1024",
        "textures": True,
        "texture_size": 4096,
        "decimation_target": 1_000_000,
        "steps": 12,
        "generate_thumbnail": False,
    }


def test_views_become_named_entries_or_a_plain_list() -> None:
    pro = wire("tencent-pro", multi_view_images={"front": "f.png", "back": "b.png"})
    assert pro.json is not None
    assert pro.json["multi_view_images"] == [
        {"view_type": "front", "view_image": read("f.png")},
        {"view_type": "back", "view_image": read("b.png")},
    ]
    tripo = wire("tripo", images={"front": "f.png", "left": "https://example.org/l.png"})
    assert tripo.json is not None
    assert tripo.json["images"] == [
        {"image": read("f.png")},
        {"image_url": "https://example.org/l.png"},
    ]


def test_the_version_is_in_the_address_only() -> None:
    request = wire("tripo", prompt="a", version="v3.0")
    assert request.path == "/v1/3d-models/tripo/text-to-3d/3.0/"
    assert request.json is not None
    assert "version" not in request.json


def test_a_local_model_is_a_file_part_and_scalars_become_text() -> None:
    repair = wire("repair", model_file="a.glb", hollow=True, target_height=12)
    assert repair.json is None
    assert repair.files == {"model_file": "a.glb"}
    assert repair.form is not None
    assert repair.form["hollow"] == "true"
    assert repair.form["wall_thickness"] == "2.0"
    assert repair.form["target_height"] == "12.0"
    by_address = wire("repair", model_url="https://example.org/a.glb")
    assert by_address.files == {}
    assert by_address.json is not None
    assert by_address.json["model_url"] == "https://example.org/a.glb"


def test_lists_of_numbers_are_comma_text() -> None:
    volume = wire("volume", model_file="a.glb", target_heights=[5, 10.5])
    assert volume.form is not None
    assert volume.form["target_heights"] == "5,10.5"


def test_pictures_turn_generation_into_editing() -> None:
    assert wire("image-gemini25flash", prompt="a").path.endswith("/generate/")
    edit = wire("image-gemini25flash", prompt="a", images=["x.png"])
    assert edit.path == "/v1/images/gemini/2.5/flash/edit/"
    assert edit.json is not None
    assert edit.json["images"] == [read("x.png")]
    assert "output_format" not in edit.json


def test_a_converter_that_asks_more_for_what_is_set_is_told_only_what_differs() -> None:
    bare = wire("convert-model", model_file="a.glb", texture_format="JPEG", bake=True)
    assert bare.form == {"format": "GLTF"}
    chosen = {"format": "FBX", "quad": True, "bake": False, "scale_factor": 2.0}
    told = wire("convert-model", model_file="a.glb", fbx_preset="mixamo", **chosen)
    assert told.form == {
        "format": "FBX",
        "quad": "true",
        "bake": "false",
        "scale_factor": "2.0",
        "fbx_preset": "mixamo",
    }


def test_what_is_left_to_the_service_is_not_sent() -> None:
    address = "https://example.org/a.glb"
    topology = wire("topology", file_url=address)
    assert topology.json == {"file_url": address, "file_type": "GLB", "output_format": "OBJ"}
    wanted = wire("topology", file_url=address, polygon_type="quadrilateral", face_level="low")
    assert wanted.json is not None
    assert (wanted.json["polygon_type"], wanted.json["face_level"]) == ("quadrilateral", "low")
    render = wire("render", model_url=address)
    assert render.json is not None
    assert {"resolution", "background", "ground_shadow"}.isdisjoint(render.json)
    shadow = wire("render", model_url=address, ground_shadow=False)
    assert shadow.json is not None
    assert shadow.json["ground_shadow"] is False


def test_every_gemini_keeps_the_shape_of_a_picture_unless_told_otherwise() -> None:
    for engine in ("image-gemini25flash", "image-gemini31flash", "image-gemini3pro"):
        edit = wire(engine, prompt="a", images=["x.png"])
        assert edit.json is not None
        assert edit.json["aspect_ratio"] == "auto"


def test_names_that_are_not_identifiers_here_are_the_services_on_the_wire() -> None:
    miniature = wire("miniature", image="a.png", preset="v4_miniature_general")
    assert miniature.json is not None
    assert (miniature.json["2d_engine"], miniature.json["3d_engine"]) == ("v3", "hunyuan")

"""Every endpoint of the documentation: fields, rules, prices and results, each said once here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.strict_service.values import (
    ALWAYS,
    DATA_URI,
    HEIGHTS,
    NAMED_VIEWS,
    PICTURE_OR_ADDRESS,
    SCALE,
    VIEWS,
    Value,
    address,
    choice,
    number,
    pictures,
    switch,
    text,
    whole,
)

Body = Mapping[str, Any]
Rule = Callable[[Body], str]
"""What is wrong with a body whose fields are all right by themselves; "" if nothing is."""
Results = tuple[tuple[str, str], ...]
"""Asset types with the file's ending; no ending means no file."""

MODEL, ARCHIVE, IMAGE, EDITED, SCALED = (
    "3D_MODEL",
    "ARCHIVE",
    "IMAGE",
    "EDITED_IMAGE",
    "SCALED_3D_MODEL",
)
GLB: Final[Results] = ((MODEL, "glb"),)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What one POST takes. ``files`` are multipart parts and the endings they may have.

    ``price`` gives the least and the most it costs where the documentation has no exact figure.
    """

    fields: Mapping[str, Value]
    price: Callable[[Body], int | tuple[int, int]]
    results: Callable[[Body], Results]
    required: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    takes_json: bool = True


def one_of(*names: str) -> Rule:
    """Exactly one of them is there."""

    def check(body: Body) -> str:
        given = [name for name in names if name in body]
        return "" if len(given) == 1 else f"Give exactly one of {', '.join(names)}."

    return check


def at_most_one(*names: str) -> Rule:
    """Not two of them."""

    def check(body: Body) -> str:
        given = [name for name in names if name in body]
        return "" if len(given) <= 1 else f"{' and '.join(given)} exclude each other."

    return check


def at_least_one(*names: str) -> Rule:
    """One of them, or more."""
    return lambda body: "" if any(n in body for n in names) else f"Give one of {', '.join(names)}."


def only(name: str, when: Callable[[Body], bool], words: str) -> Rule:
    """The field is only there under a condition."""
    return lambda body: f"{name} only {words}." if name in body and not when(body) else ""


def never(when: Callable[[Body], bool], words: str) -> Rule:
    """This is refused."""
    return lambda body: words if when(body) else ""


def fixed(price: int) -> Callable[[Body], int]:
    """One price for everything."""
    return lambda _: price


def always(*results: tuple[str, str]) -> Callable[[Body], Results]:
    """The same kinds of result each time."""
    return lambda _: results


# ---------------------------------------------------------------- 3D generation

RAPID: Final = Endpoint(
    fields={
        "prompt": text(1024),
        "image": DATA_URI,
        "enable_pbr": switch(False),
        "enable_geometry": switch(False),
    },
    rules=(one_of("prompt", "image"),),
    price=lambda body: 35 + 20 * body.get("enable_pbr", False),
    results=always((ARCHIVE, "zip")),
)


def _pro_start(body: Body) -> str:
    given = {"prompt", "image", "multi_view_images"}.intersection(body)
    if given == {"prompt", "image"}:
        return "" if body.get("generate_type") == "Sketch" else "prompt and image: only for Sketch."
    return "" if len(given) == 1 else "Give a prompt, an image or views."


def _pro_views(body: Body) -> str:
    names = {view["view_type"] for view in body.get("multi_view_images", ())}
    return "3.0 takes front, left, right, back." if names - set(VIEWS) else ""


PRO: Final = Endpoint(
    fields={
        "model": choice("3.0", "3.1", default=ALWAYS),
        "prompt": text(1024),
        "image": DATA_URI,
        "multi_view_images": NAMED_VIEWS,
        "enable_pbr": switch(False),
        "face_count": whole(40_000, 1_500_000, 500_000),
        "generate_type": choice("Normal", "LowPoly", "Geometry", "Sketch", default="Normal"),
        "polygon_type": choice("triangle", "quadrilateral", default="triangle"),
    },
    required=("model",),
    rules=(
        _pro_start,
        lambda body: _pro_views(body) if body["model"] == "3.0" else "",
        never(
            lambda b: b["model"] == "3.1" and b.get("generate_type") in {"LowPoly", "Sketch"},
            "LowPoly and Sketch are not on model 3.1.",
        ),
        only("polygon_type", lambda b: b.get("generate_type") == "LowPoly", "with LowPoly"),
    ),
    price=lambda b: 60 + 20 * b.get("enable_pbr", False) + 20 * ("multi_view_images" in b),
    results=always((ARCHIVE, "zip"), (MODEL, "glb")),
)

TRELLIS_PRICES: Final = {
    "512": {None: 15, 1024: 25, 2048: 25, 4096: 30},
    "1024": {None: 20, 1024: 30, 2048: 30, 4096: 40},
    "1536": {None: 25, 1024: 40, 2048: 40, 4096: 55},
}


def _trellis_price(body: Body) -> int:
    size = body.get("texture_size", 2048) if body.get("textures") else None
    price: int = TRELLIS_PRICES[body.get("resolution", "1024")][size]
    return price + (2 if body.get("generate_thumbnail") else 0)


TRELLIS: Final = Endpoint(
    fields={
        "image": DATA_URI,
        "image_url": address(),
        "resolution": choice("512", "1024", "1536", default="1024"),
        "steps": whole(1, 50, 12),
        "textures": switch(ALWAYS),  # off by default, and a model is wanted with them
        "texture_size": choice(1024, 2048, 4096, default=2048),
        "decimation_target": whole(1_000, 16_000_000, 1_000_000),
        "seed": whole(0),
        "generate_thumbnail": switch(False),
    },
    rules=(
        one_of("image", "image_url"),
        only("texture_size", lambda body: bool(body.get("textures")), "with textures"),
    ),
    price=_trellis_price,
    results=always(*GLB),
)

LOOKS: Final = {
    "texture": switch(True),
    "pbr": switch(True),
    "texture_quality": choice("standard", "detailed", default="standard"),
    "texture_seed": whole(),
    "auto_size": switch(False),
    "export_uv": switch(True),
    "compress": choice("geometry"),
}
TRIPO_FIELDS: Final = {
    **LOOKS,
    "geometry_quality": choice("standard", "detailed", default="standard"),
    "face_limit": whole(500, 500_000),
    "quad": switch(False),
    "smart_low_poly": switch(False),
    "generate_parts": switch(False),
}
FROM_PICTURES: Final = {
    "texture_alignment": choice("original_image", "geometry", default="original_image"),
    "orientation": choice("default", "align_image", default="default"),
}
FROM_IMAGE: Final = {
    **FROM_PICTURES,
    "image": DATA_URI,
    "image_url": address(),
    "enable_image_autofix": switch(False),
}
FROM_VIEWS: Final = {**FROM_PICTURES, "images": pictures(2, 4, item=("image", "image_url"))}


def _texture_price(body: Body) -> int:
    detailed = body.get("texture_quality") == "detailed"
    return (40 if detailed else 20) if body.get("texture", True) else 0


def tripo(base: int, own: Mapping[str, Value], *required: str, rules: tuple[Rule, ...]) -> Endpoint:
    """Tripo 3.x from one kind of start."""

    def price(body: Body) -> int:
        more = {"quad": 10, "smart_low_poly": 20, "generate_parts": 40}
        extras = sum(each for name, each in more.items() if body.get(name))
        fine = 40 if body.get("geometry_quality") == "detailed" else 0
        return base + _texture_price(body) + fine + extras

    parts = never(
        lambda b: bool(b.get("generate_parts")) and (b.get("texture", True) or b.get("pbr", True)),
        "generate_parts requires texture and pbr to be false.",
    )
    not_both = never(
        lambda b: bool(b.get("generate_parts") and b.get("quad")),
        "quad and generate_parts exclude each other.",
    )
    return Endpoint(
        fields={**TRIPO_FIELDS, **own},
        required=required,
        rules=(parts, not_both, *rules),
        price=price,
        results=lambda body: ((MODEL, "fbx"),) if body.get("quad") else GLB,
    )


def p1(base: int, own: Mapping[str, Value], *required: str, rules: tuple[Rule, ...]) -> Endpoint:
    """Tripo P1 from one kind of start."""
    return Endpoint(
        fields={**LOOKS, "model_seed": whole(), "face_limit": whole(48, 20_000), **own},
        required=required,
        rules=rules,
        price=lambda body: base + _texture_price(body),
        results=always(*GLB),
    )


ONE_PICTURE: Final = (one_of("image", "image_url"),)
WORDS: Final = {"prompt": text(1024), "negative_prompt": text(1024)}
TRIPO: Final = {
    "text": tripo(20, WORDS, "prompt", rules=()),
    "image": tripo(40, FROM_IMAGE, rules=ONE_PICTURE),
    "multiview": tripo(40, FROM_VIEWS, "images", rules=()),
}
P1_WORDS: Final = {"prompt": text(1024), "negative_prompt": text(255), "image_seed": whole()}
P1: Final = {
    "text": p1(60, P1_WORDS, "prompt", rules=()),
    "image": p1(80, FROM_IMAGE, rules=ONE_PICTURE),
    "multiview": p1(80, FROM_VIEWS, "images", rules=()),
}

# ---------------------------------------------------------------- images

RATIOS: Final = ("auto", "21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16")
MORE_RATIOS: Final = (*RATIOS, "1:4", "4:1", "1:8", "8:1")
SIZES: Final = (
    *("square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"),
    *("auto_2K", "auto_3K"),
)


def painter(
    fields: Mapping[str, Value], each: Callable[[Body], int | tuple[int, int]], most: int
) -> Endpoint:
    """An image model without pictures to start from."""

    def price(body: Body) -> int | tuple[int, int]:
        count, one = body.get("num_images", 1), each(body)
        return count * one if isinstance(one, int) else (count * one[0], count * one[1])

    def results(body: Body) -> Results:
        named = body.get("output_format", "png")
        return ((IMAGE, "jpg" if named == "jpeg" else named),) * int(body.get("num_images", 1))

    return Endpoint(
        fields={"prompt": text(), "num_images": whole(1, most, 1), **fields},
        required=("prompt",),
        price=price,
        results=results,
    )


def editing(endpoint: Endpoint, name: str, given: Value) -> Endpoint:
    """The same with pictures to start from."""
    return Endpoint(
        fields={**endpoint.fields, name: given},
        required=(*endpoint.required, name),
        price=endpoint.price,
        results=endpoint.results,
    )


FORMAT: Final = choice("png", "jpeg", "webp", default="png")
GEMINI_3: Final = painter(
    {
        "output_format": FORMAT,
        "aspect_ratio": choice(*RATIOS, default="auto"),
        "resolution": choice("1K", "2K", "4K", default="1K"),
    },
    lambda body: 80 if body.get("resolution") == "4K" else 50,
    4,
)
GEMINI_31: Final = painter(
    {
        "output_format": FORMAT,
        "aspect_ratio": choice(*MORE_RATIOS, default="auto"),
        "resolution": choice("512px", "1K", "2K", "4K", default="1K"),
    },
    lambda _: (10, 25),
    4,
)
GEMINI_25: Final = painter({"aspect_ratio": choice(*RATIOS, default="auto")}, fixed(5), 4)
SEEDREAM: Final = painter(
    {
        "image_size": choice(*SIZES, default="auto_2K"),
        "seed": whole(0),
        "enable_safety_checker": switch(True),
    },
    fixed(10),
    6,
)

# ---------------------------------------------------------------- tools

ANY_MODEL: Final = ("glb", "gltf", "obj", "stl", "ply", "fbx", "usdz", "zip")
UNITS: Final = ("cm", "mm", "m", "in")
UNIT: Final = choice(*UNITS, default="cm")


def tool(
    fields: Mapping[str, Value],
    price: Callable[[Body], int | tuple[int, int]],
    results: Callable[[Body], Results],
    *rules: Rule,
    takes: tuple[str, ...] = ANY_MODEL,
) -> Endpoint:
    """A tool for models: by address in JSON, or by file in multipart."""
    return Endpoint(
        fields={"model_url": address(*takes), **fields},
        files={"model_file": takes},
        rules=(one_of("model_url", "model_file"), *rules),
        price=price,
        results=results,
    )


CONVERTED: Final = ("glb", "obj", "obj_zip", "stl", "ply", "fbx", "fbx_zip", "usdz", "3mf")


def _converted(body: Body) -> Results:
    chosen = body["output_format"]
    return ((ARCHIVE, "zip"),) if chosen.endswith("_zip") else ((MODEL, chosen),)


CONVERT: Final = tool(
    {
        "output_format": choice(*CONVERTED, default=ALWAYS),
        "max_size": number(),
        "unit": UNIT,
    },
    fixed(10),
    lambda body: _converted({"output_format": "glb", **body}),
)

TURNTABLES: Final = {"turntable_4": 4, "turntable_8": 8, "turntable_12": 12}


def _rendered(body: Body) -> Results:
    if body.get("output_type") == "video":
        return ((IMAGE, "mp4"),)
    return ((IMAGE, "png"),) * TURNTABLES.get(body.get("angle", ""), 1)


RENDER: Final = tool(
    {
        "output_type": choice("image", "video", default="image"),
        "angle": choice(
            *("front", "back", "left", "right", "top", "3/4", "isometric", *TURNTABLES),
            default="3/4",
        ),
        "resolution": whole(high=4096),
        "lighting": choice("studio", default="studio"),
        "background": text(),
        "ground_shadow": switch(),
    },
    lambda b: 20 if b.get("output_type") == "video" or b.get("angle") in TURNTABLES else 5,
    _rendered,
    takes=("glb", "obj", "stl", "ply", "fbx", "zip"),
)

REPAIR: Final = tool(
    {
        "output_format": choice("glb", "stl", "obj", "ply", "fbx", default="glb"),
        "hollow": switch(False),
        "wall_thickness": number(default=2.0),
        "target_height": number(),
        "unit": UNIT,
        "quality": choice("low", "default", "max", default="default"),
        "topology": choice("tris", "quads", default="tris"),
        "texture_resolution": whole(default=4096),
        "bake_textures": switch(True),
    },
    lambda body: 90 if body.get("hollow") else 60,
    lambda body: ((MODEL, body.get("output_format", "glb")),),
    only("wall_thickness", lambda body: bool(body.get("hollow")), "with hollow"),
)

OPTIMIZE: Final = tool(
    {"preset": choice("default", "low", default="default"), "max_texture_size": whole()},
    fixed(10),
    always(*GLB),
)

VOLUME: Final = tool(
    {"target_height": number(), "target_heights": HEIGHTS, "unit": UNIT},
    fixed(20),
    always((MODEL, "")),
    at_most_one("target_height", "target_heights"),
)

BAKE: Final = Endpoint(
    fields={
        "original_url": address("glb", "gltf"),
        "retopo_url": address("glb", "gltf", "obj", "fbx"),
        "texture_resolution": whole(high=8192),
        "output_format": choice("glb", default="glb"),
    },
    required=("original_url", "retopo_url"),
    price=fixed(5),
    results=always(*GLB),
)

PICTURE_FILES: Final = ("png", "jpg", "jpeg", "webp")
QUALITIES: Final = {"low": 3, "medium": 4, "high": 5}


def picture_tool(
    fields: Mapping[str, Value],
    price: Callable[[Body], int | tuple[int, int]],
    results: Callable[[Body], Results],
) -> Endpoint:
    """A tool for pictures: by address in JSON, or by file in multipart."""
    return Endpoint(
        fields={"image_url": address(), **fields},
        files={"image_file": PICTURE_FILES},
        rules=(one_of("image_url", "image_file"),),
        price=price,
        results=results,
    )


REMOVE_BG: Final = picture_tool(
    {
        # Which of them is the default is not said, and the price depends on it.
        "quality": choice(*QUALITIES, default=ALWAYS),
        "return_mask": switch(False),
    },
    lambda body: QUALITIES[body["quality"]] if "quality" in body else (3, 5),
    always((IMAGE, "png")),
)
ENHANCE: Final = picture_tool(
    {
        "enhance": switch(True),
        "mode": choice("enhance", "restore", default="enhance"),
        "remove_bg": switch(False),
        "remove_bg_quality": choice(*QUALITIES),
    },
    lambda body: 20 if body.get("remove_bg") else 15,
    lambda body: ((EDITED, "png"),) * (2 if body.get("remove_bg") else 1),
)

# ---------------------------------------------------------------- texturing, remeshing

TEXTURE_EDIT: Final = Endpoint(
    fields={
        "file_url": address("fbx"),
        "prompt": text(1024),
        "image": DATA_URI,
        "enable_pbr": switch(False),
    },
    required=("file_url",),
    rules=(
        one_of("prompt", "image"),
        only("enable_pbr", lambda body: "prompt" in body, "with prompt"),
    ),
    price=fixed(80),
    results=always(*GLB),
)


TOPOLOGY: Final = Endpoint(
    fields={
        "file_url": address("glb", "obj"),
        "file_type": choice("GLB", "OBJ", default="GLB"),
        "polygon_type": choice("triangle", "quadrilateral"),
        "face_level": choice("high", "medium", "low"),
        "output_format": choice("OBJ", "FBX", "STL", "USDZ", default="OBJ"),
    },
    required=("file_url",),
    price=fixed(100),
    results=lambda body: ((MODEL, body.get("output_format", "OBJ").lower()),),
)

TEXTURE_MODEL: Final = Endpoint(
    fields={
        "model_url": address(*ANY_MODEL),
        "prompt": text(1024),
        "image_url": address(),
        "style_image_url": address(),
        "texture": switch(True),
        "pbr": switch(True),
        "texture_quality": choice("standard", "detailed", default="standard"),
        "texture_alignment": choice("original_image", "geometry", default="original_image"),
        "texture_seed": whole(),
        "compress": choice("geometry"),
        "bake": switch(True),
    },
    files={"model": ANY_MODEL, "image": PICTURE_FILES, "style_image": PICTURE_FILES},
    rules=(
        one_of("model", "model_url"),
        at_most_one("prompt", "image", "image_url"),
        at_most_one("style_image", "style_image_url"),
        at_least_one("prompt", "image", "image_url", "style_image", "style_image_url"),
        never(
            lambda b: not b.get("texture", True) and b.get("texture_quality") != "detailed",
            "texture must stay true when texture_quality is standard.",
        ),
    ),
    price=lambda body: (
        (40 if body.get("texture_quality") == "detailed" else 20)
        + 10 * ("style_image" in body or "style_image_url" in body)
    ),
    results=always(*GLB),
    takes_json=False,
)

FORMATS: Final = {
    "GLTF": "glb",
    "USDZ": "usdz",
    "FBX": "fbx",
    "OBJ": "obj",
    "STL": "stl",
    "3MF": "3mf",
}
TEXTURES: Final = ("BMP", "DPX", "HDR", "JPEG", "OPEN_EXR", "PNG", "TARGA", "TIFF", "WEBP")
CONVERT_MODEL: Final = Endpoint(
    fields={
        "model_url": address(*ANY_MODEL),
        "format": choice(*FORMATS, default=ALWAYS),
        "quad": switch(),
        "force_symmetry": switch(),
        "face_limit": whole(1),
        "flatten_bottom": switch(),
        "flatten_bottom_threshold": number(),
        "pivot_to_center_bottom": switch(),
        "scale_factor": number(),
        "texture_size": whole(1, 4096),
        "texture_format": choice(*TEXTURES),
        "bake": switch(),
        "pack_uv": switch(),
        "with_animation": switch(),
        "fbx_preset": choice("blender", "mixamo", "3dsmax"),
    },
    files={"model": ANY_MODEL},
    required=("format",),
    rules=(
        one_of("model", "model_url"),
        never(
            lambda b: bool(b.get("quad")) and b["format"] in {"GLTF", "STL", "3MF"},
            "quad needs FBX, OBJ or USDZ.",
        ),
    ),
    price=lambda body: 20 if body.get("quad") else 10,
    results=lambda body: ((MODEL, FORMATS[body["format"]]),),
    takes_json=False,
)

SEGMENTATION: Final = Endpoint(
    fields={"model_url": address(*ANY_MODEL)},
    files={"model": ANY_MODEL},
    rules=(one_of("model", "model_url"),),
    price=fixed(80),
    results=always(*GLB),
    takes_json=False,
)

# ---------------------------------------------------------------- flow

BODY: Final = "miniature_human_full_body"
PRESETS: Final = (
    *(BODY, "miniature_human_bust", "miniature_animal", "miniature_object"),
    *(f"v2_{BODY}", "v2_miniature_human_bust", "v2_miniature_animal", "v2_miniature_object"),
    *(f"v3_{BODY}", "v3_miniature_human_bust", "v3_miniature_animal", "v3_miniature_object"),
    *(f"v3_{BODY}_crossed_arms", f"v3_{BODY}_hands_on_hips", f"v3_{BODY}_thumbs_up"),
    *(f"v3_{BODY}_hands_in_pockets", f"v3_{BODY}_arms_behind_back", f"v3_{BODY}_waving"),
    *(f"v4_{BODY}", "v4_miniature_general"),
    *("realistic_human_full_body", "realistic_human_bust", "realistic_animal", "realistic_object"),
)


def _figurine(body: Body) -> Results:
    scaled = ((SCALED, "glb"), (ARCHIVE, "zip")) if body.get("scale", "none") != "none" else ()
    return ((EDITED, "png"), (MODEL, "glb"), *scaled)


MINIATURE: Final = Endpoint(
    fields={
        "image": DATA_URI,
        "preset": choice(*PRESETS, default=ALWAYS),
        "edition": choice("default", "fast", default="default"),
        "2d_engine": choice("v3", "v3.1", "v3.2", default="v3"),
        "3d_engine": choice("hunyuan", "prism", default="hunyuan"),
        "scale": SCALE,
        "scale_height_cm": number(high=100, check=lambda v: "" if v > 0 else "Above 0."),
        "face_count": whole(3_000, 1_500_000),
        "obj_scale_multiplier": number(default=1000),
    },
    required=("image", "preset"),
    rules=(
        never(
            lambda b: b.get("scale") == "custom" and "scale_height_cm" not in b,
            "scale_height_cm is required with scale custom.",
        ),
        only("scale_height_cm", lambda b: b.get("scale") == "custom", "with scale custom"),
    ),
    price=lambda body: 200 if body.get("edition") == "fast" else 300,
    results=_figurine,
)

ENDPOINTS: Final[dict[str, Endpoint]] = {
    "/v1/3d-models/tencent/generate/rapid/": RAPID,
    "/v1/3d-models/tencent/generate/pro/": PRO,
    "/v1/3d-models/trellis2/generate/": TRELLIS,
    **{
        f"/v1/3d-models/tripo/{start}-to-3d/{version}": endpoint
        for start, endpoint in TRIPO.items()
        for version in ("", "3.0/", "3.1/")
    },
    **{f"/v1/3d-models/tripo/{start}-to-3d/p1/": endpoint for start, endpoint in P1.items()},
    "/v1/images/gemini/3/pro/generate/": GEMINI_3,
    "/v1/images/gemini/3/pro/edit/": editing(GEMINI_3, "images", pictures(1, 14)),
    "/v1/images/gemini/3.1/flash/generate/": GEMINI_31,
    "/v1/images/gemini/3.1/flash/edit/": editing(GEMINI_31, "images", pictures(1, 14)),
    "/v1/images/gemini/2.5/flash/generate/": GEMINI_25,
    "/v1/images/gemini/2.5/flash/edit/": editing(GEMINI_25, "images", pictures(1, 14)),
    "/v1/images/seedream/v5/lite/generate/": SEEDREAM,
    "/v1/images/seedream/v5/lite/edit/": editing(
        SEEDREAM, "image_urls", pictures(1, 10, PICTURE_OR_ADDRESS)
    ),
    "/v1/tools/convert/": CONVERT,
    "/v1/tools/render/": RENDER,
    "/v1/tools/repair/": REPAIR,
    "/v1/tools/optimize/": OPTIMIZE,
    "/v1/tools/bake-texture/": BAKE,
    "/v1/tools/remove-bg/": REMOVE_BG,
    "/v1/tools/image-enhance/": ENHANCE,
    "/v1/tools/calculate-volume/": VOLUME,
    "/v1/flow/miniature/": MINIATURE,
    "/v1/3d-models/tencent/texture-edit/": TEXTURE_EDIT,
    "/v1/3d-models/tripo/texture-model/": TEXTURE_MODEL,
    "/v1/3d-models/tencent/topology/": TOPOLOGY,
    "/v1/3d-models/tripo/convert-model/": CONVERT_MODEL,
    "/v1/3d-models/tripo/mesh-segmentation/": SEGMENTATION,
}

"""The tools for meshes and pictures under /v1/tools/."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from scripts.sandbox.contract.schema import (
    Address,
    Body,
    Endpoint,
    FileInput,
    Flag,
    ImageAddress,
    ImagePart,
    ModelAddress,
    ModelPart,
    at_most_one,
    exactly_one,
    only_with,
)

ModelFormat = Literal["glb", "obj", "obj_zip", "stl", "ply", "fbx", "fbx_zip", "usdz", "3mf"]
Quality = Literal["low", "medium", "high"]
Unit = Literal["mm", "cm", "m", "in"]
Length = Annotated[float, Field(gt=0)]

_REMOVE_BG_PRICES = {"low": 3, "medium": 4, "high": 5}
_MOST_HEIGHTS = 10
_STILLS = frozenset({"png", "webp"})
_VIDEOS = frozenset({"mp4", "webm", "gif", "png_sequence"})


def _check_heights(value: str) -> str:
    heights = [float(part) for part in value.split(",")]
    if len(heights) > _MOST_HEIGHTS or not all(0 < height < float("inf") for height in heights):
        raise ValueError(f"Give 1 to {_MOST_HEIGHTS} positive numbers, separated by commas.")
    return value


class _ModelTool(Body):
    model_url: ModelAddress = None
    model_file: ModelPart = None

    _source = exactly_one("model_url", "model_file")


class _ImageTool(Body):
    image_url: ImageAddress = None
    image_file: ImagePart = None

    _source = exactly_one("image_url", "image_file")


class Convert(_ModelTool):
    """POST /v1/tools/convert/."""

    output_format: ModelFormat
    max_size: Length | None = None
    unit: Unit = "cm"

    def price(self) -> int:
        return 10


class Render(_ModelTool):
    """POST /v1/tools/render/; of the three lighting presets only one name is documented."""

    output_type: Literal["image", "video"] = "image"
    angle: Literal[
        "front", "back", "left", "right", "top", "3/4", "isometric",
        "turntable_4", "turntable_8", "turntable_12",
    ] = "3/4"  # fmt: skip
    resolution: Annotated[int, Field(ge=1, le=4096)] = 1024
    lighting: Literal["studio"] = "studio"
    background: Annotated[
        str, StringConstraints(pattern=r"^(transparent|[a-z]+|#[0-9A-Fa-f]{3}([0-9A-Fa-f]{3})?)$")
    ] = "transparent"
    ground_shadow: Flag = False
    output_format: Literal["png", "webp", "mp4", "webm", "gif", "png_sequence"] | None = None

    @model_validator(mode="after")
    def _check_format(self) -> Self:
        allowed = _STILLS if self.output_type == "image" else _VIDEOS
        if self.output_format is not None and self.output_format not in allowed:
            raise ValueError(
                f"output_format {self.output_format} does not fit output_type {self.output_type}."
            )
        return self

    def price(self) -> int:
        turntable = self.angle.startswith("turntable")
        return 20 if turntable or self.output_type == "video" else 5


class Repair(_ModelTool):
    """POST /v1/tools/repair/."""

    output_format: ModelFormat = "glb"
    hollow: Flag = False
    wall_thickness: Length = 2.0
    target_height: Length | None = None
    unit: Unit = "cm"
    quality: Literal["low", "default", "max"] = "default"
    topology: Literal["tris", "quads"] = "tris"
    texture_resolution: Annotated[int, Field(ge=1, le=8192)] = 4096
    bake_textures: Flag = True

    _wall = only_with("wall_thickness", lambda repair: repair.hollow, "with hollow")

    def price(self) -> int:
        return 90 if self.hollow else 60


class Optimize(_ModelTool):
    """POST /v1/tools/optimize/."""

    preset: Literal["low", "default"] = "default"
    max_texture_size: Annotated[int, Field(ge=1)] | None = None

    def price(self) -> int:
        return 10


class BakeTexture(Body):
    """POST /v1/tools/bake-texture/; addresses only."""

    original_url: Annotated[Address, FileInput("original", "model")]
    retopo_url: Annotated[Address, FileInput("retopo", "model")]
    texture_resolution: Annotated[int, Field(ge=1, le=8192)] = 4096
    output_format: Literal["glb"] = "glb"

    def price(self) -> int:
        return 5


class RemoveBackground(_ImageTool):
    """POST /v1/tools/remove-bg/."""

    quality: Quality = "medium"
    return_mask: Flag = False

    def price(self) -> int:
        return _REMOVE_BG_PRICES[self.quality]


class ImageEnhance(_ImageTool):
    """POST /v1/tools/image-enhance/."""

    enhance: Flag = True
    mode: Literal["enhance", "restore"] = "enhance"
    remove_bg: Flag = False
    remove_bg_quality: Quality = "medium"

    def price(self) -> int:
        return 20 if self.remove_bg else 15


class Volume(_ModelTool):
    """POST /v1/tools/calculate-volume/."""

    target_height: Length | None = None
    target_heights: Annotated[str, AfterValidator(_check_heights)] | None = None
    unit: Unit = "cm"

    _height = at_most_one("target_height", "target_heights")

    def price(self) -> int:
        return 20


def _tool(
    name: str, kind: str, engine: str, body: type[Body], seconds: tuple[float, float]
) -> Endpoint:
    multipart = body is not BakeTexture
    return Endpoint(f"/v1/tools/{name}/", kind, engine, body, seconds, multipart=multipart)


ENDPOINTS = (
    _tool("convert", "convert", "convert:convert", Convert, (10, 15)),
    _tool("render", "render", "render:render", Render, (10, 30)),
    _tool("repair", "repair", "repair:repair", Repair, (35, 80)),
    _tool("optimize", "optimize", "optimize:optimize", Optimize, (10, 20)),
    _tool("bake-texture", "bake", "bake:bake", BakeTexture, (20, 40)),
    _tool("remove-bg", "remove-bg", "remove_bg:remove_bg", RemoveBackground, (5, 10)),
    _tool("image-enhance", "image-enhance", "enhance:enhance", ImageEnhance, (10, 25)),
    _tool("calculate-volume", "volume", "volume:volume", Volume, (5, 15)),
)

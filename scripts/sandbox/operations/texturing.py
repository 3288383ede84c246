"""New textures on a given mesh: Tencent texture edit and Tripo texture model."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from scripts.sandbox.contract.schema import (
    Address,
    Body,
    Endpoint,
    FileInput,
    Flag,
    ImageAddress,
    ImagePart,
    ImageUri,
    ModelAddress,
    ModelPart,
    Part,
    at_most_one,
    exactly_one,
    given,
    only_with,
    text,
)

_STYLE = FileInput("style_image", "image")


class TextureEdit(Body):
    """POST /v1/3d-models/tencent/texture-edit/; ``file_url`` leads to an FBX."""

    file_url: Annotated[Address, FileInput("model", "model")]
    image: ImageUri = None
    prompt: Annotated[str, text(1024)] | None = None
    enable_pbr: Flag = False

    _source = exactly_one("prompt", "image")
    _pbr = only_with("enable_pbr", lambda edit: edit.prompt is not None, "together with prompt")

    def price(self) -> int:
        return 80


class TextureModel(Body):
    """POST /v1/3d-models/tripo/texture-model/."""

    model: ModelPart = None
    model_url: ModelAddress = None
    prompt: Annotated[str, text(1024)] | None = None
    image: ImagePart = None
    image_url: ImageAddress = None
    style_image: Annotated[Part | None, _STYLE] = None
    style_image_url: Annotated[Address | None, _STYLE] = None
    texture: Flag = True
    pbr: Flag = True
    texture_quality: Literal["standard", "detailed"] = "standard"
    texture_alignment: Literal["original_image", "geometry"] = "original_image"
    texture_seed: int | None = None
    compress: Literal["geometry"] | None = None
    bake: Flag = True

    _mesh = exactly_one("model", "model_url")
    _source = at_most_one("prompt", "image", "image_url")
    _style = at_most_one("style_image", "style_image_url")

    @model_validator(mode="after")
    def _check_wish(self) -> Self:
        if not given(self, "prompt", "image", "image_url", "style_image", "style_image_url"):
            raise ValueError("Provide a prompt, an image or a style image.")
        return self

    @model_validator(mode="after")
    def _check_texture(self) -> Self:
        if not self.texture and self.texture_quality == "standard":
            raise ValueError("texture must be true when texture_quality is standard.")
        return self

    def price(self) -> int:
        base = 40 if self.texture_quality == "detailed" else 20
        return base + 10 * len(given(self, "style_image", "style_image_url"))


ENDPOINTS = (
    Endpoint(
        "/v1/3d-models/tencent/texture-edit/",
        "texture-edit",
        "texture_model:texture_edit",
        TextureEdit,
        (60, 120),
    ),
    Endpoint(
        "/v1/3d-models/tripo/texture-model/",
        "texture-model",
        "texture_model:texture_model",
        TextureModel,
        (60, 120),
        multipart=True,
        shows_progress=False,
    ),
)

"""Pictures from a prompt, and pictures edited by one: Gemini and Seedream."""

from typing import Annotated, Literal

from pydantic import Field

from scripts.sandbox.contract.schema import (
    AddressOrDataUri,
    Body,
    DataUri,
    Endpoint,
    Flag,
    Seed,
    Source,
    text,
)

Ratio = Literal[
    "auto", "21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16"
]  # fmt: skip
WideRatio = Literal[
    "auto", "21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16",
    "1:4", "4:1", "1:8", "8:1",
]  # fmt: skip
Count4 = Annotated[int, Field(ge=1, le=4)]

_PRICE_31_FLASH = {"512px": 10, "1K": 15, "2K": 20, "4K": 25}


def _numbered(origins: list[str]) -> dict[str, Source]:
    return {f"image_{n}": Source(origin, "image") for n, origin in enumerate(origins, 1)}


class _Prompted(Body):
    prompt: Annotated[str, text()]


class _Edit(Body):
    file_fields = frozenset({"images"})

    images: Annotated[list[DataUri], Field(min_length=1, max_length=14)]

    def sources(self) -> dict[str, Source]:
        return _numbered(self.images)


class Gemini3Pro(_Prompted):
    """POST /v1/images/gemini/3/pro/generate/."""

    output_format: Literal["png", "jpeg", "webp"] = "png"
    aspect_ratio: Ratio = "auto"
    resolution: Literal["1K", "2K", "4K"] = "1K"
    num_images: Count4 = 1

    def price(self) -> int:
        return self.num_images * (80 if self.resolution == "4K" else 50)


class Gemini31Flash(_Prompted):
    """POST /v1/images/gemini/3.1/flash/generate/."""

    output_format: Literal["png", "jpeg", "webp"] = "png"
    aspect_ratio: WideRatio = "auto"
    resolution: Literal["512px", "1K", "2K", "4K"] = "1K"
    num_images: Count4 = 1

    def price(self) -> int:
        return self.num_images * _PRICE_31_FLASH[self.resolution]


class Gemini25Flash(_Prompted):
    """POST /v1/images/gemini/2.5/flash/generate/; ``output_format`` is refused, as seen live."""

    aspect_ratio: Ratio = "auto"
    num_images: Count4 = 1

    def price(self) -> int:
        return 5 * self.num_images


class Seedream(_Prompted):
    """POST /v1/images/seedream/v5/lite/generate/."""

    image_size: Literal[
        "square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9",
        "auto_2K", "auto_3K",
    ] = "auto_2K"  # fmt: skip
    num_images: Annotated[int, Field(ge=1, le=6)] = 1
    seed: Seed | None = None
    enable_safety_checker: Flag = True

    def price(self) -> int:
        return 10 * self.num_images


class Gemini3ProEdit(Gemini3Pro, _Edit):
    """POST /v1/images/gemini/3/pro/edit/."""


class Gemini31FlashEdit(Gemini31Flash, _Edit):
    """POST /v1/images/gemini/3.1/flash/edit/."""


class Gemini25FlashEdit(Gemini25Flash, _Edit):
    """POST /v1/images/gemini/2.5/flash/edit/."""


class SeedreamEdit(Seedream):
    """POST /v1/images/seedream/v5/lite/edit/."""

    file_fields = frozenset({"image_urls"})

    image_urls: Annotated[list[AddressOrDataUri], Field(min_length=1, max_length=10)]

    def sources(self) -> dict[str, Source]:
        return _numbered(self.image_urls)


def _image(engine: str, task: str, body: type[Body]) -> Endpoint:
    path = f"/v1/images/{engine}/{task}/"
    fixed = {"engine": engine.replace("/", "-"), "task": task}
    return Endpoint(path, "image", "images:image", body, (8, 30), fixed=fixed)


ENDPOINTS = (
    _image("gemini/3/pro", "generate", Gemini3Pro),
    _image("gemini/3/pro", "edit", Gemini3ProEdit),
    _image("gemini/3.1/flash", "generate", Gemini31Flash),
    _image("gemini/3.1/flash", "edit", Gemini31FlashEdit),
    _image("gemini/2.5/flash", "generate", Gemini25Flash),
    _image("gemini/2.5/flash", "edit", Gemini25FlashEdit),
    _image("seedream/v5/lite", "generate", Seedream),
    _image("seedream/v5/lite", "edit", SeedreamEdit),
)

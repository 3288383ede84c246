"""TRELLIS.2: image to 3D, priced by resolution and texture."""

from typing import Annotated, Literal

from pydantic import Field

from scripts.sandbox.contract.schema import (
    Body,
    Endpoint,
    Flag,
    ImageAddress,
    ImageUri,
    Seed,
    exactly_one,
    only_with,
)

_PRICES: dict[str, dict[int | None, int]] = {
    "512": {None: 15, 1024: 25, 2048: 25, 4096: 30},
    "1024": {None: 20, 1024: 30, 2048: 30, 4096: 40},
    "1536": {None: 25, 1024: 40, 2048: 40, 4096: 55},
}
"""By resolution, then by texture size; None is without texture."""


class Trellis(Body):
    """POST /v1/3d-models/trellis2/generate/."""

    image: ImageUri = None
    image_url: ImageAddress = None
    resolution: Literal["512", "1024", "1536"] = "1024"
    steps: Annotated[int, Field(ge=1, le=50)] = 12
    textures: Flag = False
    texture_size: Literal[1024, 2048, 4096] = 2048
    decimation_target: Annotated[int, Field(ge=1_000, le=16_000_000)] = 1_000_000
    seed: Seed | None = None
    generate_thumbnail: Flag = False

    _source = exactly_one("image", "image_url")
    _size = only_with("texture_size", lambda trellis: trellis.textures, "with textures")

    def price(self) -> int:
        size = self.texture_size if self.textures else None
        return _PRICES[self.resolution][size] + 2 * self.generate_thumbnail


ENDPOINTS = (
    Endpoint(
        "/v1/3d-models/trellis2/generate/",
        "trellis",
        "generate:trellis",
        Trellis,
        (25, 240),
    ),
)

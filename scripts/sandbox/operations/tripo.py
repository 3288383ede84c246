"""Tripo generation: 3.x, whose version is in the path, and the low-poly P1."""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scripts.sandbox.contract.schema import (
    Address,
    Body,
    DataUri,
    Endpoint,
    Fields,
    Flag,
    ImageAddress,
    ImageUri,
    Source,
    exactly_one,
    text,
)

_VIEW_ORDER = ("front", "left", "back", "right")
_TEXTURE_PRICES = {"standard": 20, "detailed": 40}

Quality = Literal["standard", "detailed"]
Alignment = Literal["original_image", "geometry"]
Orientation = Literal["default", "align_image"]


class _Textured(Body):
    """The fields that 3.x and P1 share."""

    texture: Flag = True
    pbr: Flag = True
    texture_quality: Quality = "standard"
    texture_seed: int | None = None
    auto_size: Flag = False
    export_uv: Flag = True
    compress: Literal["geometry"] | None = None

    def _texture_price(self) -> int:
        return _TEXTURE_PRICES[self.texture_quality] if self.texture else 0


class _Tripo(_Textured):
    """The fields of every 3.x operation."""

    geometry_quality: Quality = "standard"
    face_limit: Annotated[int, Field(ge=500, le=500_000)] | None = None
    quad: Flag = False
    smart_low_poly: Flag = False
    generate_parts: Flag = False

    @model_validator(mode="after")
    def _check_parts(self) -> Self:
        if self.generate_parts and (self.texture or self.pbr):
            raise ValueError("generate_parts requires texture=false and pbr=false.")
        if self.generate_parts and self.quad:
            raise ValueError("quad cannot be combined with generate_parts.")
        return self

    def _extras_price(self) -> int:
        return (
            self._texture_price()
            + 40 * (self.geometry_quality == "detailed")
            + 10 * self.quad
            + 20 * self.smart_low_poly
            + 40 * self.generate_parts
        )


class _P1(_Textured):
    """The fields of every P1 operation."""

    model_seed: int | None = None
    face_limit: Annotated[int, Field(ge=48, le=20_000)] | None = None


class _FromText(Body):
    prompt: Annotated[str, text(1024)]


class _Aligned(Body):
    texture_alignment: Alignment = "original_image"
    orientation: Orientation = "default"


class _FromImage(_Aligned):
    image: ImageUri = None
    image_url: ImageAddress = None
    enable_image_autofix: Flag = False

    _source = exactly_one("image", "image_url")


class ViewItem(Fields):
    """One item of ``images``."""

    image: DataUri | None = None
    image_url: Address | None = None

    _source = exactly_one("image", "image_url")

    @property
    def origin(self) -> str:
        return self.image or self.image_url or ""


class _FromViews(_Aligned):
    file_fields = frozenset({"images"})

    images: Annotated[list[ViewItem], Field(min_length=2, max_length=4)]

    def sources(self) -> dict[str, Source]:
        return {
            view: Source(item.origin, "image")
            for view, item in zip(_VIEW_ORDER, self.images, strict=False)
        }


class TripoText(_Tripo, _FromText):
    """POST /v1/3d-models/tripo/text-to-3d/[3.0|3.1/]."""

    negative_prompt: Annotated[str, text(1024)] | None = None

    def price(self) -> int:
        return 20 + self._extras_price()


class TripoImage(_Tripo, _FromImage):
    """POST /v1/3d-models/tripo/image-to-3d/[3.0|3.1|3.2/]."""

    def price(self) -> int:
        return 40 + self._extras_price()


class TripoViews(_Tripo, _FromViews):
    """POST /v1/3d-models/tripo/multiview-to-3d/[3.0|3.1/]."""

    def price(self) -> int:
        return 40 + self._extras_price()


class P1Text(_P1, _FromText):
    """POST /v1/3d-models/tripo/text-to-3d/p1/."""

    negative_prompt: Annotated[str, text(255)] | None = None
    image_seed: int | None = None

    def price(self) -> int:
        return 60 + self._texture_price()


class P1Image(_P1, _FromImage):
    """POST /v1/3d-models/tripo/image-to-3d/p1/."""

    def price(self) -> int:
        return 80 + self._texture_price()


class P1Views(_P1, _FromViews):
    """POST /v1/3d-models/tripo/multiview-to-3d/p1/."""

    def price(self) -> int:
        return 80 + self._texture_price()


def _versions(source: str, body: type[Body], suffixes: Iterable[str]) -> Iterable[Endpoint]:
    for suffix in suffixes:
        yield Endpoint(
            f"/v1/3d-models/tripo/{source}-to-3d/{suffix}",
            "tripo",
            "tripo:tripo",
            body,
            (80, 120),
            shows_progress=False,
            fixed={"version": suffix.strip("/") or "3.0"},
        )


def _p1(source: str, body: type[Body]) -> Endpoint:
    path = f"/v1/3d-models/tripo/{source}-to-3d/p1/"
    return Endpoint(path, "tripo-p1", "tripo:tripo_p1", body, (80, 120), shows_progress=False)


ENDPOINTS = (
    *_versions("text", TripoText, ("", "3.0/", "3.1/")),
    *_versions("image", TripoImage, ("", "3.0/", "3.1/", "3.2/")),
    *_versions("multiview", TripoViews, ("", "3.0/", "3.1/")),
    _p1("text", P1Text),
    _p1("image", P1Image),
    _p1("multiview", P1Views),
)

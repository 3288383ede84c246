"""Tencent Hunyuan generation: Rapid and Pro."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scripts.sandbox.contract.schema import (
    Body,
    DataUri,
    Endpoint,
    Fields,
    Flag,
    ImageUri,
    Source,
    exactly_one,
    given,
    only_with,
    text,
)

_VIEWS_30 = ("front", "left", "right", "back")
_VIEWS_31 = (*_VIEWS_30, "top", "bottom", "left_front", "right_front")


class Rapid(Body):
    """POST /v1/3d-models/tencent/generate/rapid/."""

    prompt: Annotated[str, text(1024)] | None = None
    image: ImageUri = None
    enable_pbr: Flag = False
    enable_geometry: Flag = False

    _source = exactly_one("prompt", "image")

    def price(self) -> int:
        return 35 + 20 * self.enable_pbr


class View(Fields):
    """One item of Pro's ``multi_view_images``."""

    view_type: Literal[
        "front", "left", "right", "back", "top", "bottom", "left_front", "right_front"
    ]
    view_image: DataUri


class Pro(Body):
    """POST /v1/3d-models/tencent/generate/pro/."""

    file_fields = frozenset({"multi_view_images"})

    model: Literal["3.0", "3.1"]
    prompt: Annotated[str, text(1024)] | None = None
    image: ImageUri = None
    multi_view_images: list[View] | None = None
    enable_pbr: Flag = False
    face_count: Annotated[int, Field(ge=40_000, le=1_500_000)] = 500_000
    generate_type: Literal["Normal", "LowPoly", "Geometry", "Sketch"] = "Normal"
    polygon_type: Literal["triangle", "quadrilateral"] = "triangle"

    _polygons = only_with(
        "polygon_type", lambda pro: pro.generate_type == "LowPoly", "with generate_type LowPoly"
    )

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        sources = given(self, "prompt", "image", "multi_view_images")
        sketch_pair = self.generate_type == "Sketch" and sources == ["prompt", "image"]
        if len(sources) != 1 and not sketch_pair:
            raise ValueError(
                "Provide exactly one of: prompt, image, multi_view_images. "
                "prompt and image together are only allowed with generate_type Sketch."
            )
        return self

    @model_validator(mode="after")
    def _check_type(self) -> Self:
        if self.model == "3.1" and self.generate_type in {"LowPoly", "Sketch"}:
            raise ValueError(f"generate_type {self.generate_type} is not available on model 3.1.")
        return self

    @model_validator(mode="after")
    def _check_views(self) -> Self:
        if self.multi_view_images is None:
            return self
        views = [view.view_type for view in self.multi_view_images]
        allowed = _VIEWS_30 if self.model == "3.0" else _VIEWS_31
        if "front" not in views:
            raise ValueError("multi_view_images must contain a front view.")
        if len(set(views)) != len(views):
            raise ValueError("multi_view_images must not repeat a view_type.")
        for view in views:
            if view not in allowed:
                raise ValueError(f"view_type {view} is not available on model {self.model}.")
        return self

    def sources(self) -> dict[str, Source]:
        views = self.multi_view_images or ()
        return super().sources() | {
            view.view_type: Source(view.view_image, "image") for view in views
        }

    def price(self) -> int:
        return 60 + 20 * self.enable_pbr + 20 * (self.multi_view_images is not None)


ENDPOINTS = (
    Endpoint(
        "/v1/3d-models/tencent/generate/rapid/",
        "rapid",
        "generate:rapid",
        Rapid,
        (30, 150),
    ),
    Endpoint("/v1/3d-models/tencent/generate/pro/", "pro", "generate:pro", Pro, (180, 360)),
)

"""The miniature flow: a photo becomes a printable figurine."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from scripts.sandbox.contract.schema import Body, DataUri, Endpoint, FileInput

Preset = Literal[
    "miniature_human_full_body",
    "miniature_human_bust",
    "miniature_animal",
    "miniature_object",
    "v2_miniature_human_full_body",
    "v2_miniature_human_bust",
    "v2_miniature_animal",
    "v2_miniature_object",
    "v3_miniature_human_full_body",
    "v3_miniature_human_bust",
    "v3_miniature_animal",
    "v3_miniature_object",
    "v3_miniature_human_full_body_crossed_arms",
    "v3_miniature_human_full_body_hands_on_hips",
    "v3_miniature_human_full_body_thumbs_up",
    "v3_miniature_human_full_body_hands_in_pockets",
    "v3_miniature_human_full_body_arms_behind_back",
    "v3_miniature_human_full_body_waving",
    "v4_miniature_human_full_body",
    "v4_miniature_general",
    "realistic_human_full_body",
    "realistic_human_bust",
    "realistic_animal",
    "realistic_object",
]
Scale = Annotated[
    str,
    StringConstraints(
        pattern=r"^(none|z|n|tt|h0|o|g|custom|1:(0*[1-9]\d*(\.\d+)?|0*\.0*[1-9]\d*))$"
    ),
]


class Miniature(Body):
    """POST /v1/flow/miniature/."""

    image: Annotated[DataUri, FileInput("image", "image")]
    preset: Preset
    edition: Literal["default", "fast"] = "default"
    image_engine: Literal["v3", "v3.1", "v3.2"] = Field(default="v3", alias="2d_engine")
    model_engine: Literal["hunyuan", "prism"] = Field(default="hunyuan", alias="3d_engine")
    scale: Scale = "none"
    scale_height_cm: Annotated[float, Field(gt=0, le=100)] | None = None
    face_count: Annotated[int, Field(ge=3_000, le=1_500_000)] | None = None
    obj_scale_multiplier: Annotated[float, Field(gt=0)] = 1000

    @model_validator(mode="after")
    def _check_height(self) -> Self:
        if self.scale == "custom" and self.scale_height_cm is None:
            raise ValueError("scale_height_cm is required with scale custom.")
        return self

    def price(self) -> int:
        return 200 if self.edition == "fast" else 300


ENDPOINTS = (
    Endpoint("/v1/flow/miniature/", "miniature", "miniature:miniature", Miniature, (180, 480)),
)

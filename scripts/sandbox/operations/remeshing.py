"""New topology for a given mesh: Tencent smart topology and Tripo convert model."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scripts.sandbox.contract.schema import (
    Address,
    Body,
    Endpoint,
    FileInput,
    Flag,
    ModelAddress,
    ModelPart,
    exactly_one,
)


class Topology(Body):
    """POST /v1/3d-models/tencent/topology/."""

    file_url: Annotated[Address, FileInput("model", "model")]
    file_type: Literal["GLB", "OBJ"] = "GLB"
    polygon_type: Literal["triangle", "quadrilateral"] | None = None
    face_level: Literal["high", "medium", "low"] | None = None
    output_format: Literal["OBJ", "FBX", "STL", "USDZ"] = "OBJ"

    def price(self) -> int:
        return 100


class ConvertModel(Body):
    """POST /v1/3d-models/tripo/convert-model/."""

    model: ModelPart = None
    model_url: ModelAddress = None
    format: Literal["GLTF", "USDZ", "FBX", "OBJ", "STL", "3MF"]
    quad: Flag = False
    force_symmetry: Flag = False
    face_limit: Annotated[int, Field(ge=1)] | None = None
    flatten_bottom: Flag = False
    flatten_bottom_threshold: float = 0.01
    pivot_to_center_bottom: Flag = False
    scale_factor: Annotated[float, Field(gt=0)] = 1.0
    texture_size: Annotated[int, Field(ge=1, le=4096)] | None = None
    texture_format: Literal[
        "BMP", "DPX", "HDR", "JPEG", "OPEN_EXR", "PNG", "TARGA", "TIFF", "WEBP"
    ] = "JPEG"
    bake: Flag = True
    pack_uv: Flag = False
    with_animation: Flag = True
    fbx_preset: Literal["blender", "mixamo", "3dsmax"] = "blender"

    _mesh = exactly_one("model", "model_url")

    @model_validator(mode="after")
    def _check_quad(self) -> Self:
        if self.quad and self.format in {"GLTF", "STL", "3MF"}:
            raise ValueError(f"quad is not available with format {self.format}.")
        return self

    def price(self) -> int:
        return 10 + 10 * self.quad


ENDPOINTS = (
    Endpoint(
        "/v1/3d-models/tencent/topology/",
        "topology",
        "topology:topology",
        Topology,
        (60, 150),
    ),
    Endpoint(
        "/v1/3d-models/tripo/convert-model/",
        "convert-model",
        "convert_model:convert_model",
        ConvertModel,
        (15, 40),
        multipart=True,
        shows_progress=False,
    ),
)

"""Tencent Hunyuan Rapid: fast text or image to 3D; the result is a ZIP with OBJ."""

from ..asset_types import AssetType
from ..conditions import AllOf, Is
from ..fields import Field
from ..goals import DRAFT
from ..group import Group
from ..kinds import Kind
from ..operation import Operation, Route, Rule
from ..prices import Price, PriceLine
from .common import image, prompt

TENCENT_RAPID = Operation(
    name="tencent-rapid",
    label="Hunyuan Rapid",
    summary="Fast text or image to 3D",
    purpose="Quick drafts, and simple props",
    goals={DRAFT: {}},
    group=Group.GENERATE,
    order=10,
    routes=(Route("/v1/3d-models/tencent/generate/rapid/"),),
    fields=(
        prompt(),
        image(),
        Field(
            name="enable_pbr",
            kind=Kind.SWITCH,
            label="PBR Textures",
            description="Add metallic, roughness and normal maps",
            default=False,
        ),
        Field(
            name="enable_geometry",
            kind=Kind.SWITCH,
            label="Geometry Only",
            description="Make the shape without textures",
            default=False,
            advanced=True,
            confidence="B",
        ),
    ),
    rules=(
        Rule(
            when=AllOf(Is("enable_geometry"), Is("enable_pbr")),
            message="PBR Textures and Geometry Only exclude each other: choose one.",
            field="enable_pbr",
        ),
    ),
    price=Price((PriceLine(35, "Hunyuan Rapid"), PriceLine(20, "PBR textures", Is("enable_pbr")))),
    results=(AssetType.ARCHIVE, AssetType.MODEL),
    seconds=(30, 180),
)

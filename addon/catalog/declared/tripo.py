"""Tripo v3: text, image or several views; the version is part of the address."""

from ..asset_types import AssetType
from ..conditions import AllOf, InMode, Is
from ..encoders import InPath
from ..fields import Choice, Field
from ..goals import DRAFT
from ..group import Group
from ..kinds import Kind
from ..operation import Operation, Route, Rule
from ..prices import Price, PriceLine
from ..values import Mode
from .common import VERSION, image, prompt
from .tripo_fields import (
    AUTO_SIZE,
    AUTOFIX,
    COMPRESS,
    EXPORT_UV,
    FOR_CUT_OUTS,
    IMAGE_ENCODER,
    ORIENTATION,
    PBR,
    TEXTURE,
    TEXTURE_ALIGNMENT,
    TEXTURE_QUALITY,
    TEXTURE_SEED,
    VIEWS,
    VIEWS_WITHOUT_GAPS,
    base_lines,
    negative_prompt,
    texture_lines,
)

TRIPO = Operation(
    name="tripo",
    label="Tripo",
    summary="Text, image or multi-view to 3D with many choices",
    purpose="Full control: quads, parts, face limit and quality",
    goals={DRAFT: {"pbr": False}},
    group=Group.GENERATE,
    order=40,
    routes=(
        Route("/v1/3d-models/tripo/text-to-3d/{version}/", InMode(Mode.TEXT)),
        Route("/v1/3d-models/tripo/image-to-3d/{version}/", InMode(Mode.IMAGE)),
        Route("/v1/3d-models/tripo/multiview-to-3d/{version}/", InMode(Mode.MULTI_VIEW)),
    ),
    fields=(
        prompt(),
        image(IMAGE_ENCODER),
        VIEWS,
        Field(
            name="version",
            kind=Kind.CHOICE,
            label="Version",
            description="Version of the engine",
            default="3.1",
            choices=(Choice("3.0", "3.0"), Choice("3.1", "3.1")),
            pattern=VERSION,
            pattern_example="3.2",
            unverified=True,
            encoder=InPath(),
        ),
        TEXTURE,
        PBR,
        TEXTURE_QUALITY,
        Field(
            name="geometry_quality",
            kind=Kind.CHOICE,
            label="Geometry Quality",
            description="Detail of the shape",
            default="standard",
            choices=(Choice("standard", "Standard"), Choice("detailed", "Detailed")),
        ),
        Field(
            name="face_limit",
            kind=Kind.INTEGER,
            label="Face Limit",
            description="Most faces the model may have; the engine chooses if not set",
            minimum=500,
            start=50_000,
            maximum=500_000,
        ),
        Field(
            name="quad",
            kind=Kind.SWITCH,
            label="Quads",
            description="Make quads; the result is then an FBX file",
            default=False,
        ),
        Field(
            name="smart_low_poly",
            kind=Kind.SWITCH,
            label="Smart Low Poly",
            description="Few, well placed polygons",
            default=False,
        ),
        Field(
            name="generate_parts",
            kind=Kind.SWITCH,
            label="Separate Parts",
            description="Make the model of separate parts, without textures",
            default=False,
            advanced=True,
        ),
        negative_prompt(1024),
        TEXTURE_ALIGNMENT,
        ORIENTATION,
        AUTOFIX,
        TEXTURE_SEED,
        EXPORT_UV,
        AUTO_SIZE,
        COMPRESS,
    ),
    rules=(
        *VIEWS_WITHOUT_GAPS,
        Rule(
            when=AllOf(Is("quad"), Is("generate_parts")),
            message="Quads and Separate Parts exclude each other: choose one.",
            field="quad",
        ),
        Rule(
            when=AllOf(Is("generate_parts"), Is("texture")),
            message="Separate Parts come without textures: turn Textures off.",
            field="generate_parts",
        ),
    ),
    price=Price(
        (
            *base_lines(20, 40, 40),
            *texture_lines(),
            PriceLine(40, "detailed geometry", Is("geometry_quality", "detailed")),
            PriceLine(10, "quads", Is("quad")),
            PriceLine(20, "smart low poly", Is("smart_low_poly")),
            PriceLine(40, "separate parts", Is("generate_parts")),
        ),
        confidence="B",
    ),
    results=(AssetType.MODEL,),
    seconds=(60, 200),
    for_cut_outs=FOR_CUT_OUTS,
    shorthands={"enable_pbr": {"texture": True, "pbr": True}},
    # The v3.0 spelling is how the versions are written where people read about them.
    value_aliases={"version": {"v3.0": "3.0", "v3.1": "3.1"}},
)

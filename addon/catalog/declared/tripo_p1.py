"""Tripo P1: the premium engine for clean low-poly models."""

from ..asset_types import AssetType
from ..conditions import InMode
from ..fields import Field
from ..goals import GAME_PROP
from ..group import Group
from ..kinds import Kind
from ..operation import Operation, Route
from ..prices import Price
from ..values import Mode
from .common import image, prompt
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

TRIPO_P1 = Operation(
    name="tripo-p1",
    label="Tripo P1",
    summary="Premium text, image or multi-view to 3D with few polygons",
    purpose="Clean low-poly models for games",
    goals={GAME_PROP: {"face_limit": 5_000}},
    group=Group.GENERATE,
    order=50,
    routes=(
        Route("/v1/3d-models/tripo/text-to-3d/p1/", InMode(Mode.TEXT)),
        Route("/v1/3d-models/tripo/image-to-3d/p1/", InMode(Mode.IMAGE)),
        Route("/v1/3d-models/tripo/multiview-to-3d/p1/", InMode(Mode.MULTI_VIEW)),
    ),
    fields=(
        prompt(),
        image(IMAGE_ENCODER),
        VIEWS,
        TEXTURE,
        PBR,
        TEXTURE_QUALITY,
        Field(
            name="face_limit",
            kind=Kind.INTEGER,
            label="Face Limit",
            description="Most faces the model may have; the engine chooses if not set",
            minimum=48,
            start=5_000,
            maximum=20_000,
        ),
        negative_prompt(255),
        TEXTURE_ALIGNMENT,
        ORIENTATION,
        AUTOFIX,
        Field(
            name="image_seed",
            kind=Kind.INTEGER,
            is_seed=True,
            label="Image Seed",
            description="Seed of the picture made from the prompt; random if not set",
            start=1,
            modes=(Mode.TEXT,),
            advanced=True,
        ),
        Field(
            name="model_seed",
            kind=Kind.INTEGER,
            is_seed=True,
            label="Model Seed",
            description="The same seed gives the same shape; random if not set",
            start=1,
            advanced=True,
        ),
        TEXTURE_SEED,
        EXPORT_UV,
        AUTO_SIZE,
        COMPRESS,
    ),
    rules=VIEWS_WITHOUT_GAPS,
    price=Price((*base_lines(60, 80, 80), *texture_lines()), confidence="B"),
    results=(AssetType.MODEL,),
    seconds=(60, 240),
    for_cut_outs=FOR_CUT_OUTS,
    shorthands={"enable_pbr": {"texture": True, "pbr": True}},
)

"""Tools for a picture: remove the background, enhance."""

from ..asset_types import AssetType
from ..conditions import AllOf, Is, Not
from ..encoders import Upload
from ..fields import Choice, Field
from ..group import Group
from ..kinds import Kind
from ..operation import Operation, Route, Rule
from ..prices import Price, PriceLine
from ..values import Mode

_QUALITIES = (Choice("low", "Low"), Choice("medium", "Medium"), Choice("high", "High"))

_IMAGE_FILE = Field(
    name="image",
    kind=Kind.IMAGE,
    label="Image",
    description="The picture: a file or an http(s) address",
    source=Mode.IMAGE,
    encoder=Upload(part="image_file", address="image_url"),
)

REMOVE_BG = Operation(
    name="remove-bg",
    label="Remove Background",
    summary="Cut the subject out of a picture",
    cuts_out=True,
    group=Group.IMAGE_TOOL,
    order=10,
    routes=(Route("/v1/tools/remove-bg/"),),
    fields=(
        _IMAGE_FILE,
        Field(
            name="quality",
            kind=Kind.CHOICE,
            label="Quality",
            description="How carefully the edge is found",
            # The documentation names no default, and the price depends on it.
            default="medium",
            choices=_QUALITIES,
        ),
        Field(
            name="return_mask",
            kind=Kind.SWITCH,
            label="Mask Instead",
            description="Return the mask in shades of gray in place of the cutout",
            default=False,
        ),
    ),
    price=Price(
        (
            PriceLine(3, "low quality", Is("quality", "low")),
            PriceLine(4, "medium quality", Is("quality", "medium")),
            PriceLine(5, "high quality", Is("quality", "high")),
        ),
        confidence="B",
    ),
    results=(AssetType.IMAGE, AssetType.EDITED_IMAGE),
    seconds=(5, 30),
    confidence="B",
)

IMAGE_ENHANCE = Operation(
    name="image-enhance",
    label="Enhance Image",
    summary="Sharpen, clean and enlarge a picture",
    group=Group.IMAGE_TOOL,
    order=20,
    routes=(Route("/v1/tools/image-enhance/"),),
    fields=(
        _IMAGE_FILE,
        Field(
            name="enhance",
            kind=Kind.SWITCH,
            label="Enhance",
            description="Improve the picture",
            default=True,
        ),
        Field(
            name="mode",
            kind=Kind.CHOICE,
            label="Mode",
            description="What to do with the picture",
            default="enhance",
            choices=(Choice("enhance", "Enhance"), Choice("restore", "Restore")),
            when=Is("enhance"),
        ),
        Field(
            name="remove_bg",
            kind=Kind.SWITCH,
            label="Remove Background",
            description="Cut the subject out as well",
            default=False,
        ),
        Field(
            name="remove_bg_quality",
            kind=Kind.CHOICE,
            label="Cut-out Quality",
            description="How carefully the edge is found; the service chooses if not set",
            choices=_QUALITIES,
            when=Is("remove_bg"),
        ),
    ),
    rules=(
        Rule(
            when=AllOf(Not(Is("enhance")), Not(Is("remove_bg"))),
            message="There is nothing to do: turn Enhance or Remove Background on.",
            field="enhance",
        ),
    ),
    price=Price(
        (PriceLine(15, "enhance"), PriceLine(5, "background removal", Is("remove_bg"))),
        confidence="B",
    ),
    results=(AssetType.EDITED_IMAGE, AssetType.IMAGE),
    seconds=(10, 60),
    confidence="B",
)

"""Image generation and editing: Gemini 3 Pro, 3.1 Flash, 2.5 Flash and Seedream V5 Lite.

Each engine generates from a prompt alone and edits when pictures are given with it.
"""

from ..asset_types import AssetType
from ..conditions import Given, Is
from ..encoders import DataUriList, Encoder
from ..fields import Choice, Field
from ..group import Group
from ..kinds import Kind
from ..operation import Operation, Route
from ..prices import Price, PriceLine
from ..values import Mode
from .common import choices

_RATIOS = ("21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16")
_BOTH = (Mode.TEXT, Mode.IMAGE)
_SEEDREAM_SIZES = (
    Choice("auto_2K", "Auto 2K"),
    Choice("auto_3K", "Auto 3K"),
    Choice("square_hd", "Square HD"),
    Choice("square", "Square"),
    Choice("portrait_4_3", "Portrait 4:3"),
    Choice("portrait_16_9", "Portrait 16:9"),
    Choice("landscape_4_3", "Landscape 4:3"),
    Choice("landscape_16_9", "Landscape 16:9"),
)


def _prompt() -> Field:
    return Field(
        name="prompt",
        kind=Kind.TEXT,
        label="Prompt",
        description="What to show, or what to change",
        required=True,
        source=Mode.TEXT,
        modes=_BOTH,
    )


def _pictures(most: int, encoder: Encoder) -> Field:
    return Field(
        name="images",
        kind=Kind.IMAGES,
        label="Pictures",
        description="Pictures to edit, or to take things from",
        source=Mode.IMAGE,
        minimum=1,
        maximum=most,
        encoder=encoder,
        aliases=("image",),
    )


def _count(most: int) -> Field:
    return Field(
        name="num_images",
        kind=Kind.INTEGER,
        label="Count",
        description="How many pictures to make",
        default=1,
        minimum=1,
        maximum=most,
        aliases=("count",),
    )


def _ratio(*values: str) -> Field:
    return Field(
        name="aspect_ratio",
        kind=Kind.CHOICE,
        label="Aspect Ratio",
        description="Width to height of the pictures",
        default=values[0],
        choices=tuple(Choice(value, value.replace("auto", "Automatic")) for value in values),
    )


def _resolution(*values: str) -> Field:
    return Field(
        name="resolution",
        kind=Kind.CHOICE,
        label="Resolution",
        description="Size of the pictures",
        default="1K",
        choices=choices(*values),
    )


_FORMAT = Field(
    name="output_format",
    kind=Kind.CHOICE,
    label="File Format",
    description="Format of the picture files",
    default="png",
    choices=(Choice("png", "PNG"), Choice("jpeg", "JPEG"), Choice("webp", "WebP")),
    advanced=True,
)


def _engine(
    order: int,
    name: str,
    label: str,
    summary: str,
    purpose: str,
    path: str,
    fields: tuple[Field, ...],
    price: Price,
) -> Operation:
    return Operation(
        name=name,
        label=label,
        summary=summary,
        purpose=purpose,
        button="Generate Image",
        group=Group.IMAGE,
        order=order,
        routes=(
            Route(f"/v1/images/{path}/edit/", Given("images")),
            Route(f"/v1/images/{path}/generate/"),
        ),
        fields=fields,
        price=price,
        results=(AssetType.IMAGE, AssetType.EDITED_IMAGE),
        seconds=(8, 60),
        confidence="B",
    )


GEMINI_3_PRO = _engine(
    10,
    "image-gemini3pro",
    "Gemini 3 Pro",
    "Best pictures, up to 4K",
    "Final pictures, lettering, and edits with many pictures",
    "gemini/3/pro",
    (
        _prompt(),
        _pictures(14, DataUriList()),
        _count(4),
        _ratio("auto", *_RATIOS),
        _resolution("1K", "2K", "4K"),
        _FORMAT,
    ),
    Price(
        (
            PriceLine(50, "Gemini 3 Pro", Is("resolution", "1K", "2K")),
            PriceLine(80, "Gemini 3 Pro at 4K", Is("resolution", "4K")),
        ),
        per="num_images",
        confidence="B",
    ),
)

GEMINI_31_FLASH = _engine(
    20,
    "image-gemini31flash",
    "Gemini 3.1 Flash",
    "Good pictures at a low price",
    "Everyday pictures, also very wide or tall",
    "gemini/3.1/flash",
    (
        _prompt(),
        _pictures(14, DataUriList()),
        _count(4),
        _ratio("auto", *_RATIOS, "1:4", "4:1", "1:8", "8:1"),
        _resolution("512px", "1K", "2K", "4K"),
        _FORMAT,
    ),
    # The range 10-25 is documented, its steps are not.
    Price(
        (
            PriceLine(10, "Gemini 3.1 Flash at 512 px", Is("resolution", "512px")),
            PriceLine(15, "Gemini 3.1 Flash at 1K", Is("resolution", "1K")),
            PriceLine(20, "Gemini 3.1 Flash at 2K", Is("resolution", "2K")),
            PriceLine(25, "Gemini 3.1 Flash at 4K", Is("resolution", "4K")),
        ),
        per="num_images",
        confidence="C",
    ),
)

# A live client was refused with output_format on this engine, so it is not declared.
GEMINI_25_FLASH = _engine(
    30,
    "image-gemini25flash",
    "Gemini 2.5 Flash",
    "Many pictures for few credits",
    "Trying out many ideas",
    "gemini/2.5/flash",
    (
        _prompt(),
        _pictures(14, DataUriList()),
        _count(4),
        _ratio("auto", *_RATIOS),
    ),
    Price((PriceLine(5, "Gemini 2.5 Flash"),), per="num_images", confidence="B"),
)

SEEDREAM = _engine(
    40,
    "image-seedream",
    "Seedream V5 Lite",
    "Illustrations and styles, up to six at once",
    "Painted looks and series with one seed",
    "seedream/v5/lite",
    (
        _prompt(),
        _pictures(10, DataUriList(wire="image_urls", keep_addresses=True)),
        _count(6),
        Field(
            name="image_size",
            kind=Kind.CHOICE,
            label="Size",
            description="Shape and size of the pictures",
            default="auto_2K",
            choices=_SEEDREAM_SIZES,
        ),
        Field(
            name="seed",
            kind=Kind.INTEGER,
            is_seed=True,
            label="Seed",
            description="The same seed and prompt give the same picture; random if not set",
            minimum=0,
            start=1,
            advanced=True,
        ),
        Field(
            name="enable_safety_checker",
            kind=Kind.SWITCH,
            label="Safety Checker",
            description="Let the service refuse unsafe pictures",
            default=True,
            advanced=True,
        ),
    ),
    Price((PriceLine(10, "Seedream V5 Lite"),), per="num_images", confidence="B"),
)

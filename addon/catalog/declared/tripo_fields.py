"""Fields that the Tripo engines share."""

from ..conditions import AllOf, Includes, InMode, Is, Not
from ..encoders import DataUri, DataUriList
from ..fields import Choice, Field
from ..kinds import Kind
from ..messages import Message
from ..operation import Rule
from ..prices import PriceLine
from ..values import Mode, Values

TEXTURED = Is("texture")
FROM_PICTURES = (Mode.IMAGE, Mode.MULTI_VIEW)

IMAGE_ENCODER = DataUri(address="image_url")

VIEWS = Field(
    name="images",
    kind=Kind.VIEWS,
    label="Views",
    description="Pictures of the object from several sides; the front is needed",
    source=Mode.MULTI_VIEW,
    # The order on the wire is Tripo's own: front, left, back, right.
    choices=tuple(Choice(view, view.title()) for view in ("front", "left", "back", "right")),
    minimum=2,
    maximum=4,
    encoder=DataUriList(item="image", item_address="image_url"),
)

# The service numbers the views by position, so a gap would turn a back view into a left one.
VIEWS_WITHOUT_GAPS = tuple(
    Rule(
        when=AllOf(Includes("images", view), Not(Includes("images", before))),
        message=Message(
            "Views go in the order front, left, back, right: add the {before} view or leave "
            "the {view} view out.",
            before=Message(before),
            view=Message(view),
        ),
        field="images",
    )
    for before, view in (("left", "back"), ("back", "right"))
)

TEXTURE = Field(
    name="texture",
    kind=Kind.SWITCH,
    label="Textures",
    description="Make textures; without them only the shape is made",
    default=True,
)

PBR = Field(
    name="pbr",
    kind=Kind.SWITCH,
    label="PBR",
    description="Add metallic, roughness and normal maps",
    default=True,
    when=TEXTURED,
    otherwise=False,
)

TEXTURE_QUALITY = Field(
    name="texture_quality",
    kind=Kind.CHOICE,
    label="Texture Quality",
    description="Detail of the textures",
    default="standard",
    choices=(Choice("standard", "Standard"), Choice("detailed", "Detailed")),
    when=TEXTURED,
)

TEXTURE_ALIGNMENT = Field(
    name="texture_alignment",
    kind=Kind.CHOICE,
    label="Texture Follows",
    description="What the texture is fitted to",
    default="original_image",
    choices=(Choice("original_image", "Picture"), Choice("geometry", "Geometry")),
    modes=FROM_PICTURES,
    when=TEXTURED,
    advanced=True,
)

ORIENTATION = Field(
    name="orientation",
    kind=Kind.CHOICE,
    label="Orientation",
    description="Which way the model faces",
    default="default",
    choices=(Choice("default", "Default"), Choice("align_image", "As in the Picture")),
    modes=FROM_PICTURES,
    advanced=True,
)

AUTOFIX = Field(
    name="enable_image_autofix",
    kind=Kind.SWITCH,
    label="Fix Image",
    description="Let the service mend the picture first",
    default=False,
    modes=(Mode.IMAGE,),
    advanced=True,
)

FOR_CUT_OUTS: Values = {AUTOFIX.name: True}
"""The service may refuse pictures that are transparent else."""

TEXTURE_SEED = Field(
    name="texture_seed",
    kind=Kind.INTEGER,
    is_seed=True,
    label="Texture Seed",
    description="The same seed gives the same textures; random if not set",
    start=1,
    when=TEXTURED,
    advanced=True,
)

EXPORT_UV = Field(
    name="export_uv",
    kind=Kind.SWITCH,
    label="Unwrap UVs",
    description="Give the model a UV map",
    default=True,
    advanced=True,
)

AUTO_SIZE = Field(
    name="auto_size",
    kind=Kind.SWITCH,
    label="Real-World Size",
    description="Scale the model to its likely real size in meters",
    default=False,
    advanced=True,
)

COMPRESS = Field(
    name="compress",
    kind=Kind.CHOICE,
    label="Compression",
    description="Compress the geometry in the file",
    choices=(Choice("geometry", "Geometry"),),
    advanced=True,
)


def negative_prompt(max_length: int) -> Field:
    """What not to make; only with a prompt."""
    return Field(
        name="negative_prompt",
        kind=Kind.TEXT,
        label="Negative Prompt",
        description="What to keep out, in words",
        modes=(Mode.TEXT,),
        max_length=max_length,
        advanced=True,
    )


def texture_lines() -> tuple[PriceLine, ...]:
    """What textures add, standard or detailed."""
    return (
        PriceLine(20, "textures", AllOf(TEXTURED, Is("texture_quality", "standard"))),
        PriceLine(40, "detailed textures", AllOf(TEXTURED, Is("texture_quality", "detailed"))),
    )


def base_lines(text: int, image: int, views: int) -> tuple[PriceLine, ...]:
    """The base price by what the request starts from."""
    return (
        PriceLine(text, "text to 3D", InMode(Mode.TEXT)),
        PriceLine(image, "image to 3D", InMode(Mode.IMAGE)),
        PriceLine(views, "multi-view to 3D", InMode(Mode.MULTI_VIEW)),
    )

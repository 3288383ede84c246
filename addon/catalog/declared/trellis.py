"""TRELLIS.2: image to 3D with a choice of resolution."""

from ..asset_types import AssetType
from ..conditions import AllOf, Is
from ..encoders import DataUri, IntegerChoice
from ..fields import Choice, Field
from ..group import Group
from ..kinds import Kind
from ..operation import Operation, Route
from ..prices import Price, PriceLine
from .common import choices, image

_LARGE_TEXTURE = AllOf(Is("textures"), Is("texture_size", "4096"))
_SMALL_TEXTURE = AllOf(Is("textures"), Is("texture_size", "1024", "2048"))


def _lines(resolution: str, bare: int, small: int, large: int) -> tuple[PriceLine, ...]:
    """The three prices of one row of the service's table, as a base and two additions."""
    here = Is("resolution", resolution)
    return (
        PriceLine(bare, f"TRELLIS.2 {resolution}", here),
        PriceLine(small - bare, "textures", AllOf(here, _SMALL_TEXTURE)),
        PriceLine(large - bare, "4096 textures", AllOf(here, _LARGE_TEXTURE)),
    )


TRELLIS = Operation(
    name="trellis",
    label="TRELLIS.2",
    summary="Image to 3D with a choice of resolution",
    purpose="True to the picture, with a mesh as dense as wanted",
    group=Group.GENERATE,
    order=30,
    routes=(Route("/v1/3d-models/trellis2/generate/"),),
    fields=(
        image(DataUri(address="image_url")),
        Field(
            name="resolution",
            kind=Kind.CHOICE,
            label="Resolution",
            description="Detail of the shape",
            default="1024",
            choices=choices("512", "1024", "1536"),
        ),
        # The service's own default is geometry only; people who click Generate expect a texture.
        Field(
            name="textures",
            kind=Kind.SWITCH,
            label="Textures",
            description="Make textures; without them only the shape is made",
            default=True,
        ),
        Field(
            name="texture_size",
            kind=Kind.CHOICE,
            label="Texture Size",
            description="Width and height of the textures in pixels",
            default="2048",
            choices=(
                Choice("1024", "1024 px"),
                Choice("2048", "2048 px"),
                Choice("4096", "4096 px"),
            ),
            when=Is("textures"),
            encoder=IntegerChoice(),
        ),
        Field(
            name="decimation_target",
            kind=Kind.INTEGER,
            label="Face Target",
            description="How many faces to reduce the mesh to",
            default=1_000_000,
            minimum=1_000,
            maximum=16_000_000,
            advanced=True,
        ),
        Field(
            name="steps",
            kind=Kind.INTEGER,
            label="Steps",
            description="Sampling steps: more take longer",
            default=12,
            minimum=1,
            maximum=50,
            advanced=True,
        ),
        Field(
            name="seed",
            kind=Kind.INTEGER,
            is_seed=True,
            label="Seed",
            description="The same seed and picture give the same model; random if not set",
            minimum=0,
            start=1,
            advanced=True,
        ),
        Field(
            name="generate_thumbnail",
            kind=Kind.SWITCH,
            label="Thumbnail",
            description="Make a 400 x 400 picture of the result as well",
            default=False,
            advanced=True,
        ),
    ),
    price=Price(
        (
            *_lines("512", 15, 25, 30),
            *_lines("1024", 20, 30, 40),
            *_lines("1536", 25, 40, 55),
            PriceLine(2, "thumbnail", Is("generate_thumbnail")),
        ),
        confidence="B",
    ),
    results=(AssetType.MODEL,),
    seconds=(25, 240),
    shorthands={"enable_pbr": {"textures": True}},
)

"""Tencent Hunyuan Pro: the careful engine, from text, an image or several views."""

from ..asset_types import AssetType
from ..conditions import AllOf, AnyOf, Includes, InMode, Is, Not
from ..encoders import ViewList
from ..fields import Choice, Field
from ..goals import HERO, PRINT
from ..group import Group
from ..kinds import Kind
from ..operation import Operation, Route, Rule
from ..prices import Price, PriceLine
from ..values import Mode
from .common import PROMPT_LENGTH, VERSION, image

_VIEWS_3_0 = ("front", "left", "right", "back")
_VIEWS_3_1 = ("top", "bottom", "left_front", "right_front")

TENCENT_PRO = Operation(
    name="tencent-pro",
    label="Hunyuan Pro",
    summary="Detailed text, image or multi-view to 3D",
    purpose="Detailed models for close shots and for printing",
    goals={
        HERO: {"enable_pbr": True, "face_count": 1_500_000},
        PRINT: {"generate_type": "Geometry", "face_count": 1_500_000},
    },
    group=Group.GENERATE,
    order=20,
    routes=(Route("/v1/3d-models/tencent/generate/pro/"),),
    fields=(
        Field(
            name="prompt",
            kind=Kind.TEXT,
            label="Prompt",
            description="What to make, in words",
            source=Mode.TEXT,
            modes=(Mode.TEXT, Mode.IMAGE),
            when=AnyOf(InMode(Mode.TEXT), Is("generate_type", "Sketch")),
            max_length=PROMPT_LENGTH,
        ),
        image(),
        Field(
            name="multi_view_images",
            kind=Kind.VIEWS,
            label="Views",
            description="Pictures of the object from several sides; the front is needed",
            source=Mode.MULTI_VIEW,
            choices=tuple(
                Choice(view, view.replace("_", " ").title()) for view in _VIEWS_3_0 + _VIEWS_3_1
            ),
            encoder=ViewList(),
        ),
        Field(
            name="model",
            kind=Kind.CHOICE,
            label="Model",
            description="Version of the engine",
            default="3.0",
            choices=(Choice("3.0", "3.0"), Choice("3.1", "3.1")),
            pattern=VERSION,
            pattern_example="3.5",
            unverified=True,
        ),
        Field(
            name="enable_pbr",
            kind=Kind.SWITCH,
            label="PBR Textures",
            description="Add metallic, roughness and normal maps",
            default=False,
        ),
        Field(
            name="generate_type",
            kind=Kind.CHOICE,
            label="Type",
            description="What kind of model to make",
            default="Normal",
            choices=(
                Choice("Normal", "Normal", "Textured model"),
                Choice("LowPoly", "Low Poly", "Few, clean polygons (model 3.0)"),
                Choice("Geometry", "Geometry", "Shape without textures"),
                Choice("Sketch", "Sketch", "From a drawing, with a prompt if wanted (model 3.0)"),
                Choice("Cartoon", "Cartoon", documented=False),
                Choice("Sculpture", "Sculpture", documented=False),
            ),
        ),
        Field(
            name="polygon_type",
            kind=Kind.CHOICE,
            label="Polygons",
            description="Shape of the polygons",
            default="triangle",
            choices=(Choice("triangle", "Triangles"), Choice("quadrilateral", "Quads")),
            when=Is("generate_type", "LowPoly"),
        ),
        Field(
            name="face_count",
            kind=Kind.INTEGER,
            label="Face Count",
            description="Most faces the model may have",
            default=500_000,
            minimum=40_000,
            maximum=1_500_000,
            advanced=True,
        ),
    ),
    rules=(
        Rule(
            when=AllOf(Is("model", "3.1"), Is("generate_type", "LowPoly", "Sketch")),
            message="Low Poly and Sketch need model 3.0.",
            field="generate_type",
        ),
        Rule(
            when=AllOf(Is("model", "3.0"), Includes("multi_view_images", *_VIEWS_3_1)),
            message="Top, bottom, left front and right front views need model 3.1.",
            field="multi_view_images",
        ),
        Rule(
            when=AllOf(Is("generate_type", "Sketch"), Not(InMode(Mode.IMAGE))),
            message="Sketch starts from an image of the drawing.",
            field="generate_type",
        ),
        Rule(
            when=AllOf(Is("generate_type", "Geometry"), Is("enable_pbr")),
            message="Geometry has no textures: turn PBR Textures off or choose another type.",
            field="enable_pbr",
        ),
    ),
    price=Price(
        (
            PriceLine(60, "Hunyuan Pro"),
            PriceLine(20, "PBR textures", Is("enable_pbr")),
            PriceLine(20, "multi-view", InMode(Mode.MULTI_VIEW)),
        )
    ),
    results=(AssetType.MODEL, AssetType.ARCHIVE),
    seconds=(180, 360),
)

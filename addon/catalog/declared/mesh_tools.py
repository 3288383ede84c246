"""Tools for a finished model: convert, render, repair, optimize, bake, volume."""

from dataclasses import replace

from ..asset_types import AssetType
from ..conditions import AllOf, AnyOf, Given, Is, Not
from ..encoders import AddressOnly, CommaList, Upload
from ..fields import Choice, Field
from ..group import Group
from ..kinds import Kind
from ..operation import Operation, Outcome, Route, Rule
from ..prices import Price, PriceLine
from ..values import Mode
from .common import quads_need_format

_UPLOAD = Upload(part="model_file", address="model_url")
MODEL_FILE = Field(
    name="model_file",
    kind=Kind.MODEL,
    label="Model",
    description="The model: a file or an http(s) address",
    source=Mode.MODEL,
    encoder=_UPLOAD,
    aliases=("model_url",),
)
_MODEL_OR_ARCHIVE = replace(MODEL_FILE, encoder=replace(_UPLOAD, archives=True))

_FORMATS = (
    Choice("glb", "GLB"),
    Choice("obj", "OBJ", "Geometry only"),
    Choice("obj_zip", "OBJ with Textures", "ZIP with OBJ, MTL and textures"),
    Choice(
        "stl",
        "STL",
        "Geometry only, in meters",
        note="For a printer, export with Print instead (print export on the command line): in "
        "millimeters, on this computer, free of charge. This STL is in meters.",
    ),
    Choice("ply", "PLY", "Keeps vertex colors"),
    Choice("fbx", "FBX", "Textures inside"),
    Choice("fbx_zip", "FBX with Textures", "ZIP with FBX and textures beside it"),
    Choice("usdz", "USDZ"),
    Choice("3mf", "3MF"),
)
_UNITS = (Choice("cm", "cm"), Choice("mm", "mm"), Choice("m", "m"), Choice("in", "in"))


def _unit(when: "AnyOf | Given") -> Field:
    return Field(
        name="unit",
        kind=Kind.CHOICE,
        label="Unit",
        description="Unit of the size",
        default="cm",
        choices=_UNITS,
        when=when,
        confidence="B",
    )


CONVERTIBLE = frozenset({".glb", ".gltf", ".obj", ".stl", ".ply", ".fbx", ".usdz", ".zip"})
"""What ``convert`` reads, by file name suffix."""

CONVERT = Operation(
    name="convert",
    label="Convert",
    summary="Save a model in another file format",
    group=Group.MESH_TOOL,
    order=40,
    routes=(Route("/v1/tools/convert/"),),
    fields=(
        _MODEL_OR_ARCHIVE,
        Field(
            name="output_format",
            kind=Kind.CHOICE,
            label="Format",
            description="File format to convert to",
            default="glb",
            choices=_FORMATS,
        ),
        Field(
            name="max_size",
            kind=Kind.NUMBER,
            label="Longest Side",
            description="Scale the model so that its longest side has this size",
            start=0.1,
            minimum=0.001,
            length_in="unit",
        ),
        _unit(Given("max_size")),
    ),
    price=Price((PriceLine(10, "convert"),)),
    results=(AssetType.MODEL, AssetType.ARCHIVE),
    seconds=(10, 20),
    outcome=Outcome.FILE,
    file_format="{output_format}",
)

_TURNTABLES = ("turntable_4", "turntable_8", "turntable_12")
_VIDEO_OR_TURNTABLE = AnyOf(Is("output_type", "video"), Is("angle", *_TURNTABLES))

RENDER = Operation(
    name="render",
    label="Render",
    summary="Pictures, turntables and videos of a model",
    group=Group.MESH_TOOL,
    order=50,
    routes=(Route("/v1/tools/render/"),),
    fields=(
        _MODEL_OR_ARCHIVE,
        Field(
            name="output_type",
            kind=Kind.CHOICE,
            label="Output",
            description="A picture or a video",
            default="image",
            choices=(Choice("image", "Picture"), Choice("video", "Video")),
        ),
        Field(
            name="angle",
            kind=Kind.CHOICE,
            label="Angle",
            description="Where the camera stands; turntables go all around",
            default="3/4",
            choices=(
                Choice("3/4", "Three Quarters"),
                Choice("front", "Front"),
                Choice("back", "Back"),
                Choice("left", "Left"),
                Choice("right", "Right"),
                Choice("top", "Top"),
                Choice("isometric", "Isometric"),
                Choice("turntable_4", "Turntable, 4 Pictures"),
                Choice("turntable_8", "Turntable, 8 Pictures"),
                Choice("turntable_12", "Turntable, 12 Pictures"),
            ),
        ),
        Field(
            name="resolution",
            kind=Kind.INTEGER,
            label="Resolution",
            description="Width and height in pixels; the service chooses if not set",
            start=1024,
            minimum=64,
            maximum=4096,
            unit="px",
        ),
        # The documentation names three lighting presets; only this one's name is known.
        Field(
            name="lighting",
            kind=Kind.CHOICE,
            label="Lighting",
            description="How the model is lit",
            default="studio",
            choices=(Choice("studio", "Studio"),),
            confidence="C",
        ),
        Field(
            name="background",
            kind=Kind.TEXT,
            label="Background",
            description='"transparent" or a color such as #ffffff; the service chooses if empty',
            pattern_example="#ffffff",
        ),
        Field(
            name="ground_shadow",
            kind=Kind.SWITCH,
            label="Ground Shadow",
            description="Let the model throw a shadow on the ground",
        ),
    ),
    price=Price(
        (
            PriceLine(5, "picture", Not(_VIDEO_OR_TURNTABLE)),
            PriceLine(20, "video or turntable", _VIDEO_OR_TURNTABLE),
        ),
        confidence="B",
    ),
    results=(AssetType.IMAGE, AssetType.ARCHIVE),
    seconds=(15, 120),
    outcome=Outcome.PICTURES,
    confidence="B",
)

_REPAIR_FORMAT = Field(
    name="output_format",
    kind=Kind.CHOICE,
    label="Format",
    description="File format of the result",
    default="glb",
    choices=tuple(c for c in _FORMATS if c.value in ("glb", "stl", "obj", "ply", "fbx")),
)

REPAIR = Operation(
    name="repair",
    label="Repair",
    summary="Make a model watertight for printing",
    group=Group.MESH_TOOL,
    order=10,
    routes=(Route("/v1/tools/repair/"),),
    fields=(
        _MODEL_OR_ARCHIVE,
        _REPAIR_FORMAT,
        Field(
            name="target_height",
            kind=Kind.NUMBER,
            label="Target Height",
            description="Height of the print; the size is kept if not set",
            start=0.1,
            minimum=0.001,
            length_in="unit",
        ),
        _unit(Given("target_height")),
        Field(
            name="hollow",
            kind=Kind.SWITCH,
            label="Hollow",
            description="Make the inside hollow to save material",
            default=False,
        ),
        Field(
            name="wall_thickness",
            kind=Kind.NUMBER,
            label="Wall Thickness",
            description="Thickness of the walls at the target height",
            default=2.0,
            minimum=0.1,
            maximum=100.0,
            unit="mm",
            when=Is("hollow"),
        ),
        Field(
            name="quality",
            kind=Kind.CHOICE,
            label="Quality",
            description="Detail of the new surface",
            default="default",
            choices=(Choice("low", "Low"), Choice("default", "Default"), Choice("max", "Maximum")),
        ),
        Field(
            name="topology",
            kind=Kind.CHOICE,
            label="Polygons",
            description="Shape of the polygons",
            default="tris",
            choices=(Choice("tris", "Triangles"), Choice("quads", "Quads")),
        ),
        Field(
            name="bake_textures",
            kind=Kind.SWITCH,
            label="Keep Textures",
            description="Carry the textures over to the new surface",
            default=True,
        ),
        Field(
            name="texture_resolution",
            kind=Kind.INTEGER,
            label="Texture Size",
            description="Width and height of the new textures",
            default=4096,
            minimum=256,
            maximum=8192,
            unit="px",
            when=Is("bake_textures"),
            advanced=True,
        ),
    ),
    rules=(quads_need_format(Is("topology", "quads"), "topology", _REPAIR_FORMAT),),
    price=Price((PriceLine(60, "repair"), PriceLine(30, "hollow", Is("hollow")))),
    results=(AssetType.MODEL,),
    seconds=(35, 80),
    outcome=Outcome.REPLACEMENT,
    file_format="{output_format}",
)

OPTIMIZE = Operation(
    name="optimize",
    label="Optimize",
    summary="Make a model smaller: fewer triangles, compressed textures",
    group=Group.MESH_TOOL,
    order=20,
    routes=(Route("/v1/tools/optimize/"),),
    fields=(
        MODEL_FILE,
        Field(
            name="preset",
            kind=Kind.CHOICE,
            label="Preset",
            description="How much is kept",
            default="default",
            choices=(Choice("default", "Default"), Choice("low", "Low")),
        ),
        Field(
            name="max_texture_size",
            kind=Kind.INTEGER,
            label="Texture Size",
            description="Largest width and height of textures; kept if not set",
            start=2048,
            minimum=64,
            maximum=8192,
            unit="px",
        ),
    ),
    price=Price((PriceLine(10, "optimize"),), confidence="B"),
    results=(AssetType.MODEL,),
    seconds=(10, 60),
    outcome=Outcome.REPLACEMENT,
    file_format="glb",
    confidence="B",
)

BAKE_TEXTURE = Operation(
    name="bake-texture",
    label="Bake Texture",
    summary="Move the textures of one model to another",
    group=Group.MESH_TOOL,
    order=30,
    routes=(Route("/v1/tools/bake-texture/"),),
    fields=(
        Field(
            name="original_url",
            kind=Kind.MODEL,
            label="High Poly",
            description="The textured model: GLB or glTF",
            source=Mode.MODEL,
            encoder=AddressOnly(
                via="convert", via_values={"output_format": "glb"}, takes=("glb", "gltf")
            ),
            aliases=("high_poly_url", "high_poly_file"),
        ),
        Field(
            name="retopo_url",
            kind=Kind.MODEL,
            label="Low Poly",
            description="The model that gets the textures: GLB, glTF, OBJ or FBX",
            required=True,
            modes=(Mode.MODEL,),
            encoder=AddressOnly(
                via="convert",
                via_values={"output_format": "glb"},
                takes=("glb", "gltf", "obj", "fbx"),
            ),
            aliases=("low_poly_url", "low_poly_file"),
        ),
        Field(
            name="texture_resolution",
            kind=Kind.INTEGER,
            label="Texture Size",
            description="Width and height of the textures; the service chooses if not set",
            start=4096,
            minimum=64,
            maximum=8192,
            unit="px",
        ),
        Field(
            name="output_format",
            kind=Kind.CHOICE,
            label="Format",
            description="File format of the result",
            default="glb",
            choices=(Choice("glb", "GLB"),),
            advanced=True,
        ),
    ),
    price=Price((PriceLine(5, "bake"),), confidence="B"),
    results=(AssetType.MODEL,),
    seconds=(30, 120),
    outcome=Outcome.REPLACEMENT,
    is_textured=True,
    file_format="{output_format}",
    confidence="B",
)

VOLUME = Operation(
    name="volume",
    label="Volume",
    summary="Volume, surface and material of a print at given heights",
    group=Group.MESH_TOOL,
    order=60,
    routes=(Route("/v1/tools/calculate-volume/"),),
    fields=(
        MODEL_FILE,
        Field(
            name="target_height",
            kind=Kind.NUMBER,
            label="Height",
            description="Height of the print",
            start=0.1,
            minimum=0.001,
            length_in="unit",
        ),
        Field(
            name="target_heights",
            kind=Kind.NUMBERS,
            label="Heights",
            description="Several heights to compare, separated by commas",
            minimum=1,
            maximum=10,
            length_in="unit",
            encoder=CommaList(),
        ),
        Field(
            name="unit",
            kind=Kind.CHOICE,
            label="Unit",
            description="Unit of the heights",
            default="cm",
            choices=_UNITS,
        ),
    ),
    rules=(
        Rule(
            when=AllOf(Given("target_height"), Given("target_heights")),
            message="Give Height or Heights, not both.",
            field="target_heights",
        ),
    ),
    price=Price((PriceLine(20, "volume"),), confidence="B"),
    results=(AssetType.MODEL,),
    seconds=(10, 60),
    outcome=Outcome.FIGURES,
    metadata_only=True,
    confidence="B",
)

__all__ = ["BAKE_TEXTURE", "CONVERT", "MODEL_FILE", "OPTIMIZE", "RENDER", "REPAIR", "VOLUME"]

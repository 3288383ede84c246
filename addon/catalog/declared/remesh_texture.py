"""Further work on a model: retexture, smart topology, conversion and segmentation."""

from ..asset_types import AssetType
from ..conditions import AllOf, Given, Is, Not
from ..encoders import AddressOnly, DataUri, Upload
from ..fields import Choice, Field
from ..group import Group
from ..kinds import Kind
from ..operation import Operation, Outcome, Route, Rule
from ..prices import Price, PriceLine
from ..values import Mode
from .common import PROMPT_LENGTH, choices, quads_need_format
from .tripo_fields import COMPRESS, TEXTURE_SEED

_TRIPO_MODEL = Field(
    name="model_file",
    kind=Kind.MODEL,
    label="Model",
    description="The model: a file or an http(s) address",
    source=Mode.MODEL,
    encoder=Upload(part="model", address="model_url"),
    aliases=("model_url",),
)

_WISH = Field(
    name="prompt",
    kind=Kind.TEXT,
    label="Prompt",
    description="What the texture should look like, in words",
    max_length=PROMPT_LENGTH,
)

_NOT_BOTH = Rule(
    when=AllOf(Given("prompt"), Given("image")),
    message="Give a prompt or an image, not both.",
    field="image",
)

_PROMPT_OR_IMAGE = (
    _NOT_BOTH,
    Rule(
        when=AllOf(Not(Given("prompt")), Not(Given("image"))),
        message="Say how it should look: give a prompt or an image.",
        field="prompt",
    ),
)

TEXTURE_EDIT = Operation(
    name="texture-edit",
    label="Retexture (Hunyuan)",
    task="Retexture",
    summary="New textures for a model from a prompt or a picture",
    group=Group.MESH_TOOL,
    order=80,
    routes=(Route("/v1/3d-models/tencent/texture-edit/"),),
    fields=(
        Field(
            name="file_url",
            kind=Kind.MODEL,
            label="Model",
            description="The model as FBX with fewer than 100 000 faces",
            source=Mode.MODEL,
            encoder=AddressOnly(via="convert", via_values={"output_format": "fbx"}, takes=("fbx",)),
            aliases=("model_url", "model_file"),
        ),
        _WISH,
        Field(
            name="image",
            kind=Kind.IMAGE,
            label="Image",
            description="Picture the texture should look like",
            encoder=DataUri(),
        ),
        Field(
            name="enable_pbr",
            kind=Kind.SWITCH,
            label="PBR Textures",
            description="Add metallic, roughness and normal maps",
            default=False,
            when=Given("prompt"),
        ),
    ),
    rules=_PROMPT_OR_IMAGE,
    price=Price((PriceLine(80, "retexture"),), confidence="B"),
    results=(AssetType.MODEL, AssetType.ARCHIVE),
    seconds=(60, 300),
    outcome=Outcome.TEXTURES,
    file_format="glb",
    confidence="B",
)

TEXTURE_MODEL = Operation(
    name="texture-model",
    label="Retexture (Tripo)",
    task="Retexture",
    summary="New textures for a model from a prompt or a picture, with a style",
    group=Group.MESH_TOOL,
    order=70,
    routes=(Route("/v1/3d-models/tripo/texture-model/"),),
    fields=(
        _TRIPO_MODEL,
        _WISH,
        Field(
            name="image",
            kind=Kind.IMAGE,
            label="Image",
            description="Picture the texture should look like",
            encoder=Upload(part="image", address="image_url"),
        ),
        Field(
            name="style_image",
            kind=Kind.IMAGE,
            label="Style Image",
            description="Picture whose style to take",
            encoder=Upload(part="style_image", address="style_image_url"),
        ),
        Field(
            name="texture_quality",
            kind=Kind.CHOICE,
            label="Texture Quality",
            description="Detail of the textures",
            default="standard",
            choices=(Choice("standard", "Standard"), Choice("detailed", "Detailed")),
        ),
        Field(
            name="pbr",
            kind=Kind.SWITCH,
            label="PBR",
            description="Add metallic, roughness and normal maps",
            default=True,
        ),
        Field(
            name="texture_alignment",
            kind=Kind.CHOICE,
            label="Texture Follows",
            description="What the texture is fitted to",
            default="original_image",
            choices=(Choice("original_image", "Picture"), Choice("geometry", "Geometry")),
            advanced=True,
        ),
        Field(
            name="texture_seed",
            kind=Kind.INTEGER,
            is_seed=True,
            label=TEXTURE_SEED.label,
            description=TEXTURE_SEED.description,
            start=TEXTURE_SEED.start,
            advanced=True,
        ),
        COMPRESS,
        Field(
            name="bake",
            kind=Kind.SWITCH,
            label="Bake",
            description="Bake the material into the textures",
            default=True,
            advanced=True,
        ),
    ),
    rules=(
        _NOT_BOTH,
        Rule(
            when=AllOf(Not(Given("prompt")), Not(Given("image")), Not(Given("style_image"))),
            message="Say how it should look: give a prompt, an image or a style image.",
            field="prompt",
        ),
    ),
    price=Price(
        (
            PriceLine(20, "retexture", Is("texture_quality", "standard")),
            PriceLine(40, "detailed retexture", Is("texture_quality", "detailed")),
            PriceLine(10, "style image", Given("style_image")),
        ),
        confidence="B",
    ),
    results=(AssetType.MODEL,),
    seconds=(60, 240),
    outcome=Outcome.TEXTURES,
    file_format="glb",
    always_form=True,
    confidence="B",
)

_CONVERT_FORMAT = Field(
    name="format",
    kind=Kind.CHOICE,
    label="Format",
    description="File format to convert to",
    default="GLTF",
    choices=choices("GLTF", "USDZ", "FBX", "OBJ", "STL", "3MF"),
)

CONVERT_MODEL = Operation(
    name="convert-model",
    label="Convert (Tripo)",
    task="Convert",
    summary="Convert with quads, face limit and texture options",
    group=Group.MESH_TOOL,
    order=110,
    routes=(Route("/v1/3d-models/tripo/convert-model/"),),
    fields=(
        _TRIPO_MODEL,
        _CONVERT_FORMAT,
        Field(
            name="quad",
            kind=Kind.SWITCH,
            label="Quads",
            description="Remesh to quads",
            default=False,
            only_if_changed=True,
        ),
        Field(
            name="force_symmetry",
            kind=Kind.SWITCH,
            label="Symmetry",
            description="Make the quads symmetric",
            default=False,
            only_if_changed=True,
            when=Is("quad"),
        ),
        Field(
            name="face_limit",
            kind=Kind.INTEGER,
            label="Face Limit",
            description="Most faces the model may have; kept if not set",
            start=10_000,
            minimum=1,
        ),
        Field(
            name="flatten_bottom",
            kind=Kind.SWITCH,
            label="Flatten Bottom",
            description="Give the model a flat base",
            default=False,
            only_if_changed=True,
        ),
        Field(
            name="flatten_bottom_threshold",
            kind=Kind.NUMBER,
            label="Flatten Depth",
            description="How much of the bottom is flattened",
            default=0.01,
            only_if_changed=True,
            minimum=0.0,
            when=Is("flatten_bottom"),
            advanced=True,
        ),
        Field(
            name="pivot_to_center_bottom",
            kind=Kind.SWITCH,
            label="Origin at Base",
            description="Put the origin at the center of the base",
            default=False,
            only_if_changed=True,
        ),
        Field(
            name="scale_factor",
            kind=Kind.NUMBER,
            label="Scale",
            description="Factor on the size",
            default=1.0,
            only_if_changed=True,
            minimum=0.0001,
        ),
        Field(
            name="texture_size",
            kind=Kind.INTEGER,
            label="Texture Size",
            description="Width and height of the textures; kept if not set",
            start=2048,
            minimum=1,
            maximum=4096,
            unit="px",
            advanced=True,
        ),
        Field(
            name="texture_format",
            kind=Kind.CHOICE,
            label="Texture Format",
            description="File format of the textures",
            default="JPEG",
            only_if_changed=True,
            choices=choices(
                "BMP", "DPX", "HDR", "JPEG", "OPEN_EXR", "PNG", "TARGA", "TIFF", "WEBP"
            ),
            advanced=True,
        ),
        Field(
            name="bake",
            kind=Kind.SWITCH,
            label="Bake",
            description="Bake the material into the textures",
            default=True,
            only_if_changed=True,
            advanced=True,
        ),
        Field(
            name="pack_uv",
            kind=Kind.SWITCH,
            label="Pack UVs",
            description="Pack all parts into one UV map",
            default=False,
            only_if_changed=True,
            advanced=True,
        ),
        Field(
            name="with_animation",
            kind=Kind.SWITCH,
            label="Animation",
            description="Keep the animation of the file",
            default=True,
            only_if_changed=True,
            advanced=True,
        ),
        Field(
            name="fbx_preset",
            kind=Kind.CHOICE,
            label="FBX For",
            description="Program the FBX is meant for",
            default="blender",
            only_if_changed=True,
            choices=(
                Choice("blender", "Blender"),
                Choice("mixamo", "Mixamo"),
                Choice("3dsmax", "3ds Max"),
            ),
            when=Is("format", "FBX"),
            advanced=True,
            confidence="C",
        ),
    ),
    rules=(quads_need_format(Is("quad"), "quad", _CONVERT_FORMAT),),
    # The base price is not visible in public material; 10 is what its neighbours cost.
    price=Price((PriceLine(10, "convert"), PriceLine(10, "quads", Is("quad"))), confidence="C"),
    results=(AssetType.MODEL, AssetType.ARCHIVE),
    seconds=(20, 120),
    outcome=Outcome.FILE,
    file_format="{format}",
    always_form=True,
    confidence="B",
)

SEGMENT = Operation(
    name="segment",
    label="Segment",
    summary="Split a model into its parts",
    group=Group.MESH_TOOL,
    order=100,
    routes=(Route("/v1/3d-models/tripo/mesh-segmentation/"),),
    fields=(_TRIPO_MODEL,),
    price=Price((PriceLine(80, "segmentation"),), confidence="B"),
    results=(AssetType.MODEL,),
    seconds=(40, 180),
    outcome=Outcome.PARTS,
    file_format="glb",
    always_form=True,
    confidence="B",
)

_TOPOLOGY_FORMAT = Field(
    name="output_format",
    kind=Kind.CHOICE,
    label="Format",
    description="File format of the result",
    default="OBJ",
    choices=choices("OBJ", "FBX", "STL", "USDZ"),
)

TOPOLOGY = Operation(
    name="topology",
    label="Smart Topology",
    summary="Rebuild a model with clean, few polygons",
    group=Group.MESH_TOOL,
    order=90,
    routes=(Route("/v1/3d-models/tencent/topology/"),),
    fields=(
        Field(
            name="file_url",
            kind=Kind.MODEL,
            label="Model",
            description="The model as GLB or OBJ",
            source=Mode.MODEL,
            encoder=AddressOnly(
                via="convert",
                via_values={"output_format": "glb"},
                takes=("glb", "obj"),
                format_field="file_type",
            ),
            aliases=("model_url", "model_file"),
        ),
        Field(
            name="file_type",
            kind=Kind.CHOICE,
            label="File Type",
            description="Format of the given model",
            default="GLB",
            choices=choices("GLB", "OBJ"),
            advanced=True,
        ),
        Field(
            name="polygon_type",
            kind=Kind.CHOICE,
            label="Polygons",
            description="Shape of the polygons; the service chooses if not set",
            choices=(Choice("triangle", "Triangles"), Choice("quadrilateral", "Quads")),
        ),
        Field(
            name="face_level",
            kind=Kind.CHOICE,
            label="Detail",
            description="How many polygons are kept; the service chooses if not set",
            choices=(Choice("high", "High"), Choice("medium", "Medium"), Choice("low", "Low")),
        ),
        _TOPOLOGY_FORMAT,
    ),
    rules=(
        quads_need_format(Is("polygon_type", "quadrilateral"), "polygon_type", _TOPOLOGY_FORMAT),
    ),
    price=Price((PriceLine(100, "smart topology"),), confidence="B"),
    simple_below=5_000,
    results=(AssetType.MODEL, AssetType.ARCHIVE),
    seconds=(60, 300),
    outcome=Outcome.REPLACEMENT,
    file_format="{output_format}",
    confidence="B",
)

"""The miniature flow: from a photo to a printable figurine."""

from ..asset_types import AssetType
from ..conditions import Is
from ..encoders import DataUri, Plain
from ..fields import Choice, Field
from ..group import Group
from ..kinds import Kind
from ..operation import Operation, Route
from ..prices import Price, PriceLine
from ..values import Mode
from .common import choices

_WHOLE = "human_full_body"
_SUBJECTS = {
    _WHOLE: ("Full Body", "A whole person"),
    "human_bust": ("Bust", "Head and shoulders of a person"),
    "animal": ("Animal", "An animal"),
    "object": ("Object", "A thing"),
}
_SERIES = {
    "v3_miniature": ("V3", "stylized, no pedestal, without accessories that cannot be printed"),
    "realistic": ("Realistic", "true to life rather than stylized"),
    "v2_miniature": ("V2", "stylized, no pedestal; an earlier version"),
    "miniature": ("", "stylized; the first version"),
}
_POSES = {
    "crossed_arms": ("Crossed Arms", "with crossed arms"),
    "hands_on_hips": ("Hands on Hips", "with the hands on the hips"),
    "thumbs_up": ("Thumbs Up", "with the thumbs up"),
    "hands_in_pockets": ("In Pockets", "with the hands in the pockets"),
    "arms_behind_back": ("Behind Back", "with the arms behind the back"),
    "waving": ("Waving", "who waves"),
}
_SCALES = {"z": 220.0, "n": 160.0, "tt": 120.0, "h0": 87.0, "o": 48.0, "g": 22.5}
_V4 = (
    Choice(
        "v4_miniature_human_full_body",
        "V4 Full Body",
        "A whole person in the colors of the clothes and the pose of the photo",
        whole_figure=True,
    ),
    Choice("v4_miniature_general", "V4 General", "Anything: people, animals, vehicles, groups"),
)


def _presets() -> tuple[Choice, ...]:
    """Labels are short, or a drop-down in the sidebar would cut them off."""
    first, *others = _SERIES
    return (
        *_of_series(first),
        *(_posing(name) for name in _POSES),
        *_V4,
        *(choice for series in others for choice in _of_series(series)),
    )


def _of_series(series: str) -> list[Choice]:
    short, style = _SERIES[series]
    return [
        Choice(
            f"{series}_{name}",
            f"{short} {label}".strip(),
            f"{subject}, {style}",
            whole_figure=name == _WHOLE,
        )
        for name, (label, subject) in _SUBJECTS.items()
    ]


def _posing(pose: str) -> Choice:
    label, words = _POSES[pose]
    return Choice(
        f"v3_miniature_{_WHOLE}_{pose}",
        f"V3 {label}",
        f"A whole person {words}, stylized, no pedestal",
        whole_figure=True,
    )


MINIATURE = Operation(
    name="miniature",
    label="Miniature",
    summary="From a photo to a printable figurine",
    button="Make Miniature",
    group=Group.FLOW,
    order=10,
    routes=(Route("/v1/flow/miniature/"),),
    fields=(
        Field(
            name="image",
            kind=Kind.IMAGE,
            label="Photo",
            description="Photo of the person, animal or thing",
            source=Mode.IMAGE,
            encoder=DataUri(),
        ),
        Field(
            name="preset",
            kind=Kind.CHOICE,
            label="Preset",
            description="Subject and style of the figurine",
            required=True,
            choices=_presets(),
        ),
        Field(
            name="edition",
            kind=Kind.CHOICE,
            label="Edition",
            description="Careful or fast",
            default="default",
            choices=(Choice("default", "Default"), Choice("fast", "Fast")),
        ),
        Field(
            name="scale",
            kind=Kind.CHOICE,
            label="Scale",
            description="Model railway scale, a ratio such as 1:150, or a custom height",
            default="none",
            starts_with="custom",
            choices=(
                Choice(
                    "none", "None", note="Without a scale nothing comes in the size of a print."
                ),
                *(
                    Choice(name, f"{name.upper()} (1:{ratio:g})", ratio=ratio)
                    for name, ratio in _SCALES.items()
                ),
                Choice("custom", "Custom Height", "The height below, whatever the subject is"),
            ),
            pattern=r"1:(?=[\d.]*[1-9])\d+(\.\d+)?",
            pattern_example="1:150",
        ),
        Field(
            name="scale_height_cm",
            kind=Kind.NUMBER,
            label="Height",
            description="Height of the printed figurine",
            required=True,
            start=10.0,
            minimum=0.1,
            maximum=100.0,
            unit="cm",
            height_in_metres=0.01,
            when=Is("scale", "custom"),
        ),
        Field(
            name="face_count",
            kind=Kind.INTEGER,
            label="Face Count",
            description="How many faces; the service chooses if not set",
            start=200_000,
            minimum=3_000,
            maximum=1_500_000,
            advanced=True,
        ),
        Field(
            name="engine_2d",
            kind=Kind.CHOICE,
            label="Picture Engine",
            description="Engine that styles the photo; v3.2 is experimental",
            default="v3",
            choices=choices("v3", "v3.1", "v3.2"),
            encoder=Plain("2d_engine"),
            aliases=("2d_engine",),
            advanced=True,
        ),
        Field(
            name="engine_3d",
            kind=Kind.CHOICE,
            label="Model Engine",
            description="Engine that makes the model",
            default="hunyuan",
            choices=(Choice("hunyuan", "Hunyuan"), Choice("prism", "Prism")),
            encoder=Plain("3d_engine"),
            aliases=("3d_engine",),
            advanced=True,
        ),
        Field(
            name="obj_scale_multiplier",
            kind=Kind.NUMBER,
            label="OBJ Scale",
            description="Factor on the OBJ's coordinates: 1000 gives millimeters",
            default=1e3,
            minimum=0.001,
            advanced=True,
        ),
    ),
    price=Price(
        (
            PriceLine(300, "miniature", Is("edition", "default")),
            PriceLine(200, "fast miniature", Is("edition", "fast")),
        )
    ),
    results=(
        AssetType.SCALED_MODEL,
        AssetType.MODEL,
        AssetType.EDITED_IMAGE,
        AssetType.ARCHIVE,
    ),
    result_labels={
        AssetType.EDITED_IMAGE: "Styled Picture",
        AssetType.SCALED_MODEL: "Model in Print Size",
        AssetType.ARCHIVE: "OBJ in Print Size",
    },
    seconds=(180, 480),
)

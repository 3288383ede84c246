"""``Scene.studio3d``: the sidebar's settings, made from the catalogue.

The prompt, the image and the views are shared by all engines, so that changing the engine keeps
them; every operation has a group of its own with the rest of its fields. ``Scene.studio3d`` is
saved with the .blend; nothing secret is in it.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ...catalog import Field, Group, Kind, Mode, Operation, Value, get, groups, operations
from ...jobs.alternatives import MOST_VARIATIONS, varied
from ...jobs.candidates import FEWEST, MOST
from ..core import ids, units
from ..core.access import scene_of, typed
from ..core.ids import CONTEXT
from . import cut_out, recipe_settings
from .field_properties import RnaDefinition, define, path_property, read, rna_name, text_property
from .placement_settings import STUDIO3D_PG_placement
from .print_settings import CLASSES as PRINT_CLASSES
from .print_settings import STUDIO3D_PG_printing
from .recipe_settings import CLASSES as RECIPE_CLASSES
from .recipe_settings import STUDIO3D_PG_then

if TYPE_CHECKING:
    from .draft import Draft

MODE_LABELS = {
    Mode.TEXT: ("Text", "Start from a description in words"),
    Mode.IMAGE: ("Image", "Start from one picture"),
    Mode.MULTI_VIEW: ("Multi-View", "Start from pictures of several sides"),
    Mode.MODEL: ("Model", "Start from the file of a model"),
}

_SHARED = {(Mode.TEXT, Kind.TEXT), (Mode.IMAGE, Kind.IMAGE), (Mode.MULTI_VIEW, Kind.VIEWS)}

PICTURE_GROUPS = (Group.IMAGE, Group.IMAGE_TOOL)
"""Groups of operations that make or change pictures; they share what they start from as well."""


def is_shared(operation: Operation, field: Field) -> bool:
    """Tell whether the field is one of those all engines share."""
    if operation.group in PICTURE_GROUPS:
        return field.source is not None
    return operation.group is Group.GENERATE and (field.source, field.kind) in _SHARED


def own_fields(operation: Operation) -> tuple[Field, ...]:
    """The fields that only this operation has properties for; units are those of the scene."""
    units = operation.units()
    return tuple(f for f in operation.fields if f.name not in units and not is_shared(operation, f))


def picture_operations() -> tuple[Operation, ...]:
    """The operations of the Image panel."""
    return tuple(operation for group in PICTURE_GROUPS for operation in operations(group))


def candidate_engines() -> tuple[Operation, ...]:
    """The engines that make pictures from words."""
    return tuple(one for one in operations(Group.IMAGE) if Mode.TEXT in one.modes)


def generate_modes() -> tuple[Mode, ...]:
    """The ways to start a model that some engine offers."""
    offered = {mode for operation in operations(Group.GENERATE) for mode in operation.modes}
    return tuple(mode for mode in MODE_LABELS if mode in offered)


def engines(mode: Mode) -> tuple[Operation, ...]:
    """The engines that can start from ``mode``."""
    return tuple(engine for engine in operations(Group.GENERATE) if mode in engine.modes)


def engine_property(mode: Mode) -> str:
    """RNA name of the choice of engine. Each mode has its own, so every mode keeps its choice."""
    return f"engine_{mode.lower()}"


REQUEST_MODE = "request_mode"
"""RNA name of what a request starts from, in the group of an operation that leaves it open."""


IS_COMPARED: Final = "is_compared"
"""RNA name of the switch in an engine's group that has it make the same as the chosen one."""


def panel_groups() -> tuple[Group, ...]:
    """The groups of operations that have a panel made for them."""
    return tuple(group for group in groups() if group.panel)


def has_choice(group: Group) -> bool:
    """Whether the group's panel has more than one operation to choose from."""
    return len(operations(group)) > 1


def choice_property(group: Group) -> str:
    """RNA name of the choice among the group's operations."""
    return f"{group.identifier}_operation"


def placement_property(group: Group) -> str:
    """RNA name of how results of the group's panel are placed."""
    return f"{group.identifier}_placement" if makes_models(group) else "placement"


def makes_models(group: Group) -> bool:
    """Whether the group has a panel of its own that orders something for a scene."""
    return bool(group.panel) and any(operation.makes_model for operation in operations(group))


def has_modes(operation: Operation) -> bool:
    """Whether the panel of the operation's group asks what a request starts from."""
    return bool(operation.group.panel) and len(operation.modes) > 1


def _make_group(name: str, definitions: dict[str, RnaDefinition]) -> type[bpy.types.PropertyGroup]:
    return type(
        f"{ids.EXTENSION.upper()}_PG_{name}",
        (bpy.types.PropertyGroup,),
        {"__annotations__": definitions, "__module__": __name__},
    )


def _own_definitions(operation: Operation) -> dict[str, RnaDefinition]:
    definitions = {name: value for f in own_fields(operation) for name, value in define(f).items()}
    if operation.group is Group.GENERATE:
        definitions[IS_COMPARED] = BoolProperty(
            name="Compare",
            description="Order it from this engine as well, to choose from what all of them make; "
            "each has its own price",
            default=False,
            translation_context=CONTEXT,
        )
    if has_modes(operation):
        definitions[REQUEST_MODE] = EnumProperty(
            name="Start From",
            description="What the result is made from",
            items=[(mode.value, *MODE_LABELS[mode]) for mode in operation.modes],
            translation_context=CONTEXT,
        )
    return definitions


def _choice_definitions() -> dict[str, RnaDefinition]:
    return {
        choice_property(group): EnumProperty(
            name="Operation",
            description="What to order",
            items=[(found.name, found.label, found.summary) for found in operations(group)],
            translation_context=CONTEXT,
        )
        for group in panel_groups()
        if has_choice(group)
    }


def _view_definitions() -> dict[str, RnaDefinition]:
    definitions: dict[str, RnaDefinition] = {}
    for operation in operations(Group.GENERATE):
        for field in operation.fields:
            if field.kind is Kind.VIEWS and is_shared(operation, field):
                definitions = define(field) | definitions
    return definitions


def _picture_definitions() -> dict[str, RnaDefinition]:
    return {
        name: definition
        for operation in picture_operations()
        for field in operation.fields
        if is_shared(operation, field)
        for name, definition in define(field).items()
    }


VIEWS_GROUP = _make_group("views", _view_definitions())

if TYPE_CHECKING:

    class STUDIO3D_PG_pictures(bpy.types.PropertyGroup):
        """What the operations for pictures start from."""
else:
    STUDIO3D_PG_pictures = _make_group("pictures", _picture_definitions())

OPERATION_GROUPS = {
    operation.name: _make_group(rna_name(operation.name), _own_definitions(operation))
    for operation in operations()
}


def tool_items() -> list[tuple[str, str, str]]:
    """The tools for models as the items of an enumeration."""
    return [(tool.name, tool.label, tool.summary) for tool in operations(Group.MESH_TOOL)]


class STUDIO3D_PG_step(bpy.types.PropertyGroup):
    """A step of a chain; its settings are those of the tool."""

    if TYPE_CHECKING:
        tool: str
    else:
        tool: EnumProperty(
            name="Tool",
            description="What this step does with the model",
            items=tool_items(),
            translation_context=CONTEXT,
        )


TEXTURE_SIZES = (
    ("0", "Off", "Leave results as they come back"),
    ("512", "512 px", "Pictures for small or distant things"),
    ("1024", "1024 px", "Pictures that take a few seconds"),
    ("2048", "2048 px", "Pictures for most things; they take up to half a minute"),
    ("4096", "4096 px", "Pictures for what is seen closely; they take a minute or two"),
)
"""Pixels along the side of a picture that is baked."""


def _settings_definitions() -> dict[str, RnaDefinition]:
    definitions: dict[str, RnaDefinition] = {
        "mode": EnumProperty(
            name="Start From",
            description="What the model is made from",
            items=[(mode.value, *MODE_LABELS[mode]) for mode in generate_modes()],
            translation_context=CONTEXT,
        ),
        "prompt": StringProperty(
            name="Prompt",
            description="What to make, in words",
            options={"TEXTEDIT_UPDATE"},
            translation_context=CONTEXT,
        ),
        "prompt_text": text_property(),
        "image": path_property("Image", "Picture of the object: a file or an http(s) address"),
        "views": PointerProperty(type=VIEWS_GROUP),
        "pictures": PointerProperty(type=STUDIO3D_PG_pictures),
        "placement": PointerProperty(type=STUDIO3D_PG_placement),
        "printing": PointerProperty(type=STUDIO3D_PG_printing),
        "then": PointerProperty(type=STUDIO3D_PG_then),
        "picture_operation": EnumProperty(
            name="Engine",
            description="What makes the picture, or changes it",
            items=[(found.name, found.label, found.summary) for found in picture_operations()],
            translation_context=CONTEXT,
        ),
        "tool": EnumProperty(
            name="Tool",
            description="What to do with the selected object",
            items=tool_items(),
            translation_context=CONTEXT,
        ),
        "chain": CollectionProperty(type=STUDIO3D_PG_step),
        "shown_step": IntProperty(
            name="Shown Step",
            description="The step whose settings are shown",
            min=0,
            translation_context=CONTEXT,
        ),
        "apply_modifiers": BoolProperty(
            name="Apply Modifiers",
            description="Send the object as its modifiers show it; in the result only those that "
            "bend it, such as an armature, are then on",
            default=True,
            translation_context=CONTEXT,
        ),
        "with_children": BoolProperty(
            name="With Children",
            description="Send what hangs on the selected objects as well",
            default=False,
            translation_context=CONTEXT,
        ),
        "one_by_one": BoolProperty(
            name="One Result Each",
            description="Send each selected object as a model of its own, at the price of each",
            default=False,
            translation_context=CONTEXT,
        ),
        "texture_size": EnumProperty(
            name="Bake Textures",
            description=(
                "Where the result comes back without textures, bake what the original shows onto "
                "it: on this computer, free of charge"
            ),
            items=TEXTURE_SIZES,
            default="2048",
            translation_context=CONTEXT,
        ),
        "variations": IntProperty(
            name="Variations",
            description="How many results of the same wish to order, to choose one of them; each "
            "has its own price",
            min=1,
            max=MOST_VARIATIONS,
            default=1,
            translation_context=CONTEXT,
        ),
        "cut_out": BoolProperty(
            name="Remove Background",
            description="Cut the subject out of the picture first, as a step of the same order: "
            "the price is that of both",
            default=False,
            translation_context=CONTEXT,
        ),
        "candidate_engine": EnumProperty(
            name="Engine",
            description="What makes the pictures",
            items=[(found.name, found.label, found.summary) for found in candidate_engines()],
            translation_context=CONTEXT,
        ),
        "candidates": IntProperty(
            name="Pictures",
            description="How many pictures to choose from",
            min=FEWEST,
            max=MOST,
            default=4,
            translation_context=CONTEXT,
        ),
        "candidates_small": BoolProperty(
            name="As Small as Possible",
            description="Choose what costs least: the pictures are for choosing, and for engines "
            "that look at no more than that",
            default=True,
            translation_context=CONTEXT,
        ),
        "uv_map": StringProperty(
            name="Keep UV Map",
            description="UV map of the object onto which the new textures are baked, on this "
            "computer and free of charge. Empty: they come with a UV map of their own",
            translation_context=CONTEXT,
        ),
        "import_converted": BoolProperty(
            name="Import",
            description="Bring the converted file into the scene as well",
            default=False,
            translation_context=CONTEXT,
        ),
    }
    definitions["has_results"] = BoolProperty(
        name="Has Results",
        description="Whether a result was brought into this scene: later ones leave the views "
        "alone",
        options={"HIDDEN"},
        translation_context=CONTEXT,
    )
    for mode in generate_modes():
        definitions[engine_property(mode)] = EnumProperty(
            name="Engine",
            description="Which of the service's engines makes the model",
            items=[(engine.name, engine.label, engine.summary) for engine in engines(mode)],
            translation_context=CONTEXT,
        )
    definitions |= _choice_definitions()
    for group in filter(makes_models, panel_groups()):
        definitions[placement_property(group)] = PointerProperty(type=STUDIO3D_PG_placement)
    for name, fields in OPERATION_GROUPS.items():
        definitions[rna_name(name)] = PointerProperty(type=fields)
    return definitions


if TYPE_CHECKING:

    class SceneSettings(bpy.types.PropertyGroup):
        """The fixed part of the group; the rest is reached through the functions below."""

        mode: str
        prompt: str
        image: str
        views: bpy.types.PropertyGroup
        pictures: bpy.types.PropertyGroup
        placement: STUDIO3D_PG_placement
        printing: STUDIO3D_PG_printing
        then: STUDIO3D_PG_then
        picture_operation: str
        tool: str
        chain: bpy.types.bpy_prop_collection_idprop[STUDIO3D_PG_step]
        shown_step: int
        apply_modifiers: bool
        with_children: bool
        one_by_one: bool
        texture_size: str
        variations: int
        cut_out: bool
        candidate_engine: str
        candidates: int
        candidates_small: bool
        uv_map: str
        import_converted: bool
        has_results: bool
else:
    SceneSettings = _make_group("settings", _settings_definitions())

CLASSES: tuple[type[bpy.types.PropertyGroup], ...] = (
    VIEWS_GROUP,
    STUDIO3D_PG_pictures,
    STUDIO3D_PG_placement,
    *PRINT_CLASSES,
    *RECIPE_CLASSES,
    STUDIO3D_PG_step,
    *OPERATION_GROUPS.values(),
    SceneSettings,
)


def settings_of(context: bpy.types.Context) -> SceneSettings:
    """Return the settings of the context's scene."""
    return settings_in(scene_of(context))


def settings_in(scene: bpy.types.Scene) -> SceneSettings:
    """Return the settings of a scene."""
    settings: SceneSettings = getattr(scene, ids.EXTENSION)
    return settings


def group_of(settings: SceneSettings, operation: Operation) -> bpy.types.PropertyGroup:
    """Return the group that holds the operation's own fields."""
    group: bpy.types.PropertyGroup = getattr(settings, rna_name(operation.name))
    return group


def placement_choices(settings: SceneSettings, operation: Operation) -> STUDIO3D_PG_placement:
    """Return how results of the operation are to be placed, which its own form says."""
    choices: STUDIO3D_PG_placement = getattr(settings, placement_property(operation.group))
    return choices


def home_of(
    settings: SceneSettings,
    operation: Operation,
    field: Field,
    pictures: bpy.types.PropertyGroup | None = None,
) -> bpy.types.PropertyGroup:
    """Return the group that holds this field.

    ``pictures`` is for dialogs that start from other pictures than the Image panel does.
    """
    if not is_shared(operation, field):
        return group_of(settings, operation)
    if operation.group in PICTURE_GROUPS:
        return pictures or settings.pictures
    return settings.views if field.kind is Kind.VIEWS else settings


def engine_of(settings: SceneSettings) -> Operation:
    """Return the engine chosen for the present mode."""
    return get(getattr(settings, engine_property(Mode(settings.mode))))


def draft_of(
    settings: SceneSettings,
    operation: Operation,
    mode: Mode | None,
    pictures: bpy.types.PropertyGroup | None = None,
) -> "Draft":
    """Return what the settings ask of ``operation`` when starting from ``mode``.

    ``pictures`` as in ``home_of``.
    """
    scene = typed(bpy.types.Scene, settings.id_data)
    chosen = {name: units.service_unit(scene, operation.field(name)) for name in operation.units()}
    values: dict[str, Value] = dict(chosen)
    for field in operation.fields:
        if field.name in chosen or not operation.belongs(field, mode):
            continue
        value = read(home_of(settings, operation, field, pictures), field)
        if value is not None and field.length_in:
            value = units.to_service(scene, value, chosen[field.length_in])
        if value is not None:
            values[field.name] = value
    from .draft import make_draft  # late: registering makes none

    return make_draft(operation, mode, values)


def generate_draft(settings: SceneSettings) -> "Draft":
    """Return what the Generate panel asks for."""
    return _draft_by(settings, engine_of(settings))


def _draft_by(settings: SceneSettings, engine: Operation) -> "Draft":
    draft = draft_of(settings, engine, Mode(settings.mode))
    return cut_out.with_cut_out(draft, wanted=settings.cut_out)


def compared_engines(settings: SceneSettings) -> tuple[Operation, ...]:
    """The engines that make it: the chosen one first, then those it is compared with."""
    chosen, mode = engine_of(settings), Mode(settings.mode)
    others = (one for one in engines(mode) if one.name != chosen.name)
    return (chosen, *(one for one in others if getattr(group_of(settings, one), IS_COMPARED)))


def generate_drafts(settings: SceneSettings) -> "tuple[Draft, ...]":
    """Return what the Generate panel asks for, one for each result, and what is done with them."""
    then, budget = recipe_settings.steps_of(settings.then), settings.then.budget
    plain = (_draft_by(settings, engine) for engine in compared_engines(settings))
    drafts = [replace(draft, then=then, budget=budget) for draft in plain]
    return tuple(
        replace(draft, values=varied(draft.operation, draft.values, number))
        for draft in drafts
        for number in range(settings.variations)
    )


def register() -> None:
    """Add ``Scene.studio3d``."""
    setattr(bpy.types.Scene, ids.EXTENSION, PointerProperty(type=SceneSettings))


def unregister() -> None:
    """Take ``Scene.studio3d`` away."""
    delattr(bpy.types.Scene, ids.EXTENSION)

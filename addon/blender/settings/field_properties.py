"""How one field of the catalogue becomes RNA properties, and how it is read back from them.

A field without a default is optional: the service decides unless the user says otherwise. A number
gets a second property for that, its switch ``use_<name>``; what can be chosen has one more choice.
Several pictures (``Kind.IMAGES``) get one path each.
"""

import keyword
from collections.abc import Callable, Mapping
from typing import Any

import bpy
from bpy.props import (
    BoolProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ...catalog import Choice, Field, Kind, Value
from ...catalog.fields import UNNAMED
from ..core.ids import CONTEXT
from .field_labels import (
    AUTOMATIC_CHOICE,
    AUTOMATIC_DESCRIPTION,
    OFF_CHOICE,
    ON_CHOICE,
    OTHER_CHOICE,
    PROMPT_TEXT,
    PROMPT_TEXT_DESCRIPTION,
    SWITCH_DESCRIPTION,
    example,
    label,
    slot_labels,
    view_description,
)

RnaDefinition = Any
"""What a ``bpy.props`` function returns; Blender keeps its class to itself."""

INT_LIMIT = 2**31 - 1
FLOAT_LIMIT = 1e9
OTHER = UNNAMED
"""The choice that opens a text for values beyond the listed ones (``Field.pattern``)."""

AUTOMATIC = "AUTOMATIC"
"""The choice that is not sent."""
ON, OFF = "ON", "OFF"
"""What a switch says that may be left to the service."""

# From 4.5 a property has to say that it understands "//"; older versions do not know the option.
_PATH_OPTIONS: set[Any] = (
    {"PATH_SUPPORTS_BLEND_RELATIVE"} if bpy.app.version >= (4, 5, 0) else set()
)


def rna_name(name: str) -> str:
    """Return ``name`` as an RNA identifier that is free to use on a PropertyGroup."""
    cleaned = name.replace("-", "_")
    usable = cleaned.isidentifier() and not keyword.iskeyword(cleaned)
    taken = hasattr(bpy.types.PropertyGroup, cleaned)
    return cleaned if usable and not taken else f"field_{cleaned}"


def is_optional(field: Field) -> bool:
    """Tell whether the field has a switch that decides if it is sent at all."""
    return _is_open(field) and not is_automatic(field)


def is_automatic(field: Field) -> bool:
    """Tell whether one of the field's choices is to leave it to the service."""
    has_several = field.kind is Kind.SWITCH or len(field.offered_choices()) > 1
    return has_several and _is_open(field)


def _is_open(field: Field) -> bool:
    is_value = field.kind in (Kind.INTEGER, Kind.NUMBER, Kind.SWITCH, Kind.CHOICE)
    return is_value and field.default is None and not field.required


def switch_name(field: Field) -> str:
    """RNA name of an optional field's switch."""
    return f"use_{rna_name(field.name)}"


def other_name(field: Field) -> str:
    """RNA name of the text that goes with the choice OTHER."""
    return f"{rna_name(field.name)}_other"


def text_name(field: Field) -> str:
    """RNA name of the text data-block that a prompt can be taken from instead."""
    return f"{rna_name(field.name)}_text"


def slot_names(field: Field) -> tuple[str, ...]:
    """RNA names of an IMAGES field's paths, in order."""
    return tuple(
        f"{rna_name(field.name)}_{number}" for number, _ in enumerate(slot_labels(field), start=1)
    )


def view_name(view: Choice) -> str:
    """RNA name of one view's path."""
    return rna_name(view.value)


def define(field: Field) -> dict[str, RnaDefinition]:
    """Return the RNA properties of a field by name."""
    definitions: dict[str, RnaDefinition] = {}
    if is_optional(field):
        definitions[switch_name(field)] = BoolProperty(
            name=label(field), description=SWITCH_DESCRIPTION, translation_context=CONTEXT
        )
    definitions |= _DEFINE[field.kind](field)
    return definitions


def _texts(field: Field) -> dict[str, RnaDefinition]:
    default = field.default if isinstance(field.default, str) else ""
    return {
        **({text_name(field): text_property()} if is_prompt(field) else {}),
        rna_name(field.name): StringProperty(
            name=label(field),
            description=field.description,
            default=default,
            options={"TEXTEDIT_UPDATE"},
            translation_context=CONTEXT,
        ),
    }


def is_prompt(field: Field) -> bool:
    """Tell whether a request starts from this text, so that it may be long."""
    return field.kind is Kind.TEXT and field.source is not None


def text_property() -> RnaDefinition:
    """A text of the file, for what is too long for one line."""
    return PointerProperty(
        type=bpy.types.Text,
        name=PROMPT_TEXT,
        description=PROMPT_TEXT_DESCRIPTION,
        translation_context=CONTEXT,
    )


def _path(field: Field) -> dict[str, RnaDefinition]:
    return {rna_name(field.name): path_property(label(field), field.description)}


def path_property(name: str, description: str) -> RnaDefinition:
    """A path with Blender's file browser."""
    return StringProperty(
        name=name,
        description=description,
        subtype="FILE_PATH",
        options=_PATH_OPTIONS,
        translation_context=CONTEXT,
    )


def _slots(field: Field) -> dict[str, RnaDefinition]:
    return {
        name: path_property(text, field.description)
        for name, text in zip(slot_names(field), slot_labels(field), strict=True)
    }


def _views(field: Field) -> dict[str, RnaDefinition]:
    return {
        view_name(view): path_property(view.label, view_description(view)) for view in field.choices
    }


def _integer(field: Field) -> dict[str, RnaDefinition]:
    least = int(field.minimum) if field.minimum is not None else -INT_LIMIT
    return {
        rna_name(field.name): IntProperty(
            name=label(field),
            description=field.description,
            default=int(_beginning(field)),
            min=least,
            max=int(field.maximum) if field.maximum is not None else INT_LIMIT,
            translation_context=CONTEXT,
        )
    }


def _number(field: Field) -> dict[str, RnaDefinition]:
    if field.length_in:
        return {rna_name(field.name): _length(field)}
    least = field.minimum if field.minimum is not None else -FLOAT_LIMIT
    return {
        rna_name(field.name): FloatProperty(
            name=label(field),
            description=field.description,
            default=_beginning(field),
            min=least,
            max=field.maximum if field.maximum is not None else FLOAT_LIMIT,
            translation_context=CONTEXT,
        )
    }


def _beginning(field: Field) -> float:
    """What a number shows until it is set."""
    value = field.start if field.default is None else field.default
    if not isinstance(value, int | float):
        raise TypeError(f"{field.name} is declared with neither a default nor a start")
    return value


def _length(field: Field) -> RnaDefinition:
    """A length in the scene's units; its bounds hold in another unit and are checked later."""
    return FloatProperty(
        name=label(field),
        description=field.description,
        default=_beginning(field),
        min=0.0,
        subtype="DISTANCE",
        precision=4,
        translation_context=CONTEXT,
    )


def _switch(field: Field) -> dict[str, RnaDefinition]:
    if is_automatic(field):
        items = [_AUTOMATIC_ITEM, (ON, ON_CHOICE, ""), (OFF, OFF_CHOICE, "")]
        return {rna_name(field.name): _enumeration(field, items, AUTOMATIC)}
    return {
        rna_name(field.name): BoolProperty(
            name=label(field),
            description=field.description,
            default=field.default is True,
            translation_context=CONTEXT,
        )
    }


def _choice(field: Field) -> dict[str, RnaDefinition]:
    items = [(choice.value, choice.label, choice.description) for choice in field.offered_choices()]
    definitions: dict[str, RnaDefinition] = {}
    if field.pattern:
        items.append((OTHER, OTHER_CHOICE, example(field)))
        definitions[other_name(field)] = StringProperty(
            name=label(field), description=example(field), translation_context=CONTEXT
        )
    if is_automatic(field):
        items.insert(0, _AUTOMATIC_ITEM)
    values = [value for value, *_ in items]
    wanted = field.starts_with or field.default
    default = str(wanted) if wanted in values else values[0]
    definitions[rna_name(field.name)] = _enumeration(field, items, default)
    return definitions


_AUTOMATIC_ITEM = (AUTOMATIC, AUTOMATIC_CHOICE, AUTOMATIC_DESCRIPTION)


def _enumeration(field: Field, items: list[tuple[str, str, str]], default: str) -> RnaDefinition:
    return EnumProperty(
        name=label(field),
        description=field.description,
        items=items,
        default=default,
        translation_context=CONTEXT,
    )


_DEFINE: Mapping[Kind, Callable[[Field], dict[str, RnaDefinition]]] = {
    Kind.TEXT: _texts,
    Kind.NUMBERS: _texts,
    Kind.IMAGE: _path,
    Kind.MODEL: _path,
    Kind.IMAGES: _slots,
    Kind.VIEWS: _views,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.SWITCH: _switch,
    Kind.CHOICE: _choice,
}


def read(group: bpy.types.PropertyGroup, field: Field) -> Value | None:
    """Return the field's value as the catalogue takes it, or None where it is not given."""
    if is_optional(field) and not getattr(group, switch_name(field)):
        return None
    return _READ[field.kind](group, field)


def _read_plain(group: bpy.types.PropertyGroup, field: Field) -> Value:
    value: Value = getattr(group, rna_name(field.name))
    return value


def _read_text(group: bpy.types.PropertyGroup, field: Field) -> str | None:
    text = getattr(group, text_name(field)) if is_prompt(field) else None
    if text is not None:
        return str(text.as_string()).strip() or None
    return str(getattr(group, rna_name(field.name))).strip() or None


def _read_choice(group: bpy.types.PropertyGroup, field: Field) -> str | None:
    chosen: str = getattr(group, rna_name(field.name))
    if field.pattern and chosen == OTHER:
        return str(getattr(group, other_name(field))).strip() or UNNAMED
    return None if is_automatic(field) and chosen == AUTOMATIC else chosen


def _read_switch(group: bpy.types.PropertyGroup, field: Field) -> bool | None:
    chosen: bool | str = getattr(group, rna_name(field.name))
    if isinstance(chosen, str):
        return {ON: True, OFF: False}.get(chosen)
    return chosen


def _read_number(group: bpy.types.PropertyGroup, field: Field) -> float:
    # RNA floats are single precision: 0.01 comes back as 0.009999999776.
    return float(f"{getattr(group, rna_name(field.name)):.6g}")


def _read_numbers(group: bpy.types.PropertyGroup, field: Field) -> tuple[str, ...] | None:
    text: str = getattr(group, rna_name(field.name))
    return tuple(part.strip() for part in text.split(",") if part.strip()) or None


def _read_path(group: bpy.types.PropertyGroup, field: Field) -> str | None:
    return _location(getattr(group, rna_name(field.name))) or None


def _read_slots(group: bpy.types.PropertyGroup, field: Field) -> tuple[str, ...] | None:
    paths = (_location(getattr(group, name)) for name in slot_names(field))
    return tuple(path for path in paths if path) or None


def _read_views(group: bpy.types.PropertyGroup, field: Field) -> dict[str, str] | None:
    paths = {view.value: _location(getattr(group, view_name(view))) for view in field.choices}
    return {view: path for view, path in paths.items() if path} or None


_READ: Mapping[Kind, Callable[[bpy.types.PropertyGroup, Field], Value | None]] = {
    Kind.TEXT: _read_text,
    Kind.INTEGER: _read_plain,
    Kind.SWITCH: _read_switch,
    Kind.NUMBER: _read_number,
    Kind.CHOICE: _read_choice,
    Kind.NUMBERS: _read_numbers,
    Kind.IMAGE: _read_path,
    Kind.MODEL: _read_path,
    Kind.IMAGES: _read_slots,
    Kind.VIEWS: _read_views,
}


def clear(group: bpy.types.PropertyGroup, field: Field) -> None:
    """Let the field be as if nobody had touched it."""
    for name in define(field):
        group.property_unset(name)


def write(group: bpy.types.PropertyGroup, field: Field, value: Value) -> bool:
    """The reverse of ``read``; False where the field has no place for the value any more."""
    clear(group, field)
    if is_optional(field):
        setattr(group, switch_name(field), True)
    return _WRITE.get(field.kind, _write_plain)(group, field, value)


def _write_plain(group: bpy.types.PropertyGroup, field: Field, value: Value) -> bool:
    setattr(group, rna_name(field.name), value)
    return True


def _write_text(group: bpy.types.PropertyGroup, field: Field, value: Value) -> bool:
    text = str(value)
    if is_prompt(field) and "\n" in text:  # a text field of Blender has one line
        kept = bpy.data.texts.new("Prompt")
        kept.write(text)
        setattr(group, text_name(field), kept)
        return True
    return _write_plain(group, field, text)


def _write_choice(group: bpy.types.PropertyGroup, field: Field, value: Value) -> bool:
    if value in [choice.value for choice in field.offered_choices()]:
        return _write_plain(group, field, value)
    if not field.pattern:
        return False
    setattr(group, other_name(field), str(value))
    return _write_plain(group, field, OTHER)


def _write_switch(group: bpy.types.PropertyGroup, field: Field, value: Value) -> bool:
    if is_automatic(field):
        return _write_plain(group, field, ON if value else OFF)
    return _write_plain(group, field, bool(value))


def _write_numbers(group: bpy.types.PropertyGroup, field: Field, value: Value) -> bool:
    return _write_plain(group, field, ", ".join(map(str, _several(value))))


def _write_slots(group: bpy.types.PropertyGroup, field: Field, value: Value) -> bool:
    paths, names = _several(value), slot_names(field)
    for name, path in zip(names, paths, strict=False):
        setattr(group, name, path)
    return len(paths) <= len(names)


def _write_views(group: bpy.types.PropertyGroup, field: Field, value: Value) -> bool:
    paths = value if isinstance(value, Mapping) else {}
    for view in field.choices:
        setattr(group, view_name(view), paths.get(view.value, ""))
    return True


def _several(value: Value) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


_WRITE: Mapping[Kind, Callable[[bpy.types.PropertyGroup, Field, Value], bool]] = {
    Kind.TEXT: _write_text,
    Kind.SWITCH: _write_switch,
    Kind.CHOICE: _write_choice,
    Kind.NUMBERS: _write_numbers,
    Kind.IMAGES: _write_slots,
    Kind.VIEWS: _write_views,
}


def _location(text: str) -> str:
    """A path as the user may have pasted it, made absolute; addresses stay as they are."""
    plain = text.strip().strip('"')
    if plain.startswith(("http://", "https://")):
        return plain
    return bpy.path.abspath(plain)

"""Values for any field of the catalogue, and how to enter them as a user would: through RNA."""

from collections.abc import Callable
from typing import Any

from tests.blender.conftest import part

PICTURE = "/pictures/chair.png"


def samples(field: Any) -> list[Any]:
    """Values the catalogue takes for the field; all of them where there are few."""
    values: list[Any] = SAMPLES[field.kind](field)
    return values


def _choices(field: Any) -> list[str]:
    offered = [choice.value for choice in field.offered_choices()]
    return [*offered, field.pattern_example] if field.pattern else offered


def _numbers(field: Any) -> list[float]:
    """The bounds, and something in between that single precision cannot hold exactly."""
    bounds = [float(bound) for bound in (field.minimum, field.maximum) if bound is not None]
    between = [0.01] if in_range(field, 0.01) else []
    return list(dict.fromkeys(bounds + between))


def _integers(field: Any) -> list[int]:
    bounds = [int(bound) for bound in (field.minimum, field.maximum) if bound is not None]
    between = [7] if in_range(field, 7) else []
    return list(dict.fromkeys(bounds + between))


def in_range(field: Any, value: float) -> bool:
    """Whether a number lies within the field's bounds."""
    above = field.minimum is None or value >= field.minimum
    return above and (field.maximum is None or value <= field.maximum)


def _pictures(field: Any) -> list[tuple[str, ...]]:
    return [tuple(f"/pictures/{number}.png" for number in range(int(field.minimum or 1)))]


def _views(field: Any) -> list[dict[str, str]]:
    names = [choice.value for choice in field.choices]
    return [{name: f"/pictures/{name}.png" for name in names[: int(field.minimum or 1)]}]


def _models(field: Any) -> list[str]:
    address = "https://example.org/chair.glb"
    only_addresses = isinstance(field.encoder, part("catalog.encoders").AddressOnly)
    return [address] if only_addresses else [address, "/models/chair.glb"]


SAMPLES: dict[str, Callable[[Any], list[Any]]] = {
    "SWITCH": lambda _field: [True, False],
    "CHOICE": _choices,
    "INTEGER": _integers,
    "NUMBER": _numbers,
    "NUMBERS": lambda _field: [("5", "7.5")],
    "TEXT": lambda _field: ["a chair"],
    "IMAGE": lambda _field: [PICTURE, "https://example.org/chair.png"],
    "IMAGES": _pictures,
    "VIEWS": _views,
    "MODEL": _models,
}


SERVICE_UNIT = {"METERS": "m", "CENTIMETERS": "cm", "MILLIMETERS": "mm", "INCHES": "in"}


def choose_unit(scene: Any, unit: str) -> None:
    """Let the scene have the service's unit of that name."""
    scene.unit_settings.system = "IMPERIAL" if unit == "in" else "METRIC"
    scene.unit_settings.length_unit = next(k for k, v in SERVICE_UNIT.items() if v == unit)


def enter(group: Any, field: Any, value: Any) -> None:
    """Set the field's RNA properties in ``group`` the way the widgets do."""
    names = part("blender.settings.field_properties")
    kinds = part("catalog").Kind
    if field.length_in and field.kind is kinds.NUMBER:
        value *= part("blender.core.units").METRES[
            SERVICE_UNIT[group.id_data.unit_settings.length_unit]
        ]
    if names.is_optional(field):
        setattr(group, names.switch_name(field), True)
    match field.kind:
        case kinds.VIEWS:
            for view in field.choices:
                setattr(group, names.view_name(view), value.get(view.value, ""))
        case kinds.IMAGES:
            for number, name in enumerate(names.slot_names(field)):
                setattr(group, name, value[number] if number < len(value) else "")
        case kinds.NUMBERS:
            setattr(group, names.rna_name(field.name), ", ".join(value))
        case kinds.CHOICE if value not in [choice.value for choice in field.choices]:
            setattr(group, names.rna_name(field.name), names.OTHER)
            setattr(group, names.other_name(field), value)
        case kinds.SWITCH if names.is_automatic(field):
            setattr(group, names.rna_name(field.name), names.ON if value else names.OFF)
        case _:
            setattr(group, names.rna_name(field.name), value)


def wanted(condition: Any, operation: Any, mode: Any) -> dict[str, Any] | None:
    """Values that make the condition hold in this mode; None if none can."""
    if condition is None:
        return {}
    found: dict[str, Any] | None = WANTED[type(condition).__name__](condition, operation, mode)
    return found


def _all_wanted(condition: Any, operation: Any, mode: Any) -> dict[str, Any] | None:
    parts = [wanted(inner, operation, mode) for inner in condition.inner]
    if None in parts:
        return None
    return {name: value for each in parts if each for name, value in each.items()}


def _one_wanted(condition: Any, operation: Any, mode: Any) -> dict[str, Any] | None:
    parts = (wanted(inner, operation, mode) for inner in condition.inner)
    return next((each for each in parts if each is not None), None)


def _none_wanted(condition: Any, operation: Any, mode: Any) -> dict[str, Any] | None:
    inner = condition.inner
    if not hasattr(inner, "allowed"):
        return None if wanted(inner, operation, mode) == {} else {}
    others = samples(operation.field(inner.field))
    return {inner.field: next(value for value in others if value not in inner.allowed)}


WANTED: dict[str, Callable[[Any, Any, Any], dict[str, Any] | None]] = {
    "Is": lambda condition, _operation, _mode: {condition.field: condition.allowed[0]},
    "Given": lambda condition, operation, _mode: {
        condition.field: samples(operation.field(condition.field))[0]
    },
    "InMode": lambda condition, _operation, mode: {} if mode in condition.modes else None,
    "AllOf": _all_wanted,
    "AnyOf": _one_wanted,
    "Not": _none_wanted,
}

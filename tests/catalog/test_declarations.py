"""Every declaration is complete and consistent, so that what is derived from it can rely on it."""

import re

import pytest

from addon.catalog import (
    Field,
    Group,
    Kind,
    Mode,
    Operation,
    Settings,
    Value,
    get,
    groups,
    operations,
)
from addon.catalog.validation import check_value
from addon.service.file_types import MODEL_SUFFIXES

FIELDS = [
    pytest.param(field, id=f"{operation.name}-{field.name}")
    for operation in operations()
    for field in operation.fields
]


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_operation_is_complete(operation: Operation) -> None:
    assert operation.label
    assert operation.summary
    assert not operation.summary.endswith(".")
    assert operation.modes
    assert operation.results
    shortest, longest = operation.seconds
    assert 0 < shortest < longest
    names = [name for field in operation.fields for name in (field.name, *field.aliases)]
    assert len(names) == len(set(names))
    for mode in operation.modes:
        settings = Settings(mode, operation.defaults())
        path = operation.route(settings).path
        assert path.startswith("/v1/")
        assert path.endswith("/")
        assert operation.price.estimate(settings).total >= 0


def test_names_are_unique() -> None:
    names = [operation.name for operation in operations()]
    assert len(names) == len(set(names))


def test_the_order_is_told_by_the_declarations() -> None:
    """By group, in it by what each says of its place; nothing else lists the operations."""
    placed = [
        (operation.group.order, operation.order, operation.name) for operation in operations()
    ]
    assert placed == sorted(placed)
    engines = ["tencent-rapid", "tencent-pro", "trellis", "tripo", "tripo-p1"]
    assert [one.name for one in operations(Group.GENERATE) if one.name in engines] == engines


def test_groups_can_be_told_apart() -> None:
    for told in ("name", "order", "heading", "identifier"):
        assert len({getattr(group, told) for group in groups()}) == len(groups()), told
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", group.identifier) for group in groups())


@pytest.mark.parametrize("field", FIELDS)
def test_field_is_complete(field: Field) -> None:
    assert field.name.isidentifier()
    assert field.label
    assert field.label[0].isupper()
    assert field.description
    assert not field.description.endswith(".")
    assert bool(field.choices) == (field.kind in (Kind.CHOICE, Kind.VIEWS))
    if field.kind is Kind.CHOICE and field.default is not None:
        assert field.default in [choice.value for choice in field.offered_choices()]
    if field.kind is Kind.SWITCH and field.default is not None:
        assert isinstance(field.default, bool)
    if field.minimum is not None and field.maximum is not None:
        assert field.minimum < field.maximum


@pytest.mark.parametrize("field", FIELDS)
def test_every_number_begins_somewhere_sensible(field: Field) -> None:
    """A bound is no default: 48 faces, or a figurine of a millimeter for 300 credits."""
    if field.kind not in (Kind.INTEGER, Kind.NUMBER):
        assert field.start is None
        return
    assert (field.default is None) != (field.start is None)
    if field.start is None:
        assert check_value(field, field.default or 0) == []
        return
    low = 0 if field.minimum is None else field.minimum
    in_reach = 100 if field.length_in else 1  # lengths begin in meters, bounds are in centimeters
    assert low < field.start * in_reach
    assert field.maximum is None or field.start < field.maximum
    if field.minimum and not field.length_in:
        assert field.start >= 2 * field.minimum
    if field.maximum:
        assert field.start <= field.maximum / 2


UNDOCUMENTED_DEFAULTS: set[tuple[str, str]] = {
    *(("tripo", name) for name in ("face_limit", "texture_seed", "compress")),
    *(("tripo-p1", name) for name in ("face_limit", "texture_seed", "compress")),
    *(("tripo-p1", name) for name in ("model_seed", "image_seed")),
    *(("texture-model", name) for name in ("texture_seed", "compress")),
    *(("render", name) for name in ("resolution", "background", "ground_shadow")),
    *(("topology", name) for name in ("polygon_type", "face_level")),
    *(("convert-model", name) for name in ("face_limit", "texture_size")),
    *(("volume", name) for name in ("target_height", "target_heights")),
    *(("image-seedream", "seed"), ("trellis", "seed"), ("miniature", "face_count")),
    *(("convert", "max_size"), ("repair", "target_height")),
    *(("optimize", "max_texture_size"), ("bake-texture", "texture_resolution")),
    ("image-enhance", "remove_bg_quality"),
}
"""Fields whose default the documentation gives as "auto", as "none", or not at all."""


def test_what_the_documentation_leaves_to_the_service_is_left_to_it() -> None:
    for named, name in UNDOCUMENTED_DEFAULTS:
        assert get(named).field(name).default is None, (named, name)
    for operation in operations():
        for field in operation.fields:
            automatic = {"auto", "none"} & {choice.value for choice in field.choices}
            if automatic:
                assert field.default in automatic, (operation.name, field.name)


def test_how_well_a_field_is_known_follows_its_operation() -> None:
    remove, convert = get("remove-bg"), get("convert")
    assert remove.confidence_in(remove.field("image")) == "B"
    assert convert.confidence_in(convert.field("output_format")) == "A"
    assert convert.confidence_in(convert.field("unit")) == "B"
    for operation in operations():
        known = [operation.confidence_in(field) for field in operation.fields]
        assert all(how_well >= operation.confidence for how_well in known), operation.name


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_units_of_lengths_are_choices(operation: Operation) -> None:
    for name in operation.units():
        unit = operation.field(name)
        assert unit.kind is Kind.CHOICE
        assert unit.default is not None
    lengths = [field.kind for field in operation.fields if field.length_in]
    assert set(lengths) <= {Kind.NUMBER, Kind.NUMBERS}


def test_what_measures_the_object_is_a_length() -> None:
    declared = {
        (operation.name, field.name)
        for operation in operations()
        for field in operation.fields
        if field.length_in
    }
    assert declared == {
        ("convert", "max_size"),
        ("repair", "target_height"),
        ("volume", "target_height"),
        ("volume", "target_heights"),
    }


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_shorthands_and_value_aliases_name_real_fields(operation: Operation) -> None:
    for values in operation.shorthands.values():
        for name in values:
            assert operation.field(name).name == name
    for name, spellings in operation.value_aliases.items():
        allowed = [choice.value for choice in operation.field(name).choices]
        assert set(spellings.values()) <= set(allowed)


def test_the_format_of_a_result_is_a_format_or_names_a_field() -> None:
    formats = {operation.name: operation.result_format({}) for operation in operations()}
    known = {suffix.removeprefix(".") for suffix in (*MODEL_SUFFIXES, ".zip", "")}
    assert {name: made for name, made in formats.items() if made not in known} == {}
    convert, remade = get("convert"), get("convert-model")
    assert convert.result_format({"output_format": "fbx_zip"}) == "zip"
    assert remade.result_format({"format": "GLTF"}) == "glb"


def test_a_height_is_ordered_only_where_the_order_names_one() -> None:
    miniature, mode = get("miniature"), Mode.IMAGE
    ordered: dict[str, Value] = {"scale": "custom", "scale_height_cm": 7.5}
    assert miniature.ordered_height(mode, ordered) == pytest.approx(0.075)
    assert miniature.ordered_height(mode, {**ordered, "scale": "h0"}) is None
    assert miniature.ordered_height(mode, {}) is None
    assert get("tencent-rapid").ordered_height(Mode.TEXT, {"prompt": "a lamp"}) is None

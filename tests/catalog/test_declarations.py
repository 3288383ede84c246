"""Every declaration is complete and consistent, so that what is derived from it can rely on it."""

import re

import pytest

from addon.catalog import Field, Group, Kind, Operation, Settings, get, groups, operations
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
    if field.kind is Kind.SWITCH:
        assert isinstance(field.default, bool)
    if field.minimum is not None and field.maximum is not None:
        assert field.minimum < field.maximum


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

"""A property of Blender's is declared twice: to mypy with its type, to Blender as a definition.

``if TYPE_CHECKING: name: str`` and ``else: name: StringProperty(...)`` say the same of the same
names. A group whose definitions are computed is compared in Blender, by ``tests/blender``.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pytest

from tests.package.imports import PACKAGE, modules, tree

PLAIN = {
    "BoolProperty": "bool",
    "FloatProperty": "float",
    "FloatVectorProperty": "tuple[float, float, float]",
    "IntProperty": "int",
    "StringProperty": "str",
}
"""The type of what Blender keeps in a property of the kind."""

Annotations = dict[str, ast.expr]


@dataclass(frozen=True, slots=True)
class Declared:
    """The properties of a class, by name."""

    place: str
    typed: Annotations
    defined: Annotations


def annotations(statements: list[ast.stmt]) -> Annotations:
    return {
        one.target.id: one.annotation
        for one in statements
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }


def is_definition(annotation: ast.expr) -> bool:
    return isinstance(annotation, ast.Call) or ast.unparse(annotation).endswith("_PROPERTY")


def classes(source: ast.Module, place: str) -> Iterator[Declared]:
    """The classes with properties, however they declare them."""
    for node in ast.walk(source):
        if not isinstance(node, ast.ClassDef):
            continue
        typed, defined = Annotations(), annotations(node.body)
        defined = {name: one for name, one in defined.items() if is_definition(one)}
        for one in node.body:
            if isinstance(one, ast.If) and ast.unparse(one.test) == "TYPE_CHECKING" and one.orelse:
                typed |= annotations(one.body)
                defined |= annotations(one.orelse)
        if typed or defined:
            yield Declared(f"{place}:{node.name}", typed, defined)


@cache
def shared_definitions() -> Mapping[str, ast.expr]:
    """Definitions that have a name of their own, as ``KEY_PROPERTY`` has."""
    return {
        target.id: node.value
        for path in modules("blender")
        for node in tree(path).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.endswith("_PROPERTY")
    }


def expected(definition: ast.expr) -> set[str]:
    """The types that what is defined may have, as one writes them; none if it is unknown."""
    if isinstance(definition, ast.Name):
        definition = shared_definitions().get(definition.id, definition)
    if not isinstance(definition, ast.Call):
        return set()
    kind = ast.unparse(definition.func)
    options = {word.arg: ast.unparse(word.value) for word in definition.keywords}
    of = options.get("type", "")
    if kind == "EnumProperty":
        return {"set[str]" if "ENUM_FLAG" in options.get("options", "") else "str"}
    if kind == "PointerProperty":
        return {of, f"{of} | None"}
    if kind == "CollectionProperty":
        return {f"bpy.types.bpy_prop_collection_idprop[{of}]"}
    return {PLAIN[kind]} if kind in PLAIN else set()


def faults(declared: Declared) -> list[str]:
    """What is declared to one side only, or otherwise than to the other."""
    found = [f"{name} has no type" for name in declared.defined.keys() - declared.typed.keys()]
    found += [f"{name} is not defined" for name in declared.typed.keys() - declared.defined.keys()]
    for name in declared.typed.keys() & declared.defined.keys():
        own, known = ast.unparse(declared.typed[name]), expected(declared.defined[name])
        if own not in known:
            found.append(f"{name} is typed {own}, not {' or '.join(sorted(known)) or 'known'}")
    return [f"{declared.place}: {fault}" for fault in sorted(found)]


def test_properties_are_typed_as_they_are_defined() -> None:
    found = [
        declared
        for path in modules("blender")
        for declared in classes(tree(path), str(path.relative_to(PACKAGE)))
    ]
    assert len(found) > 20
    assert [fault for declared in found for fault in faults(declared)] == []


def of_class(typed: str, defined: str) -> Declared:
    lines = ["class A:", "    if TYPE_CHECKING:", f"        {typed}"]
    lines += ["    else:", f"        {defined}"]
    (declared,) = classes(ast.parse("\n".join(lines)), "a.py")
    return declared


@pytest.mark.parametrize(
    ("typed", "defined"),
    [
        ("x: str", "x: StringProperty()"),
        ("x: bool", "x: BoolProperty(default=True)"),
        ("x: int", "x: IntProperty()"),
        ("x: float", "x: FloatProperty(min=0.0)"),
        ("x: str", "x: EnumProperty(items=ITEMS)"),
        ("x: set[str]", "x: EnumProperty(items=ITEMS, options={'ENUM_FLAG'})"),
        ("x: Group", "x: PointerProperty(type=Group)"),
        ("x: Group | None", "x: PointerProperty(type=Group)"),
        ("x: bpy.types.bpy_prop_collection_idprop[Group]", "x: CollectionProperty(type=Group)"),
        ("x: str", "x: KEY_PROPERTY"),
    ],
)
def test_what_fits_is_no_fault(typed: str, defined: str) -> None:
    assert faults(of_class(typed, defined)) == []


@pytest.mark.parametrize(
    ("typed", "defined", "fault"),
    [
        ("x: str", "x: IntProperty()", "x is typed str, not int"),
        ("x: int", "x: FloatProperty()", "x is typed int, not float"),
        ("x: set[str]", "x: EnumProperty(items=ITEMS)", "x is typed set[str], not str"),
        ("x: Other", "x: PointerProperty(type=Group)", "x is typed Other, not Group or Group | N"),
        ("x: list[Group]", "x: CollectionProperty(type=Group)", "x is typed list[Group], not bpy"),
        ("x: str", "x: UNKNOWN_PROPERTY", "x is typed str, not known"),
        ("x: str", "x: RemoteProperty()", "x is typed str, not known"),
        ("x: str", "pass", "x is not defined"),
        ("pass", "x: StringProperty()", "x has no type"),
        ("x: str", "y: StringProperty()", "x is not defined"),
    ],
)
def test_what_does_not_fit_is_found(typed: str, defined: str, fault: str) -> None:
    assert faults(of_class(typed, defined))[0].startswith(f"a.py:A: {fault}")


def test_a_property_without_a_type_is_found() -> None:
    (declared,) = classes(ast.parse("class A:\n    x: StringProperty()\n    y: str\n"), "a.py")
    assert faults(declared) == ["a.py:A: x has no type"]

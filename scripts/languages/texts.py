"""Every text that the extension shows, found in the source and the catalogue.

Greedy on purpose: any literal that reads like text for people counts, unless it stands where
nobody sees it (a log line, a docstring, an error of the program itself) or is listed here with its
reason. A text that is forgotten is then found, and one listed needlessly is found too.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from addon.blender.settings import field_labels
from addon.catalog import Field, Kind, Operation, operations
from addon.catalog.messages import Message
from addon.printing.printers import PRINTERS
from addon.printing.scales import SCALES
from scripts.build import PACKAGE

ENGLISH_ONLY: Final = (
    "api.py",
    "batch/",
    "blender/scripting/api.py",
    "blender/background/assets/process_asset.py",  # said in the batch alone
    "blender/background/assets/save_asset.py",
    "blender/scripting/command.py",
    "blender/scripting/headless.py",
    "blender/runtime/diagnostics.py",  # for who mends a fault
    "blender/background/judge_photos.py",  # said in a log alone
    "blender/print/painted_three_mf.py",  # XML
    "blender/print/three_mf.py",  # XML
    "catalog/__init__.py",  # names of what is in its modules
    "catalog/group.py",  # headings of documents; panels are collected from the declarations
    "catalog/declared/",  # collected from the declarations themselves
    "cli/",
    "printing/slicers.py",  # programs, and where they are
    "service/changelog.py",  # words of a file that is in English
    "worker/told_logs.py",  # the same as of diagnostics
    "worker/found_blenders.py",  # the same
)
"""Scripts, the command line and the batch speak English."""

UNSEEN_CALLS: Final = re.compile(
    r"(log\.\w+|.*\.execute(script)?|re\.\w+|getattr|hasattr|setattr|cast|present|Missing|TypeVar"
    r"|TypeError|ValueError|LookupError|ImportError|RuntimeError|NotImplementedError|IllegalTransition|UnknownJob"
    r"|UnknownOperation|.*\.(get|startswith|endswith|removeprefix|replace|split|join|load)"
    r"|.*nodes\.new|.*inputs\.get|_call)"
)
"""Calls whose literals are for programs."""

READS_LIKE_TEXT: Final = re.compile(
    r"[A-Z][a-z]|\d\w* [A-Z][a-z]|.*[a-z]{2,} [a-z(]|\{\w+[:}].* \w|.* \{\w+"
)
"""A capital with a small letter after it, or words with spaces between."""


UNSEEN: Final = frozenset(
    {
        # names that Blender gives to sockets and color spaces, and to a translation's context
        *("Base Color", "Emission Color", "Specular Tint", "Non-Color", "Operator"),
        *(
            "Alpha",
            "Blue",
            "Color",
            "Emission",
            "Emission ",
            "Emission Strength",
            "Green",
            "Linear",
            "Linear Rec.709",
            "Location",
            "Metallic",
            "Raw",
            "Rotation",
            "Roughness",
        ),
        *("Anisotropic", "Coat Weight", "Occlusion", "Sheen Weight", "Subsurface Weight"),
        *("Thin Film Thickness", "Transmission Weight"),
        # kinds of node trees and sockets, and the group that glTF files have occlusion in
        *("GeometryNodeTree", "NodeSocketFloat", "NodeSocketGeometry", "ShaderNodeTree"),
        *("glTF Material Output", "gltf material output", "gltf settings"),
        # names of data, which are English everywhere
        *("Decimate", "Metallic Roughness", "Plain", "Rectangles", "Share", "Strength", "Target"),
        *("Texture",),
        # folders of other systems
        *("AppData", "Application Support", "Library", "Local"),
        # headers, and an error that is caught before anybody sees it
        *("Accept-Encoding", "Authorization", "Content-Type"),
        "a file became shorter while it was sent",
        # the head of a library's catalog file
        "# This is an Asset Catalog Definition file for Blender.",
        # members of an enumeration in the code
        *("by hand", "prepared here"),
        # what was ordered when the samples were recorded
        *("a wooden chair", "a red sports car", "a blue ceramic vase"),
    }
)

SAME_EVERYWHERE: Final = frozenset(
    {
        # engines and programs
        *(
            "3D AI Studio",
            "3ds Max",
            "Blender",
            "Godot",
            "Hunyuan",
            "Hunyuan Pro",
            "Hunyuan Rapid",
            "Mixamo",
            "Prism",
            "Tripo",
            "Tripo P1",
            "Unity",
            "Unreal Engine",
        ),
        *("Gemini 2.5 Flash", "Gemini 3 Pro", "Gemini 3.1 Flash", "Seedream V5 Lite"),
        # versions, units and formats that only look like words
        *("v3", "v3.1", "v3.2", "WebP", "cm", "in", "m", "mm", "px"),
        *("{n} px", "256 px", "512px", "512 px", "1024 px", "2048 px", "4096 px"),
        *(printer.label for printer in PRINTERS),
        *(scale.label for scale in SCALES),
    }
)
"""Products, units and formats have one name in all languages."""

WORD: Final = re.compile(r"[A-Z][a-z]|[a-z]{2,}")


def is_same_everywhere(text: str) -> bool:
    """Whether there is nothing to translate: figures, formats in capitals, names."""
    return text in SAME_EVERYWHERE or WORD.search(PARTS.sub("", text)) is None


PARTS: Final = re.compile(r"\{[^}]*\}")
"""The names of parts in a template, with their formats."""


@cache
def all_texts() -> frozenset[str]:
    """Every text that is looked up in the user's language."""
    found = {text for text in of_catalogue() if text}
    for path in module_paths():
        found.update(text for _, text in literals(path.read_text(encoding="utf-8")))
    return frozenset(found - UNSEEN)


def module_paths() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith(ENGLISH_ONLY):
            yield path


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every literal that may be shown."""
    tree = ast.parse(source)
    parents = parents_in(tree)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and READS_LIKE_TEXT.match(node.value)
            and not isinstance(parents[node], ast.Expr)  # a docstring
            and not is_unseen(node, parents)
        ):
            yield node.lineno, node.value


def parents_in(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def is_unseen(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether the literal stands where it is for programs alone."""
    inner = node
    while (outer := parents.get(inner)) is not None:
        if _hides(outer, inner):
            return True
        inner = outer
    return False


def _hides(outer: ast.AST, inner: ast.AST) -> bool:
    match outer:
        case ast.Call(func=function):
            return inner is not function and bool(UNSEEN_CALLS.fullmatch(ast.unparse(function)))
        case ast.JoinedStr() | ast.Subscript() | ast.Compare():
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.AnnAssign(annotation=annotation):
            return inner is annotation and not isinstance(annotation, ast.Call)
        case ast.arg() | ast.FunctionDef():
            return not isinstance(inner, ast.stmt)
        case _:
            return False


def of_catalogue() -> Iterator[str]:
    """Labels, descriptions, units, choices, prices and rules of every operation."""
    for operation in operations():
        yield from (operation.label, operation.task, operation.summary, operation.purpose)
        yield from (operation.button, operation.group.panel)
        yield from operation.result_labels.values()
        yield from (line.label for line in operation.price.lines)
        yield from (_template(rule.message) for rule in operation.rules)
        yield from _parts_of_rules(operation)
        for field in operation.fields:
            yield from _of_field(field)


def _of_field(field: Field) -> Iterator[str]:
    yield from (field.label, field.description, field.unit, field_labels.label(field))
    for choice in field.offered_choices():
        yield from (choice.label, choice.description, choice.note)
    if field.kind is Kind.IMAGES:
        yield from field_labels.slot_labels(field)
    if field.kind is Kind.VIEWS:
        yield from (field_labels.view_description(view) for view in field.choices)
        yield field.choices[0].value
    if field.pattern:
        yield field_labels.example(field)


def _template(text: str) -> str:
    return text.template if isinstance(text, Message) else text


def _parts_of_rules(operation: Operation) -> Iterator[str]:
    for rule in operation.rules:
        if isinstance(rule.message, Message):
            yield from (part for part in rule.message.parts.values() if isinstance(part, Message))

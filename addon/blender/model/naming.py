"""Names of a result's data, made of the job's: what importers and engines call things says nothing.

A single one takes the job's name itself. Of several, each keeps a name of its own behind it where
that says something, such as "Seat", and the others are counted.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import bpy

from .shading import pictures_behind, shaders, tree_of

SAYS_NOTHING: Final = frozenset((
    "base", "component", "default", "element", "geo", "geom", "geometry", "group", "id", "image",
    "img", "instance", "item", "lod", "mat", "material", "mesh", "model", "node", "none", "null",
    "obj", "object", "output", "part", "piece", "prim", "primitive", "result", "root", "scene",
    "section", "segment", "shape", "solid", "sub", "submesh", "surface", "tex", "texture",
    "unnamed", "untitled", "world",
    "hunyuan", "hunyuan3d", "tencent", "trellis", "tripo", "tripo3d",
))  # fmt: skip
"""Words that names are made of which nobody has given; numbers and ids say nothing either."""

PARTED: Final = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")
UUID: Final = re.compile(r"[0-9a-f]{8}([-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}", re.IGNORECASE)
NUMBER_OR_ID: Final = re.compile(r"\d+|(?=[a-f]*\d)[0-9a-f]{4,}", re.IGNORECASE)
COPY: Final = re.compile(r"\.\d{3,}$")
"""Ends a name that Blender has changed because there was one like it."""

ROLES: Final = (
    ("Base Color", "Color"),
    ("Metallic", "Metallic"),
    ("Roughness", "Roughness"),
    ("Normal", "Normal"),
    ("Emission Color", "Emission"),
    ("Alpha", "Alpha"),
)
"""What a picture is called that feeds this input of the usual shader."""


def own_words(name: str) -> str:
    """What of a name says something, as it stands there; "" where nothing does."""
    plain = COPY.sub("", name).strip()
    words = [word for word in PARTED.split(UUID.sub(" ", plain)) if word]
    return plain if any(map(_says_something, words)) else ""


def _says_something(word: str) -> bool:
    if NUMBER_OR_ID.fullmatch(word):
        return False
    return SAYS_NOTHING.isdisjoint({word.lower(), word.lower().rstrip("0123456789")})


def names_of_several(name: str, own: Sequence[str]) -> list[str]:
    """The names of things that are called ``own``: each begins with ``name``, none comes twice."""
    found: list[str] = []
    number = 0
    for words in map(own_words, own):
        made = words if words.lower().startswith(name.lower()) else f"{name} {words}"
        if not words:
            number += 1
            made = f"{name} {number}"
        found.append(_apart(made, found))
    return found


def _apart(name: str, others: Sequence[str]) -> str:
    number, made = 1, name
    while made in others:
        number += 1
        made = f"{name} {number}"
    return made


def rename(names: Mapping[Any, str]) -> None:
    """Give data-blocks of one kind these names, whoever of them has one of the names now."""
    for number, item in enumerate(names):
        item.name = f"studio3d-{number}"
    for item, name in names.items():
        item.name = name


def name_all(name: str, items: Iterable[bpy.types.ID]) -> None:
    """Name data-blocks of one kind, in the order of the names they have."""
    ordered = sorted(items, key=lambda item: natural(item.name))
    if len(ordered) == 1:
        rename({ordered[0]: name})
    else:
        names = names_of_several(name, [item.name for item in ordered])
        rename(dict(zip(ordered, names, strict=True)))


def natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sorts part 10 behind part 9."""
    parts = re.split(r"(\d+)", name)
    kinds = ((1, int(one), "") if one.isdigit() else (0, 0, one.lower()) for one in parts)
    return list(kinds), name


def name_what_says_nothing(name: str, materials: Sequence[bpy.types.Material]) -> None:
    """Name those of the materials, and of their pictures, whose own names say nothing."""
    name_all(name, [material for material in materials if not own_words(material.name)])
    name_pictures(name, materials, all_of_them=False)


def name_pictures(
    name: str, materials: Iterable[bpy.types.Material], *, all_of_them: bool = True
) -> None:
    """Name the pictures of these materials after what they are to them."""
    roles: dict[bpy.types.Image, tuple[str, list[str]]] = {}
    for material in sorted(materials, key=lambda one: natural(one.name)):
        for image, role in _pictures(material):
            if not all_of_them and own_words(image.name):
                continue
            _, found = roles.setdefault(image, (material.name, []))
            if role not in found:
                found.append(role)
    if len(roles) == 1:
        rename(dict.fromkeys(roles, name))
        return
    names: dict[bpy.types.Image, str] = {}
    for image, (material_name, found) in roles.items():
        role = "Color" if "Color" in found else " ".join(found)
        names[image] = _apart(f"{material_name} {role}", list(names.values()))
    rename(names)


def _pictures(material: bpy.types.Material) -> Iterator[tuple[bpy.types.Image, str]]:
    """Each picture of the material with its role, those of the usual shader first."""
    tree = tree_of(material)
    output = None if tree is None else tree.get_output_node("ALL")
    if tree is None or output is None:
        return
    seen: list[Any] = [None]
    known = [fed for fed in shaders(output.inputs["Surface"]) if fed[0].type == "BSDF_PRINCIPLED"]
    for shader, groups in known:
        found: Any = shader
        for socket, role in ROLES:
            for node, _ in pictures_behind(found.inputs[socket], groups):
                image = getattr(node, "image", None)
                if image is not None:
                    seen.append(image)
                    yield image, role
    for node in tree.nodes:
        other: Any = getattr(node, "image", None)
        if other not in seen:
            yield other, "Texture"

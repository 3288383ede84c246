"""What of the look of materials is to be baked, and what is a number everywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import bpy

from ...model import channels
from ...model.channels import Channel, Value
from ...model.shading import new_material, principled, tree_of
from .. import export


def all_dressed(pieces: Sequence[export.Piece]) -> dict[bpy.types.Material, str]:
    """The materials that are seen, and their names; "" for what has none.

    Those without nodes give way to some that have them.
    """
    from ...model.arrays import slots_of

    seen: dict[bpy.types.Material, str] = {}
    stand_ins: dict[bpy.types.Material | None, bpy.types.Material] = {}
    named: dict[bpy.types.Material, str] = {}
    for mesh, _, _ in pieces:
        slots: Any = mesh.materials
        if not len(slots):
            slots.append(None)
        for index, material in enumerate(list(slots)):
            if tree_of(material) is None:
                if material not in stand_ins:
                    stand_ins[material] = _with_nodes(material)
                    named[stand_ins[material]] = "" if material is None else material.name
                slots[index] = stand_ins[material]
        last = len(slots) - 1
        for slot in sorted({min(slot, last) for slot in slots_of(mesh).tolist()}):
            seen[slots[slot]] = named.get(slots[slot], slots[slot].name)
    return seen


def _with_nodes(material: bpy.types.Material | None) -> bpy.types.Material:
    """A material that looks like one without nodes, or like none."""
    made = new_material("Plain" if material is None else material.name)
    if material is not None:
        shader = principled(made)
        shader.inputs["Base Color"].default_value = material.diffuse_color
        shader.inputs["Roughness"].default_value = material.roughness
        shader.inputs["Metallic"].default_value = material.metallic
    return made


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to bake."""

    varied: Sequence[Channel]
    settled: Mapping[Channel, Value]
    """What is the same everywhere."""
    bends: bool
    """Whether normals are to be baked."""
    mixed: bool
    """Whether not all of what is mixed has a share in all channels."""

    def passes(self) -> list[tuple[Channel, ...]]:
        """What is baked at once; nothing stands for the normals."""
        colors = [(one,) for one in (Channel.COLOR, Channel.EMISSION) if one in self.varied]
        numbers = [one for one in NUMBERS if one in self.varied]
        if self.mixed and set(self.varied) & set(channels.OF_SHARES):
            numbers.append(Channel.SHARE)
        packed = [tuple(numbers[start : start + 3]) for start in range(0, len(numbers), 3)]
        return [*colors, *packed, *([()] if self.bends else [])]


NUMBERS: Final = (Channel.ROUGHNESS, Channel.METALLIC, Channel.ALPHA)


def plan_of(materials: Sequence[bpy.types.Material]) -> Plan:
    """What a surface of these materials shows."""
    varied: list[Channel] = []
    settled: dict[Channel, Value] = {}
    for channel in (Channel.COLOR, *NUMBERS, Channel.EMISSION):
        found = set().union(*(channels.values(material, channel) for material in materials))
        value = next(iter(found), None)
        if len(found) > 1 or None in found:
            varied.append(channel)
        elif value is not None:
            settled[channel] = value
    return Plan(
        varied,
        settled,
        bends=any(map(channels.has_normals, materials)),
        mixed=any(map(channels.is_mixed, materials)),
    )

"""What was found out about objects on this machine, without asking the service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import bpy
from mathutils import Matrix

from ...catalog.validation import grouped
from ..core import units
from ..core.access import scene_of
from ..core.translation import translate
from ..model.mesh_stats import of_meshes
from . import export_selection


@dataclass(frozen=True, slots=True)
class Check:
    """The figures of an object as it was; see ``background.figures``."""

    state: list[int]
    figures: Mapping[str, Any]

    @property
    def closed(self) -> bool:
        """Whether every edge has two faces."""
        return bool(self.figures["open_edges"] == 0)

    @property
    def verdict(self) -> str:
        """Whether a paid repair is needed."""
        if not self.figures["triangles"]:
            return "There is no surface to check"
        if not self.closed:
            return "Not watertight: Repair would close it"
        if self.figures["volume"] < 0:
            return "Watertight, but inside out: Recalculate Outside is enough"
        return "Watertight already: no repair needed"


_found: Final[dict[int, Check]] = {}


def check(context: bpy.types.Context, obj: bpy.types.Object) -> Check:
    """Look at the object as its modifiers show it, and remember what was found."""
    depsgraph = context.evaluated_depsgraph_get()
    shown = obj.evaluated_get(depsgraph)
    mesh = bpy.data.meshes.new_from_object(shown, depsgraph=depsgraph)
    scene = scene_of(context)
    metres = Matrix.Scale(units.metres_per_unit(scene), 4)
    world = metres @ obj.matrix_world.to_3x3().to_4x4()
    mesh.transform(world)
    if world.is_negative:
        mesh.flip_normals()
    figures = of_meshes([mesh])
    bpy.data.meshes.remove(mesh)
    found = Check(export_selection.fingerprint(obj), figures)
    _found[obj.session_uid] = found
    return found


def of(obj: bpy.types.Object) -> Check | None:
    """What was found last; None if nothing was, or the mesh has another size since."""
    found = _found.get(obj.session_uid)
    if (
        found is None
        or export_selection.counts(obj) != found.state[: len(export_selection.counts(obj))]
    ):
        return None
    return found


def unregister() -> None:
    """Forget everything."""
    _found.clear()


def lines(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Figures as labels and values for people."""
    said = [
        ("Watertight", translate("Yes") if figures["open_edges"] == 0 else translate("No")),
        ("Open Edges", grouped(figures["open_edges"])),
        ("Volume", volume_words(figures["volume"])),
        ("Dimensions", size_words(figures["dimensions"])),
        ("Triangles", grouped(figures["triangles"])),
    ]
    if figures.get("texture_size"):
        said.append(("Textures", translate("{n} px", n=grouped(figures["texture_size"]))))
    if figures.get("bytes"):
        said.append(("File", bytes_words(figures["bytes"])))
    return said


UNITS: Final = ((1.0, "m"), (0.01, "cm"), (0.001, "mm"))


def size_words(sides: Sequence[float]) -> str:
    """Lengths in metres, in the one unit that suits the longest."""
    longest = max(sides, default=0.0)
    metres, unit = next((one for one in UNITS if longest >= one[0]), UNITS[-1])
    return " x ".join(f"{side / metres:.3g}" for side in sides) + f" {unit}"


MEGABYTE: Final = 1e6


def bytes_words(count: float) -> str:
    """An amount of data in kilobytes or megabytes."""
    if count < MEGABYTE:
        return translate("{count:.0f} KB", count=max(count / 1e3, 1))
    return translate("{count:.1f} MB", count=count / MEGABYTE)


def volume_words(cubic_metres: float) -> str:
    """A volume in the unit that suits it."""
    return str(bpy.utils.units.to_string("METRIC", "VOLUME", cubic_metres, precision=3))

"""Which glTF extensions a file cannot be read without, and what it means if Blender lacks one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from .gltf_references import document_of

OTHER_WAY: Final = "Have the kept file converted to FBX, which any Blender reads."

_MESHOPT: Final = (
    (
        "{name} cannot be read: its geometry is compressed with meshopt, which this Blender does "
        "not read."
    ),
    (
        "Blender 5.2 from blender.org reads it. Or have the kept file converted to FBX, which any "
        "Blender reads."
    ),
)
"""Whether a build has the library is seen when it is used: 5.2 has it, 4.5 not yet."""

MISSING: Final[Mapping[str, tuple[str, str]]] = {
    "KHR_draco_mesh_compression": (
        (
            "{name} cannot be read: its geometry is compressed with Draco, and this Blender has no "
            "Draco library."
        ),
        (
            "Blender from blender.org has it. Or have the kept file converted to FBX, which any "
            "Blender reads."
        ),
    ),
    "EXT_meshopt_compression": _MESHOPT,
    "KHR_meshopt_compression": _MESHOPT,
    "KHR_texture_basisu": (
        "{name} cannot be read: its textures are in KTX2, which Blender does not read.",
        OTHER_WAY,
    ),
}
"""What to say of a file that needs the extension, and what to do then."""


def required_by(file: Path) -> list[str]:
    """The extensions the file says it needs; none if it cannot be asked."""
    if file.suffix.lower() not in {".glb", ".gltf"}:
        return []
    required = (document_of(file) or {}).get("extensionsRequired")
    return [str(name) for name in required] if isinstance(required, list) else []


def why_unreadable(file: Path) -> tuple[str, str] | None:
    """What is missing and what to do, if a needed extension explains a failed import."""
    for name in required_by(file):
        if name in MISSING:
            return MISSING[name]
    return None

"""Why Blender does not read a model, in words that help: told once its importer has given up.

What a whole file needs and this Blender lacks is told apart from a file that is damaged.
"""

import re
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from ...model.failure import NoReader, PreparationFailed, own_words
from .contents import DAMAGED_HINT, head_of
from .gltf_references import document_of

OTHER_WAY: Final = "Have the kept file converted to FBX, which any Blender reads."
OTHER_WAY_FROM_FBX: Final = "Have the kept file converted to GLB, which any Blender reads."


class Words(NamedTuple):
    """What to say and what to do."""

    message: str
    hint: str


_MESHOPT: Final = Words(
    "{name} cannot be read: its geometry is compressed with meshopt, which this Blender does "
    "not read.",
    "Blender 5.2 from blender.org reads it. Or have the kept file converted to FBX, which any "
    "Blender reads.",
)
"""Whether a build has the library is seen when it is used: 5.2 has it, 4.5 not yet."""

EXTENSIONS: Final[Mapping[str, Words]] = {
    "KHR_draco_mesh_compression": Words(
        "{name} cannot be read: its geometry is compressed with Draco, and this Blender has no "
        "Draco library.",
        "Blender from blender.org has it. Or have the kept file converted to FBX, which any "
        "Blender reads.",
    ),
    "EXT_meshopt_compression": _MESHOPT,
    "KHR_meshopt_compression": _MESHOPT,
    "KHR_texture_basisu": Words(
        "{name} cannot be read: its textures are in KTX2, which Blender does not read.",
        OTHER_WAY,
    ),
}
"""What to say of a glTF file that needs the extension."""

UNKNOWN_EXTENSION: Final = Words(
    "{name} cannot be read: it needs the glTF extension {extension}, which this Blender does not "
    "know.",
    OTHER_WAY,
)
OTHER_GLTF: Final = Words(
    "{name} cannot be read: it is glTF {version}, and this Blender reads glTF 2.0.", OTHER_WAY
)
TEXT_FBX: Final = Words(
    "{name} cannot be read: it is an FBX file written as text, which this Blender does not read.",
    "Blender 4.5 and later read it. Or have the kept file converted to GLB, which any Blender "
    "reads.",
)
OLD_FBX: Final = Words(
    "{name} cannot be read: it is FBX {version}, and this Blender reads FBX 7.1 and later.",
    "Blender 4.5 and later read it. Or have the kept file converted to GLB, which any Blender "
    "reads.",
)
NEW_FBX: Final = Words(
    "{name} cannot be read: it is FBX {version}, which is newer than what this Blender reads.",
    OTHER_WAY_FROM_FBX,
)

NO_IMPORTER: Final[Mapping[str, Words]] = {
    ".3mf": Words(
        "{name} is a 3MF file, which Blender does not read.",
        "Programs for 3D printing open it.",
    ),
    ".dae": Words(
        "{name} is a Collada file, which is not brought in from here.",
        "Blender up to 4.5 imports it from its File menu.",
    ),
    ".blend": Words(
        "{name} is a Blender file, which is not brought in from here.",
        "Append from it in the File menu, if you trust where it comes from.",
    ),
} | dict.fromkeys(
    (".usdz", ".usdc", ".usda", ".usd"),
    Words(
        "{name} is a USD file, and this Blender was built without USD.",
        "Blender from blender.org reads it.",
    ),
)
"""Formats without an importer, in some builds of Blender or in all."""

LOWEST_FBX: Final = 7100
HIGHEST_FBX: Final = 7700
"""Of what any Blender reads, as FBX counts: 7.4 is 7400."""
UNLIKELY_FBX: Final = 10000
"""From here on it is no version but damage."""


def no_importer(file: Path, kind: str) -> NoReader:
    """For a file of a format that has no importer; ``kind`` is one of ``NO_IMPORTER``."""
    message, hint = NO_IMPORTER[kind]
    return NoReader(message, hint=hint, name=file.name)


def explained(file: Path, kind: str, error: RuntimeError | None) -> PreparationFailed:
    """What to tell of a file whose importer raised ``error``, or made nothing of it."""
    said = "" if error is None else str(error)
    known = _lacking_for_gltf(file, said) if kind in {".glb", ".gltf"} else None
    known = _lacking_for_fbx(file, said) if kind == ".fbx" else known
    if known is not None:
        words, parts = known
        return NoReader(words.message, hint=words.hint, details=said, name=file.name, **parts)
    reason = "" if error is None else _reason(file, error)
    message = UNREADABLE if reason else EMPTY if error is None else BROKE_DOWN
    return PreparationFailed(
        message, hint=DAMAGED_HINT, details=said, name=file.name, reason=reason
    )


UNREADABLE: Final = "{name} cannot be read: {reason}."
EMPTY: Final = "{name} is empty or cannot be read."
BROKE_DOWN: Final = "{name} cannot be read: Blender's importer broke down over it."

CALLS_ITSELF: Final = re.compile(r"^(?:STL Import|PLY Importer|OBJ Import|FBX Import|USD Import): ")
"""How some importers begin what they say."""


def _reason(file: Path, error: RuntimeError) -> str:
    said = CALLS_ITSELF.sub("", own_words(error))
    return said.removeprefix(f"{file.stem}: ")


Known = tuple[Words, Mapping[str, str]]


def _lacking_for_gltf(file: Path, said: str) -> Known | None:
    if said.startswith("Error: Bad "):  # what is broken in it
        return None
    document = document_of(file) or {}
    version = _gltf_version(file, document)
    if version and not version.startswith("2"):
        return OTHER_GLTF, {"version": version}
    required = document.get("extensionsRequired")
    for name in required if isinstance(required, list) else []:
        if isinstance(name, str) and name in EXTENSIONS:
            return EXTENSIONS[name], {}
        if str(name) in said:
            return UNKNOWN_EXTENSION, {"extension": str(name)}
    return None


def _gltf_version(file: Path, document: Mapping[str, Any]) -> str:
    """As the file says it: "2.0"."""
    head = head_of(file)
    if head.startswith(b"glTF") and len(head) >= 8:  # noqa: PLR2004 - name and version
        (version,) = struct.unpack_from("<I", head, 4)
        if version != 2:  # noqa: PLR2004
            return f"{version}.0"
    asset = document.get("asset")
    return str(asset.get("version", "")) if isinstance(asset, dict) else ""


def _lacking_for_fbx(file: Path, said: str) -> Known | None:
    head = head_of(file)
    is_text = not head.startswith(b"Kaydara FBX Binary")
    if is_text:
        return (TEXT_FBX, {}) if "ASCII" in said else None
    if len(head) < 27:  # noqa: PLR2004 - up to and with the version
        return None
    (number,) = struct.unpack_from("<I", head, 23)
    version = {"version": f"{number // 1000}.{number % 1000 // 100}"}
    if HIGHEST_FBX < number < UNLIKELY_FBX:
        return NEW_FBX, version
    return (OLD_FBX, version) if number < LOWEST_FBX and "unsupported" in said else None

"""An engine for tests that does no work: files of the right kind with next to nothing in them."""

from collections.abc import Mapping

from scripts.sandbox.operations import ENDPOINTS
from scripts.sandbox.work import Engine, Result, Work
from tests.sandbox.packing import only_figures

BEGINNINGS = {
    "png": b"\x89PNG\r\n\x1a\n",
    "zip": b"PK\x03\x04",
    "glb": b"glTF",
    "fbx": b"Kaydara FBX Binary",
    "obj": b"v 0 0 0\n",
}
PICTURES = {"image", "render", "remove-bg", "image-enhance"}
TYPES = {
    "rapid": ("ARCHIVE",),
    "pro": ("ARCHIVE", "3D_MODEL"),
    "miniature": ("EDITED_IMAGE", "3D_MODEL"),
    **dict.fromkeys(PICTURES, ("IMAGE",)),
}


def deliver(work: Work) -> list[Result]:
    """What the contract says comes of this kind of work."""
    asked = str(work.parameters.get("output_format", "")).lower()
    results = []
    for asset_type in TYPES.get(work.kind, ("3D_MODEL",)):
        suffix = {"ARCHIVE": "zip", "IMAGE": "png", "EDITED_IMAGE": "png"}.get(asset_type)
        suffix = suffix or (asked if asked in BEGINNINGS else "glb")
        path = work.folder / f"result.{suffix}"
        path.write_bytes(BEGINNINGS[suffix] + bytes(100))
        results.append(Result(path, asset_type))
    return results


QUICK: Mapping[str, Engine] = {
    **{endpoint.kind: deliver for endpoint in ENDPOINTS.values()},
    "volume": only_figures,
}

"""An engine for tests of the front: it packs what it was given, so that a test can look at it."""

import json
import os
import zipfile

from scripts.sandbox.work import EngineFailed, Result, Work


def pack(work: Work) -> list[Result]:
    """A ZIP with the parameters and the input files; some prompts ask for trouble instead."""
    prompt = work.parameters.get("prompt")
    if prompt == "refuse":
        raise EngineFailed("the engine refuses")
    if prompt == "crash":
        raise ZeroDivisionError("the engine crashed")
    if prompt == "die":
        os._exit(3)
    if prompt == "nothing":
        return []
    if prompt == "no file":
        return [Result(work.folder / "missing.glb", "3D_MODEL")]
    archive = work.folder / "packed ü.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("parameters.json", json.dumps(dict(work.parameters)))
        for name, path in work.files.items():
            packed.write(path, f"{name}/{path.name}")
    mesh = work.folder / "model.glb"
    mesh.write_bytes(b"glTF" + bytes(10_000))
    return [
        Result(archive, "ARCHIVE", {"sandbox": "packed its input"}),
        Result(mesh, "3D_MODEL"),
    ]


def only_figures(work: Work) -> list[Result]:
    """A result without a file."""
    return [Result(None, "3D_MODEL", {"volume": 1.5})]

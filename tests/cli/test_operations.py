"""Every operation of the catalogue through the command line, by file and by address."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from addon.catalog import operations
from tests.cli.conftest import CommandLine, Finished
from tests.results import archive_names, picture_size, texture_of, validated_glb, video_frames

Check = Callable[[Finished], None]


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small textured model, a reduced copy of it, and a photo."""
    folder = tmp_path_factory.mktemp("inputs")
    pixels = np.zeros((64, 64, 3), dtype=np.uint8)
    pixels[:32] = (200, 60, 40)
    pixels[32:] = (40, 90, 200)
    for name, subdivisions in (("high.glb", 4), ("low.glb", 2)):
        ball = trimesh.creation.icosphere(subdivisions=subdivisions, radius=0.5)
        uv = ball.vertices[:, :2] + 0.5
        material = PBRMaterial(baseColorTexture=Image.fromarray(pixels), metallicFactor=0.0)
        ball.visual = TextureVisuals(uv=uv, material=material)
        ball.export(folder / name)
    photo = np.full((256, 256, 3), 235, dtype=np.uint8)
    photo[50:230, 90:170] = (170, 60, 50)
    Image.fromarray(photo).save(folder / "photo.png")
    return folder


@pytest.fixture(scope="session")
def host(inputs: Path) -> Iterator[str]:
    """The same files by address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    handler = functools.partial(Quiet, directory=str(inputs))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@dataclass(frozen=True)
class Case:
    """A command line (``{photo}``, ``{high}``, ``{low}`` stand for inputs) and its check."""

    operation: str
    arguments: tuple[str, ...]
    check: Check
    name: str = ""
    by: tuple[str, ...] = ("file",)


def paths(done: Finished, asset_type: str | None = None) -> list[Path]:
    """Result files of one type, or all."""
    return [
        Path(file["path"])
        for file in done.document["files"]
        if asset_type in {None, file["asset_type"]}
    ]


def textured_model(done: Finished) -> None:
    """A valid GLB with faces and a texture."""
    [path] = paths(done, "3D_MODEL")
    scene = validated_glb(path)
    assert sum(len(mesh.faces) for mesh in scene.geometry.values()) > 100
    assert texture_of(scene) is not None


def model(suffix: str, type_: str = "3D_MODEL") -> Check:
    """A file of that kind that another program opens, of the input's shape."""

    def check(done: Finished) -> None:
        [path] = paths(done, type_)
        assert path.suffix == suffix
        if suffix == ".fbx":
            assert path.read_bytes()[:18] == b"Kaydara FBX Binary"
        elif suffix == ".usdz":
            assert any(name.endswith((".usdc", ".usda")) for name in archive_names(path))
        elif suffix == ".zip":
            assert any(name.endswith((".obj", ".fbx")) for name in archive_names(path))
        else:
            scene = validated_glb(path) if suffix == ".glb" else trimesh.load_scene(path)
            assert scene.extents.max() / scene.extents.min() == pytest.approx(1.0, abs=0.06)

    return check


def pictures(count: int, size: tuple[int, int] | None = None) -> Check:
    """That many pictures."""

    def check(done: Finished) -> None:
        found = paths(done)
        assert len(found) == count
        for path in found:
            width, height = picture_size(path)
            assert size is None or (width, height) == size

    return check


def closed_model(done: Finished) -> None:
    """A watertight model of the asked height."""
    [path] = paths(done)
    [mesh] = validated_glb(path).geometry.values()
    mesh.merge_vertices(merge_tex=True, merge_norm=True)
    assert mesh.is_watertight
    assert mesh.extents[1] == pytest.approx(0.1, rel=0.02)


def smaller_model(done: Finished) -> None:
    """Far fewer bytes than the 200 KB that went in."""
    [path] = paths(done)
    assert path.read_bytes()[:4] == b"glTF"
    assert 0 < path.stat().st_size < 100_000


def video(done: Finished) -> None:
    """A video with more than a few frames."""
    [path] = paths(done)
    assert path.suffix == ".mp4"
    assert video_frames(path) >= 12


def figures(done: Finished) -> None:
    """Volume of a ball by height."""
    [file] = done.document["files"]
    text = str(file["metadata"])
    assert "volume" in text
    assert "area" in text


def several_parts(done: Finished) -> None:
    """Parts as separate, named meshes; a plain ball may stay whole."""
    [path] = paths(done, "3D_MODEL")
    names = list(validated_glb(path).geometry)
    assert names
    assert len(set(names)) == len(names)


def miniature(done: Finished) -> None:
    """All four results."""
    picture_size(paths(done, "EDITED_IMAGE")[0])
    validated_glb(paths(done, "3D_MODEL")[0])
    scaled = validated_glb(paths(done, "SCALED_3D_MODEL")[0])
    assert scaled.extents[1] == pytest.approx(1.75 / 87, rel=1e-3)
    assert any(name.endswith(".obj") for name in archive_names(paths(done, "ARCHIVE")[0]))


def archive(done: Finished) -> None:
    """A ZIP with OBJ, MTL and a picture."""
    names = archive_names(paths(done, "ARCHIVE")[0])
    assert {Path(name).suffix for name in names} >= {".obj", ".mtl", ".png"}


BOTH = ("file", "address")
"""Once for each way that files are named; each order's address ``test_strict_orders.py`` tries."""
ROCK = ("--prompt", "a grey rock")
PHOTO = ("--image", "{photo}")
HIGH = ("--model-{by}", "{high}")
CASES = [
    Case("tencent-rapid", ROCK, archive, "prompt"),
    Case("tencent-rapid", PHOTO, archive, "image"),
    Case("tencent-pro", ROCK, textured_model, "prompt"),
    Case("tencent-pro", ("--multi-view-images", "front={photo}"), textured_model, "views"),
    Case("trellis", PHOTO, textured_model, by=BOTH),
    Case("tripo", (*ROCK, "--version", "v3.0"), textured_model, "prompt"),
    Case("tripo", PHOTO, textured_model, "image"),
    Case("tripo", (*ROCK, "--quad"), model(".fbx"), "quad"),
    Case("tripo-p1", ROCK, textured_model, "prompt"),
    Case("tripo-p1", PHOTO, textured_model, "image"),
    Case("image-gemini3pro", (*ROCK, "--count", "2"), pictures(2, (1024, 1024))),
    Case("image-gemini31flash", (*ROCK, "--resolution", "512px"), pictures(1)),
    Case("image-gemini25flash", (*ROCK, *PHOTO), pictures(1), "edit", BOTH),
    Case("image-seedream", (*ROCK, "--image-size", "square"), pictures(1)),
    Case("convert", (*HIGH, "--output-format", "obj"), model(".obj"), "obj", BOTH),
    Case("convert", (*HIGH, "--output-format", "stl"), model(".stl"), "stl"),
    Case("convert", (*HIGH, "--output-format", "ply"), model(".ply"), "ply"),
    Case("convert", (*HIGH, "--output-format", "fbx"), model(".fbx"), "fbx"),
    Case("convert", (*HIGH, "--output-format", "usdz"), model(".usdz"), "usdz"),
    Case("convert", (*HIGH, "--output-format", "3mf"), model(".3mf"), "3mf"),
    Case("convert", (*HIGH, "--output-format", "obj_zip"), model(".zip", "ARCHIVE"), "zip"),
    Case("render", (*HIGH, "--resolution", "128"), pictures(1, (128, 128)), "picture"),
    Case(
        "render",
        (*HIGH, "--resolution", "96", "--angle", "turntable_4"),
        pictures(4, (96, 96)),
        "turntable",
    ),
    Case("render", (*HIGH, "--resolution", "96", "--output-type", "video"), video, "video"),
    Case(
        "repair",
        (*HIGH, "--target-height", "10", "--texture-resolution", "512", "--quality", "low"),
        closed_model,
    ),
    Case("optimize", (*HIGH, "--preset", "low"), smaller_model),
    Case("volume", (*HIGH, "--target-heights", "5,10"), figures),
    Case(
        "bake-texture",
        (
            "--high-poly-{by}",
            "{high}",
            "--low-poly-{by}",
            "{low}",
            "--yes",
            "--texture-resolution",
            "256",
        ),
        textured_model,
        by=BOTH,
    ),
    Case("texture-model", (*HIGH, "--prompt", "red wood"), textured_model),
    Case("texture-edit", (*HIGH, "--prompt", "red wood", "--yes"), textured_model),
    Case("topology", (*HIGH, "--face-level", "low", "--yes"), model(".obj")),
    Case("segment", HIGH, several_parts),
    Case("convert-model", (*HIGH, "--format", "STL"), model(".stl")),
    Case("remove-bg", PHOTO, pictures(1, (256, 256))),
    Case("image-enhance", PHOTO, pictures(1)),
    Case(
        "miniature",
        (*PHOTO, "--preset", "v3_miniature_human_full_body", "--edition", "fast", "--scale", "h0"),
        miniature,
    ),
]


def test_every_operation_has_a_case() -> None:
    assert {case.operation for case in CASES} == {operation.name for operation in operations()}


@pytest.mark.parametrize(
    ("case", "by"),
    [
        pytest.param(case, by, id="-".join(filter(None, (case.operation, case.name, by))))
        for case in CASES
        for by in case.by
    ],
)
def test_operation(cli: CommandLine, inputs: Path, host: str, case: Case, by: str) -> None:
    place = str(inputs) if by == "file" else host
    values = {
        "photo": f"{place}/photo.png",
        "high": f"{place}/high.glb",
        "low": f"{place}/low.glb",
        "by": "file" if by == "file" else "url",
    }
    arguments = [argument.format_map(values) for argument in case.arguments]
    done = cli.run(case.operation, *arguments, "--wait", "--poll-interval", "0.2")
    assert done.code == 0, done.words
    assert done.document["status"] == "FINISHED"
    assert all("sandbox" in file["metadata"] for file in done.document["files"])
    case.check(done)

"""``print --colors``: a figurine in a few filaments, as slicers and other programs read it."""

import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from lib3mf import get_wrapper
from PIL import Image

from tests.cli.conftest import CommandLine, Finished
from tests.cli.test_print import BAD_WORDS, each
from tests.patience import seconds

RADIUS = 10.0
WHITE, RED, BLUE = "#f0f0f0", "#d04020", "#143ca0"
FOREIGN_ATTRIBUTE = 32935
"""What the reference library says of an attribute without a namespace: Bambu's has none."""
CODES = {None: 0, "8": 1, "0C": 2}


def write_ball(to: Path) -> None:
    """White, with a red and a blue quarter as texture, and a dot that is too small to print."""
    ball = trimesh.creation.uv_sphere(radius=RADIUS / 1000, count=[24, 24])
    x, y, z = (ball.vertices / np.linalg.norm(ball.vertices, axis=1, keepdims=True)).T
    uv = np.stack([np.arctan2(y, x) / 2 / np.pi + 0.5, np.arccos(z) / np.pi], axis=1)
    pixels = np.full((256, 256, 3), 240, dtype=np.uint8)
    pixels[64:192, :64] = (208, 64, 32)
    pixels[64:192, 128:192] = (20, 60, 160)
    pixels[100, 220] = 0
    look = trimesh.visual.material.PBRMaterial(baseColorTexture=Image.fromarray(pixels))
    ball.visual = trimesh.visual.TextureVisuals(uv=uv, material=look)
    ball.apply_transform(trimesh.transformations.rotation_matrix(-np.pi / 2, (1, 0, 0)))
    ball.export(to)


@pytest.fixture(scope="module")
def ball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("ball") / "ball.glb"
    write_ball(to)
    return to


@pytest.fixture(scope="module")
def painted(ball: Path, tmp_path_factory: pytest.TempPathFactory, blender: str) -> Finished:
    folder = tmp_path_factory.mktemp("painted")
    line = CommandLine(folder, None, {"STUDIO3D_HOME": str(folder / "home")})  # type: ignore[arg-type]
    out = ("--colors", "3", "--to", "3mf", "--output-dir", ".", "--blender", blender)
    return line.run("print", "export", str(ball), *out)


@pytest.fixture(scope="module")
def package(painted: Finished) -> Path:
    (file,) = painted.document["files"]
    (written,) = file["written"]
    return Path(written)


def test_the_palette_and_its_shares_are_told(painted: Finished) -> None:
    assert painted.code == 0, painted.words
    colors = painted.document["files"][0]["colors"]
    shares = [one["share"] for one in colors]
    assert shares == sorted(shares, reverse=True)
    assert_alike([one["color"] for one in colors], [WHITE, BLUE, RED])
    # A quarter around, between 45 degrees above and below: 1/4 of 0.707.
    assert shares[1:] == pytest.approx([0.177, 0.177], abs=0.015)
    assert sum(shares) == pytest.approx(1.0, abs=0.001)
    assert f"filament 1: {WHITE}" in painted.words


def assert_alike(colors: list[str], others: list[str]) -> None:
    """Within what the edges between them change."""
    one, other = (
        np.array([list(bytes.fromhex(color[1:])) for color in some]) for some in (colors, others)
    )
    assert np.abs(one - other).max() <= 3


def test_the_reference_reads_the_filaments(package: Path) -> None:
    model = get_wrapper().CreateModel()
    reader = model.QueryReader("3mf")
    reader.ReadFromFile(str(package))
    warnings = [reader.GetWarning(number)[0] for number in range(reader.GetWarningCount())]
    assert set(warnings) == {FOREIGN_ATTRIBUTE}
    (group,) = each_base(model)
    numbers = group.GetAllPropertyIDs()
    names = [group.GetName(number) for number in numbers]
    colors = [group.GetDisplayColor(number) for number in numbers]
    assert names == ["Filament 1", "Filament 2", "Filament 3"]
    shown = [f"#{color.Red:02x}{color.Green:02x}{color.Blue:02x}" for color in colors]
    assert_alike(shown, [WHITE, BLUE, RED])
    (item,) = each(model.GetBuildItems())
    assert item.GetObjectResource().GetName() == "ball"
    meshes = model.GetMeshObjects()
    assert meshes.MoveNext()
    mesh = meshes.GetCurrentMeshObject()
    assert mesh.IsManifoldAndOriented()
    # What other programs show, and what slicers print, are the same.
    of_triangles = filaments(package)
    assert len(warnings) == sum(code > 0 for code in of_triangles)
    properties = [
        mesh.GetTriangleProperties(number).PropertyIDs[0]
        for number in range(mesh.GetTriangleCount())
    ]
    assert [numbers.index(one) if one else 0 for one in properties] == of_triangles


def each_base(model: Any) -> list[Any]:
    groups = model.GetBaseMaterialGroups()
    found = []
    while groups.MoveNext():
        found.append(groups.GetCurrentBaseMaterialGroup())
    return found


def filaments(package: Path) -> list[int]:
    """That of each triangle, which both kinds of slicers read alike."""
    text = zipfile.ZipFile(package).read("3D/Objects/object_1.model").decode()
    found = []
    for one in re.findall("<triangle (.*?)/>", text):
        said = dict(re.findall(r'(\S+)="(\w+)"', one))
        code = said.get("paint_color")
        assert said.get("slic3rpe:mmu_segmentation") == code
        found.append(CODES[code])
    return found


def test_others_read_the_same_solid(package: Path) -> None:
    read: Any = trimesh.load(package)
    (solid,) = read.geometry.values()
    assert solid.is_watertight
    assert solid.extents == pytest.approx([2 * RADIUS] * 3, abs=0.1)


def test_a_slicer_changes_tools(package: Path, slicer: str, tmp_path: Path) -> None:
    """And not below the first 0.4 mm, nor where all is white."""
    code = tmp_path / "out.gcode"
    three = {
        "--nozzle-diameter": "0.4,0.4,0.4",
        "--filament-diameter": "1.75,1.75,1.75",
        "--temperature": "200,200,200",
        "--first-layer-temperature": "200,200,200",
    }
    layers = ["--layer-height", "0.2", "--first-layer-height", "0.2"]
    cheap = ["--fill-density", "0", "--perimeters", "1", "--skirts", "0"]
    options = [part for pair in three.items() for part in pair]
    done = subprocess.run(
        [slicer, "--export-gcode", *options, *layers, *cheap, "--output", str(code), str(package)],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds(120),
    )
    assert done.returncode == 0, done.stderr
    assert not BAD_WORDS.search(done.stdout + done.stderr)
    tools: dict[float, set[str]] = {}
    height, tool = 0.0, "T0"
    for line in code.read_text().splitlines():
        if line.startswith(";Z:"):
            height = float(line[3:])
        elif re.fullmatch(r"T\d", line):
            tool = line
        elif re.match(r"G1 X.* E", line):
            tools.setdefault(height, set()).add(tool)
    middle = {height: found for height, found in tools.items() if 4.0 < height < 16.0}
    assert middle
    assert all(found == {"T0", "T1", "T2"} for found in middle.values())
    assert set().union(*(found for height, found in tools.items() if height < 2.0)) == {"T0"}


def test_colors_of_given_filaments(cli: CommandLine, ball: Path, blender: str) -> None:
    out = ("--palette", "FFFFFF,#d02020", "--to", "3mf", "--output-dir", ".", "--blender", blender)
    ended = cli.run("print", "export", str(ball), *out)
    assert ended.code == 0, ended.words
    shares = {one["color"]: one["share"] for one in ended.document["files"][0]["colors"]}
    assert list(shares) == ["#ffffff", "#d02020"]
    assert shares["#d02020"] > 0.17


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--colors", "4"),
        ("export", "--colors", "1"),
        ("export", "--colors", "9"),
        ("export", "--colors", "four"),
        ("export", "--palette", "red,blue"),
        ("export", "--palette", "#ffffff"),
        ("export", "--palette", "#ffffff,#12345"),
        ("export", "--colors", "2", "--palette", "#ffffff,#000000"),
        ("export", "--colors", "4", "--to", "stl"),
    ],
)
def test_what_is_refused(cli: CommandLine, ball: Path, arguments: tuple[str, ...]) -> None:
    work, *options = arguments
    ended = cli.run("print", work, str(ball), *options, "--blender", "true")
    assert ended.code == 2
    assert ended.document["error"]["code"] == "usage"

"""``print``: what slicers and other programs make of the files, and what the command promises.

Three models are results as the service delivers them, three are made here: six figurines.
"""

import re
import shutil
import struct
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from lib3mf import get_wrapper

from addon.printing.findings import KINDS
from addon.printing.own_files import STL_MARK, is_own
from addon.printing.printers import PRINTERS
from tests.cli.conftest import CommandLine, Finished
from tests.package.imports import ROOT
from tests.patience import seconds

HEIGHT = 24.0
LAYER = 0.3
BAD_WORDS = re.compile(r"error|repair|open edge|manifold|empty layer|invalid", re.IGNORECASE)
SAMPLES = ("car", "chair", "vase")
MADE = ("pawn", "ring", "dice")


def pawn() -> Any:
    """Shells that cut through each other, as generated models have them."""
    foot = trimesh.creation.cylinder(radius=0.006, height=0.004)
    body = trimesh.creation.cylinder(radius=0.003, height=0.016)
    head = trimesh.creation.icosphere(subdivisions=3, radius=0.0045)
    body.apply_translation((0.0, 0.0, 0.008))
    head.apply_translation((0.0, 0.0, 0.017))
    return trimesh.util.concatenate([foot, body, head])


def ring() -> Any:
    """It lies on the bed."""
    return trimesh.creation.torus(major_radius=0.012, minor_radius=0.004)


def dice() -> Any:
    """Its corners have colors, and it has a hollow space in it."""
    inner = trimesh.creation.icosphere(subdivisions=3, radius=0.005)
    inner.invert()
    box = trimesh.creation.box((0.016, 0.016, 0.016))
    solid: Any = trimesh.util.concatenate([box, inner])
    red = np.where(solid.vertices[:, :1] > 0, [[255, 0, 0, 255]], [[0, 0, 255, 255]])
    solid.visual.vertex_colors = red.astype(np.uint8)
    return solid


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of six GLB files, in metres, with Y up."""
    folder = tmp_path_factory.mktemp("models")
    for name in SAMPLES:
        shutil.copyfile(ROOT / "addon" / "samples" / f"{name}.glb", folder / f"{name}.glb")
    for name, make in (("pawn", pawn), ("ring", ring), ("dice", dice)):
        solid = make()
        solid.apply_transform(trimesh.transformations.rotation_matrix(-np.pi / 2, (1, 0, 0)))
        solid.export(folder / f"{name}.glb")
    return folder


@pytest.fixture(scope="module")
def figurines(models: Path, tmp_path_factory: pytest.TempPathFactory, blender: str) -> Finished:
    """All six mended and written for a slicer, in one command."""
    folder = tmp_path_factory.mktemp("figurines")
    line = CommandLine(folder, None, {"STUDIO3D_HOME": str(folder / "home")})  # type: ignore[arg-type]
    files = [str(models / f"{name}.glb") for name in (*SAMPLES, *MADE)]
    out = ("--height", str(HEIGHT), "--output-dir", ".", "--blender", blender)
    return line.run("print", "fix", *files, *out)


def written(figurines: Finished, name: str, suffix: str) -> Path:
    every = [Path(path) for file in figurines.document["files"] for path in file["written"]]
    return next(path for path in every if path.name == f"{name}-fixed.{suffix}")


def test_six_figurines_are_made_printable(figurines: Finished) -> None:
    assert figurines.code == 0, figurines.words
    for file in figurines.document["files"]:
        (figurine,) = file["figurines"]
        assert figurine["figures"]["watertight"]
        assert figurine["figures"]["sides"][2] == pytest.approx(HEIGHT, abs=0.1)
        assert "indices" not in str(figurine)


def test_a_slicer_finds_nothing_to_mend(figurines: Finished, slicer: str) -> None:
    files = [
        written(figurines, name, kind) for name in (*SAMPLES, *MADE) for kind in ("stl", "3mf")
    ]
    done = subprocess.run(
        [slicer, "--info", *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds(60),
    )
    assert done.stdout.count("manifold = yes") == len(files)
    heights = [float(height) for height in re.findall(r"size_z = ([\d.]+)", done.stdout)]
    assert heights == pytest.approx([HEIGHT] * len(files), abs=0.1)


@pytest.mark.parametrize("name", [*SAMPLES, *MADE])
@pytest.mark.parametrize("suffix", ["stl", "3mf"])
def test_a_slicer_slices_it_without_a_word(
    figurines: Finished, slicer: str, tmp_path: Path, name: str, suffix: str
) -> None:
    (layers,) = slices(slicer, tmp_path, [written(figurines, name, suffix)])
    assert layers == pytest.approx(HEIGHT / LAYER, abs=1)


def slices(slicer: str, folder: Path, files: Sequence[Path | str]) -> list[int]:
    """Layers of each, sliced without a word of an error or a repair."""
    layers = []
    heights = ["--layer-height", str(LAYER), "--first-layer-height", str(LAYER)]
    cheap = ["--fill-density", "0", "--perimeters", "1", "--skirts", "0"]
    for file in files:
        code = folder / "out.gcode"
        done = subprocess.run(
            [slicer, "--export-gcode", *heights, *cheap, "--output", str(code), str(file)],
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds(120),
        )
        assert done.returncode == 0, done.stderr
        assert not BAD_WORDS.search(done.stdout + done.stderr), done.stdout + done.stderr
        layers.append(code.read_text().count(";LAYER_CHANGE"))
    return layers


@pytest.mark.parametrize("name", [*SAMPLES, *MADE])
def test_other_readers_find_the_same_solid(figurines: Finished, name: str) -> None:
    said = figurine(figurines, name)
    package: Any = trimesh.load(written(figurines, name, "3mf"))
    assert package.units == "millimeter"
    (solid,) = package.geometry.values()
    assert solid.is_watertight
    assert solid.extents == pytest.approx(said["sides"], abs=0.01)
    assert len(solid.faces) == said["triangles"]
    low, high, count = stl(written(figurines, name, "stl"))
    assert high - low == pytest.approx(said["sides"], abs=0.01)
    assert count == said["triangles"]


def figurine(figurines: Finished, name: str) -> dict[str, Any]:
    files = figurines.document["files"]
    file = next(one for one in files if Path(one["file"]).stem == name)
    figures: dict[str, Any] = file["figurines"][0]["figures"]
    return figures


def stl(file: Path) -> tuple[Any, Any, int]:
    """Bounds and count of the triangles, read as the format has it."""
    data = file.read_bytes()
    (count,) = struct.unpack_from("<I", data, 80)
    record = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    corners = np.frombuffer(data, record, count, 84)["corners"].reshape(-1, 3)
    assert len(data) == 84 + 50 * count
    assert not data.startswith(b"solid")
    return corners.min(axis=0), corners.max(axis=0), count


def each(iterator: Any) -> Iterator[Any]:
    while iterator.MoveNext():
        yield iterator.GetCurrent()


def read(file: Path) -> Any:
    """As the 3MF consortium's own library reads it, which warns of whatever is not as it should."""
    model = get_wrapper().CreateModel()
    reader = model.QueryReader("3mf")
    reader.SetStrictModeActive(True)
    reader.ReadFromFile(str(file))
    assert [reader.GetWarning(number) for number in range(reader.GetWarningCount())] == []
    return model


@pytest.mark.parametrize("name", [*SAMPLES, *MADE])
def test_the_reference_reads_the_3mf(figurines: Finished, name: str) -> None:
    model = read(written(figurines, name, "3mf"))
    assert model.GetUnit().name == "MilliMeter"
    (item,) = each(model.GetBuildItems())
    solid = item.GetObjectResource()
    assert solid.GetName() == name
    meshes = model.GetMeshObjects()
    assert meshes.MoveNext()
    mesh = meshes.GetCurrentMeshObject()
    assert mesh.IsManifoldAndOriented()
    assert mesh.GetTriangleCount() == figurine(figurines, name)["triangles"]


def test_colors_of_corners_are_in_the_3mf(figurines: Finished) -> None:
    """The die is red on one side and blue on the other."""
    model = read(written(figurines, "dice", "3mf"))
    groups = model.GetColorGroups()
    assert groups.MoveNext()
    group = groups.GetCurrentColorGroup()
    colors = [group.GetColor(number) for number in group.GetAllPropertyIDs()]
    assert {(color.Red, color.Green, color.Blue) for color in colors} == {(255, 0, 0), (0, 0, 255)}
    meshes = model.GetMeshObjects()
    assert meshes.MoveNext()
    mesh = meshes.GetCurrentMeshObject()
    by_id = dict(zip(group.GetAllPropertyIDs(), colors, strict=True))
    low, high = (getattr(mesh.GetOutbox(), end)[0] for end in ("MinCoordinate", "MaxCoordinate"))
    for number, triangle in enumerate(mesh.GetTriangleIndices()):
        properties = mesh.GetTriangleProperties(number).PropertyIDs
        for vertex, color in zip(triangle.Indices, properties, strict=True):
            x = mesh.GetVertex(vertex).Coordinates[0]
            if abs(x - (low + high) / 2) > 0.1:
                assert (by_id[color].Red == 255) == (x > (low + high) / 2)


def test_what_a_check_says(cli: CommandLine, models: Path, blender: str) -> None:
    torn = trimesh.creation.box((200.0, 30.0, 30.0))
    torn.update_faces(np.arange(len(torn.faces)) > 1)
    torn.export(cli.folder / "torn.stl")
    told = ("--printer", "prusa-mini", "--material", "petg", "--price-per-kg", "40", "--indices")
    ended = cli.run("print", "check", "torn.stl", *told, "--blender", blender)
    assert ended.code == 1
    assert ended.document["error"]["code"] == "not_printable"
    (file,) = ended.document["files"]
    assert file["unit"] == "mm"
    found = {one["kind"]: one for one in file["figurines"][0]["findings"]}
    assert set(found) <= set(KINDS)
    assert found["open_edges"]["count"] == len(found["open_edges"]["indices"]) > 0
    assert found["too_large"]["worst"] == pytest.approx(20.0)
    figures = file["figurines"][0]["figures"]
    assert figures["cost"] == pytest.approx(figures["grams"] * 0.04, rel=1e-3)
    assert "Open edges" in ended.words


def test_it_needs_neither_key_nor_network(cli: CommandLine, models: Path, blender: str) -> None:
    cli.environ.clear()
    cli.environ |= {"STUDIO3D_HOME": str(cli.folder / "home"), "STUDIO3D_API_URL": NOWHERE}
    ended = cli.run("print", "check", str(models / "dice.glb"), "--blender", blender)
    assert (ended.code, ended.document["files"][0]["unit"]) == (0, "m")


NOWHERE = "http://127.0.0.1:9"


def test_people_get_a_table_and_no_document(cli: CommandLine, models: Path, blender: str) -> None:
    cli.on_terminal = True
    out = ("--output-dir", "out", "--to", "obj,stl", "--blender", blender)
    code, printed, _ = cli.printed("print", "export", str(models / "dice.glb"), *out)
    assert code == 0
    assert "16.0 x 16.0 x 16.0 mm" in printed
    assert not printed.startswith("{")
    assert f"written  {cli.folder / 'out' / 'dice.obj'}" in printed
    assert {path.name for path in (cli.folder / "out").iterdir()} == {
        "dice.obj",
        "dice.mtl",
        "dice.stl",
    }
    places = re.findall(
        r"^v (\S+) (\S+) (\S+)", (cli.folder / "out" / "dice.obj").read_text(), re.MULTILINE
    )
    heights = [float(z) for _, _, z in places]
    assert [min(heights), max(heights)] == pytest.approx([0.0, 16.0], abs=0.01)


def test_a_base_with_a_name(cli: CommandLine, models: Path, blender: str, slicer: str) -> None:
    wanted = ("--shape", "hex", "--diameter", "30", "--base-height", "6", "--text", "Anna")
    out = ("--height", "20", "--to", "3mf", "--output-dir", ".", "--blender", blender)
    ended = cli.run("print", "base", str(models / "pawn.glb"), *wanted, *out)
    assert ended.code == 0, ended.words
    (file,) = ended.document["files"]
    figures = file["figurines"][0]["figures"]
    assert figures["watertight"]
    assert figures["sides"][2] == pytest.approx(20.0 + 6.0 - 0.2, abs=0.1)
    done = subprocess.run(
        [slicer, "--info", *file["written"]],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds(60),
    )
    assert "manifold = yes" in done.stdout


def test_a_hollow_figurine_on_a_base(
    cli: CommandLine, models: Path, blender: str, slicer: str
) -> None:
    wanted = ("--height", "30", "--base-height", "5", "--hollow", "1.5", "--drain-holes", "1")
    out = ("--to", "stl", "--output-dir", ".", "--blender", blender)
    ended = cli.run("print", "base", str(models / "pawn.glb"), *wanted, *out)
    assert ended.code == 0, ended.words
    (file,) = ended.document["files"]
    (figurine,) = file["figurines"]
    assert figurine["hollow"]["cavities"] >= 1
    assert figurine["hollow"]["holes"] == figurine["hollow"]["cavities"]
    assert figurine["figures"]["shells"] == 1
    assert figurine["hollow"]["saved"] > 0.2 * figurine["figures"]["volume"]
    assert "saved" in ended.words
    layers = slices(slicer, cli.folder, file["written"])
    assert layers == pytest.approx([(30.0 + 5.0 - 0.2) / LAYER], abs=1)


def test_parts_that_fit_the_bed(cli: CommandLine, blender: str, slicer: str) -> None:
    """Those that an earlier run has left are gone; what others wrote under such a name stays."""
    trimesh.creation.box((300.0, 24.0, 20.0)).export(cli.folder / "bar.stl")
    others = [cli.folder / name for name in ("bar-part-4.stl", "bar-part-5.3mf", "bar-part-x.stl")]
    for file in others:
        file.write_bytes(bytes(84))
    old = cli.folder / "bar-part-3.stl"
    old.write_bytes(STL_MARK.ljust(84, b"\0"))
    bed = ("--printer", "prusa-mini", "--clearance", "0.15")
    out = ("--to", "stl,3mf", "--output-dir", ".", "--blender", blender)
    ended = cli.run("print", "split", "bar.stl", *bed, *out)
    assert ended.code == 0, ended.words
    (file,) = ended.document["files"]
    names = [figurine["name"] for figurine in file["figurines"]]
    assert names == ["bar 1", "bar 2"]
    assert [one["split"]["pins"] for one in file["figurines"]] == [2, 2]
    assert [Path(path).name for path in file["written"]] == [
        "bar-part-1.stl",
        "bar-part-2.stl",
        "bar-part-1.3mf",
        "bar-part-2.3mf",
    ]
    assert file["removed"] == [str(old)]
    assert not old.exists()
    assert all(map(Path.exists, others))
    assert f"removed  {old}" in ended.words
    assert all(is_own(Path(path)) for path in file["written"])
    assert slices(slicer, cli.folder, file["written"]) == pytest.approx([20 / LAYER] * 4, abs=1)


def test_several_models_on_one_bed(
    cli: CommandLine, models: Path, blender: str, slicer: str
) -> None:
    files = [str(models / f"{name}.glb") for name in ("dice", "ring", "pawn")]
    wanted = ("--height", "10", "--copies", "3", "--spacing", "4", "--printer", "voron-0")
    out = ("--to", "3mf", "--output-dir", ".", "--blender", blender)
    ended = cli.run("print", "plate", *files, *wanted, *out)
    assert ended.code == 0, ended.words
    assert [Path(one["file"]).stem for one in ended.document["files"]] == ["dice", "ring", "pawn"]
    plate = ended.document["plate"]
    assert plate["count"] == 9
    assert max(plate["sides"]) <= 120.0
    (written,) = plate["written"]
    package: Any = trimesh.load(written)
    assert len(package.geometry) == 3  # which copies share
    boxes = [solid.bounds[:, :2] for solid in package.dump()]
    assert len(boxes) == 9
    for number, (low, high) in enumerate(boxes):
        for other_low, other_high in boxes[:number]:
            gaps = np.maximum(low - other_high, other_low - high)
            assert gaps.max() >= 4.0 - 0.01
    names = {solid.GetName() for solid in each(read(written).GetObjects())}
    assert names == {"dice", "ring", "pawn"}
    assert len(list(each(read(written).GetBuildItems()))) == 9
    (layers,) = slices(slicer, cli.folder, [written])
    assert layers == pytest.approx(10 / LAYER, abs=1)


def test_how_many_fit_is_told(cli: CommandLine, models: Path, blender: str) -> None:
    wanted = ("--height", "50", "--copies", "9", "--printer", "voron-0", "--blender", blender)
    ended = cli.run("print", "plate", str(models / "dice.glb"), *wanted)
    assert ended.code == 1
    assert "4 of 9 models fit" in ended.document["error"]["message"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("split", "a.stl"), "usage"),
        (("plate", "a.stl"), "usage"),
        (("base", "a.stl", "--drain-holes", "2"), "usage"),
        (("hollow", "a.stl", "--hollow", "0.1"), "usage"),
        (("hollow", "a.stl", "--drain-holes", "1.5"), "usage"),
        (("split", "a.stl", "--copies", "2"), "usage"),
        (("check", "nothing.stl"), "file_not_found"),
        (("check", "a.stl", "--remesh", "1"), "usage"),
        (("check", "a.stl", "--to", "stl"), "usage"),
        (("export", "a.stl", "--flat", "1"), "usage"),
        (("export", "a.stl", "--to", "gcode"), "usage"),
        (("fix", "a.stl", "--text", "Anna"), "usage"),
        (("mend", "a.stl"), "usage"),
        (("check", "a.stl", "--printer", "abacus"), "usage"),
        (("check", "a.stl", "--wall", "0"), "usage"),
        (("check", "a.stl", "--height", "1", "--longest", "1"), "usage"),
        (("export", "a.stl", "--to", "stl", "--output-dir", "."), "usage"),
        (("check", "a.stl", "--blender", "/nowhere/blender"), "no_blender"),
    ],
)
def test_what_is_refused(cli: CommandLine, arguments: tuple[str, ...], code: str) -> None:
    (cli.folder / "a.stl").write_bytes(bytes(84))
    blender = () if "--blender" in arguments else ("--blender", "true")
    ended = cli.run("print", *arguments, *blender)
    assert ended.code == 2
    assert ended.document["error"]["code"] == code


def test_a_file_that_is_no_model(cli: CommandLine, blender: str) -> None:
    (cli.folder / "page.glb").write_text("<!doctype html><p>Not found")
    ended = cli.run("print", "check", "page.glb", "--blender", blender)
    assert ended.code == 1
    assert ended.document["error"]["code"] == "process_failed"
    assert "page.glb" in ended.document["error"]["message"]


def test_several_files_of_which_one_is_no_model(
    cli: CommandLine, models: Path, blender: str
) -> None:
    """The others are done, and two of the same name keep their files apart."""
    for name in ("one", "two"):
        (cli.folder / name).mkdir()
    trimesh.creation.box((9.0, 9.0, 9.0)).export(cli.folder / "one" / "Figure.stl")
    trimesh.creation.box((5.0, 5.0, 5.0)).export(cli.folder / "two" / "figure.stl")
    (cli.folder / "page.glb").write_text("<!doctype html><p>Not found")
    files = ("one/Figure.stl", "page.glb", "two/figure.stl")
    out = ("--to", "stl", "--output-dir", "out", "--blender", blender)
    ended = cli.run("print", "export", *files, *out)
    assert (ended.code, ended.document["error"]["code"]) == (1, "process_failed")
    assert "1 of 3 files could not be worked on: page.glb." in ended.words
    first, broken, last = ended.document["files"]
    assert broken["error"]["code"] == "process_failed"
    assert "send the job again" not in broken["error"]["next_step"]
    written = [Path(file["written"][0]) for file in (first, last)]
    assert [path.name for path in written] == ["Figure.stl", "figure-2.stl"]
    assert [trimesh.load(path).extents.max() for path in written] == pytest.approx([9.0, 5.0])
    assert all(f"written  {path}" in ended.words for path in written)


@pytest.mark.parametrize(
    ("name", "work", "words"),
    [
        ("notes.txt", ("check",), "notes.txt is no model. GLB, glTF, FBX"),
        ("hall.stl", ("fix", "--remesh", "nozzle"), "The voxels are too small"),
    ],
)
def test_what_nothing_can_be_made_of(
    cli: CommandLine, blender: str, name: str, work: tuple[str, ...], words: str
) -> None:
    (cli.folder / "notes.txt").write_text("of the figure")
    trimesh.creation.box((50_000.0, 9.0, 9.0)).export(cli.folder / "hall.stl")
    ended = cli.run("print", work[0], name, *work[1:], "--blender", blender)
    assert (ended.code, ended.document["error"]["code"]) == (1, "process_failed")
    assert words in ended.words


def test_a_model_in_the_wrong_unit_is_told(cli: CommandLine, blender: str) -> None:
    trimesh.creation.box((900.0, 900.0, 900.0)).export(cli.folder / "large.stl")
    trimesh.creation.box((2.0, 2.0, 2.0)).export(cli.folder / "small.stl")
    ended = cli.run("print", "check", "large.stl", "small.stl", "--blender", blender)
    assert ended.words.count("--unit") == 2


def test_the_table_of_printers() -> None:
    keys = [printer.key for printer in PRINTERS]
    assert len(set(keys)) == len(keys) >= 15
    for printer in PRINTERS:
        assert printer.fits((printer.width, printer.depth, printer.height))
        assert printer.fits((printer.depth, printer.width, 1.0))
        assert not printer.fits((1.0, 1.0, printer.height + 0.1))
        assert not printer.fits((printer.width, max(printer.depth, printer.width) + 0.1, 1.0))


def test_before_an_stl_is_paid_the_way_that_costs_nothing_is_named(
    cli: CommandLine,
) -> None:
    """What is paid for is in meters, which slicers take for millimeters."""
    cube = ROOT / "addon" / "samples" / "chair.glb"
    order = ("convert", "--model-file", str(cube), "--output-format")
    done = cli.run(*order, "stl")
    assert done.code == 0, done.words
    local, unit = done.words.index("print export"), done.words.index("This STL is in meters")
    assert local < unit < done.words.index("credits")
    assert "print export" not in cli.run(*order, "obj").words
    listed = cli.folder / "list.csv"
    listed.write_text(f"operation,model_file,output_format\nconvert,{cube},stl\n", encoding="utf-8")
    done = cli.run("batch", "list.csv", "--check", "--out", "out")
    assert "This STL is in meters" in done.words

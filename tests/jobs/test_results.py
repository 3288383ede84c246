from pathlib import Path

import pytest

from addon.catalog import get
from addon.jobs.job import ResultFile
from addon.jobs.results import model_choices, model_files, needs_unpacking

FOLDER = Path("/r")


def file(name: str, kind: str = "3D_MODEL", *contents: str) -> ResultFile:
    return ResultFile(FOLDER / name, kind, contents=tuple(FOLDER / c for c in contents))


@pytest.mark.parametrize(
    ("files", "best"),
    [
        ([file("a.obj"), file("a.glb"), file("a.fbx")], ["a.glb"]),
        ([file("a.zip", "ARCHIVE", "a/x.png", "a/x.mtl", "a/x.obj")], ["a/x.obj"]),
        ([file("a.zip", "ARCHIVE", "a/1.obj", "a/2.obj", "a/2.png")], ["a/1.obj", "a/2.obj"]),
        (
            [file("a.zip", "ARCHIVE", "a/1.obj", "a/b/2.obj", "c/3.obj")],
            ["a/1.obj", "a/b/2.obj", "c/3.obj"],
        ),
        ([file("a.zip", "ARCHIVE", "a/1.obj", "b/1.OBJ", "b/2.obj")], ["a/1.obj", "b/2.obj"]),
        ([file("a.zip", "ARCHIVE", "a.usda", "layers/b.usda", "c.usda")], ["a.usda", "c.usda"]),
        ([file("a.png", "IMAGE"), file("a.mp4", "IMAGE")], []),
        ([file("a.FBX", "SOMETHING_NEW")], ["a.FBX"]),
        ([], []),
    ],
)
def test_the_model_to_bring_in(files: list[ResultFile], best: list[str]) -> None:
    found = model_files(get("tencent-rapid"), files)
    assert found == [FOLDER / name for name in best]
    assert model_files(None, files) == found


def test_what_there_is_to_fall_back_on() -> None:
    archive = file(
        "a.zip", "ARCHIVE", "a/1.obj", "a/2.obj", "a/1.fbx", "a/b/3.obj", "a/b/1.obj", "a/x.png"
    )
    files = [archive, file("a.usdz"), file("a.3mf")]
    found = model_choices(get("convert"), files)
    names = [[path.relative_to(FOLDER).as_posix() for path in choice] for choice in found]
    assert names == [
        ["a.usdz"], ["a.3mf"], ["a/1.fbx"], ["a/1.obj", "a/2.obj", "a/b/3.obj"], ["a/b/1.obj"],
    ]  # fmt: skip
    assert model_files(get("convert"), files) == found[0]


def test_the_catalogues_order_of_types_decides_first() -> None:
    files = [file("a.glb", "3D_MODEL"), file("b.obj", "SCALED_3D_MODEL")]
    operation = get("miniature")
    wanted = min(files, key=lambda f: [str(kind) for kind in operation.results].index(f.asset_type))
    assert model_files(operation, files) == [wanted.path]


def test_an_archive_is_unpacked_only_when_there_is_no_model_beside_it() -> None:
    archive = file("a.zip", "ARCHIVE")
    assert needs_unpacking([archive]) == [archive]
    assert needs_unpacking([archive, file("a.glb")]) == []
    assert needs_unpacking([archive, file("a.usdz")]) == [archive]
    assert needs_unpacking([file("a.zip", "ARCHIVE", "a/x.obj")]) == []
    assert needs_unpacking([file("a.png", "IMAGE")]) == []

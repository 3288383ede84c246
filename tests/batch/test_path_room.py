"""Paths stay within what Windows takes, in a deep folder too."""

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.batch.folder import BatchFolder
from addon.batch.lists import Entry
from addon.batch.processing import WORK_PREFIX
from addon.batch.rows import Checker, Row
from addon.catalog import operations
from addon.jobs.leftovers import START
from addon.jobs.results import stem
from addon.service import path_room
from addon.service.answers import Asset
from addon.service.archives import LEAST_ROOM, unpack
from addon.service.names import safe_name
from addon.service.path_room import FOLDER_NAME, NEEDED, SHORT_NAME, fitted, length, short, too_deep
from addon.worker.prepare import MADE

ONEDRIVE = Path("/C:/Users", "a" * 20, "OneDrive - " + "b" * 40, "Documents")
"""Of a user with a long name, in a company with a long one."""
TASK = "12345678-1234-1234-1234-123456789012"
NUMBERED = 3
"""Characters of the number that a name gets where it is taken."""
DAY_AND_NUMBER = len("2026-01-31-") + len("-abcdef")
BLENDER_NAME = 63


def stems() -> Iterator[str]:
    """What files of results are called, of every operation."""
    for operation in operations():
        assets = tuple(Asset("u", str(kind)) for kind in operation.results for _ in range(12))
        yield from (stem(TASK, operation.name, assets, index) for index in range(len(assets)))


def made_in(folder: Path) -> Iterator[Path]:
    """What comes to lie in a folder of one job: downloads, archives, what is prepared."""
    number = "-" + "9" * (NUMBERED - 1)
    for name in stems():
        for ending in (".part.json", f"{number}.glb"):
            yield folder / (name + ending)
        yield folder / f"{short(name, START)}{number}.part" / ("x" * LEAST_ROOM)
        prepared = safe_name(f"{TASK}-{name[len(TASK) + 1 :]}")
        yield folder / f"{prepared}{number}.part.blend"
        yield folder / f"{prepared}{number}-preview.png"
    yield folder / f"{safe_name('n' * BLENDER_NAME)}-model_file.part.glb"
    made, named = folder / f"{MADE}.part", short(safe_name("n" * BLENDER_NAME))
    texture = fitted(Path("t" * BLENDER_NAME + ".png"), SHORT_NAME)
    for ending in ("-lod12.part.glb", f"-{texture}"):
        yield made / f"{named}{ending}"
    yield made / "textures" / ("t" * BLENDER_NAME + ".png")  # beside a USD
    yield made / "for-printer" / f"{named}.glb"


def made_by_batch(root: Path) -> Iterator[Path]:
    row = {"operation": "tripo", "prompt": "p", "name": "name " * 40}
    (checked,) = Checker().check([Entry(root / "list.csv", 2, row)])
    assert isinstance(checked, Row)
    folder = BatchFolder(root)
    yield from made_in(folder.source(checked.asset))
    made = folder.asset(checked.asset) / f"{WORK_PREFIX}12345678" / "made"
    name = short(safe_name(checked.name))
    texture = fitted(Path("t" * BLENDER_NAME + ".png"), SHORT_NAME)
    yield from (made / f"{name}{ending}" for ending in ("-lod12.glb", ".blend", f"-{texture}"))
    yield made / "textures" / ("t" * BLENDER_NAME + ".png")  # beside a USD
    yield folder.library / f".{checked.asset}.blend.part"
    yield root / "report.json.part"


def test_all_that_a_batch_makes_fits() -> None:
    room = max(length(str(path.relative_to("out"))) for path in made_by_batch(Path("out")))
    assert room <= NEEDED
    assert too_deep(ONEDRIVE / "Batches", "win32") is None


def test_all_that_orders_make_fits() -> None:
    job = Path("results") / ("x" * (DAY_AND_NUMBER + FOLDER_NAME))
    room = max(length(str(path.relative_to("results"))) for path in made_in(job))
    assert room <= NEEDED
    usual = Path("/C:/Users", "a" * 20, "AppData/Local/studio3d/results")
    assert too_deep(usual, "win32") is None
    assert too_deep(ONEDRIVE / "3D models", "win32") is None


@pytest.mark.fault("A folder whose path is too long for Windows", "Said before anything is paid")
def test_a_folder_that_is_too_deep_is_told_of() -> None:
    deep = ONEDRIVE / ("c" * 40)
    told = too_deep(deep, "win32")
    assert told is not None
    assert "259" in told
    assert str(deep) in told
    assert too_deep(deep, "linux") is too_deep(deep, "darwin") is None


NAMES = st.text(st.characters(exclude_characters="/\\:\0", exclude_categories=["Cs"]), min_size=1)


@given(st.lists(NAMES, min_size=1, max_size=6), st.integers(LEAST_ROOM - 8, 120))
def test_any_path_can_be_made_to_fit(parts: list[str], most: int) -> None:
    place = Path(*[part for part in parts if part.strip(". ")] or ["file"])
    short_one = fitted(place, most)
    assert length(str(short_one)) <= most
    assert (short_one == place) == (length(str(place)) <= most)
    other = place.with_name(f"{place.name}x")
    assert fitted(other, most) != short_one
    assert fitted(other, most).parent == short_one.parent or length(str(place)) <= most


@pytest.mark.fault(
    "An archive with paths too long for the folder", "Shortened; files of a folder stay together"
)
def test_an_archive_fits_into_a_deep_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{'folder ' * 9}/{'model ' * 12}{n}.obj" for n in (1, 2)] + ["a.png"]
    archive = tmp_path / "result.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for name in names:
            opened.writestr(name, name)
    most = length(str(tmp_path)) + 60
    monkeypatch.setitem(path_room.LONGEST_PATH, sys.platform, most)
    files, _ = unpack(archive, tmp_path, "result")
    assert [file.read_text() for file in files] == names
    assert max(length(str(file)) for file in files) <= most
    assert files[0].parent == files[1].parent != files[2].parent
    assert files[2].name == "a.png"
    assert [file.suffix for file in files] == [".obj", ".obj", ".png"]

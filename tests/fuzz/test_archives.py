"""Archives: whole ones with a few bytes changed, and names of anything."""

import io
import stat
import warnings
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from addon.printing.own_files import THREE_MF_MARK, THREE_MF_MODEL, left_over
from addon.service.archives import Limits, Unpacked, unpack
from addon.service.downloads import _accept
from addon.service.errors import BadArchive, DownloadFailed
from tests.fuzz.bounds import outcome, own_folder, searched
from tests.fuzz.damage import damaged

LIMITS = Limits(entries=50, entry_bytes=10**6, total_bytes=2 * 10**6)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
NAMES = (
    "model.obj",
    "a/../../b.png",
    "/etc/passwd",
    "..",
    "C:\\a.mtl",
    "CON",
    "a/",
    "a",
    "a/b",
    "A/B",
)


def archive(*entries: tuple[str, bytes, int, int]) -> bytes:
    """A ZIP of names, contents, ways of packing, and kinds of file as Unix has them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, data, method, kind in entries:
            entry = zipfile.ZipInfo(name or "a", (2026, 1, 1, 0, 0, 0))
            entry.external_attr = (kind | 0o644) << 16
            opened.writestr(entry, data, method)
    return stream.getvalue()


WHOLE = tuple(
    archive(
        ("model.obj", b"v 0 0 0\n" * 200, method, stat.S_IFREG),
        ("textures/a.png", bytes(500), method, stat.S_IFREG),
        ("link", b"../../secret", method, stat.S_IFLNK),
    )
    for method in METHODS
)
PIECES = (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"../", b"\x01\0", b"\x0c\0")
entries = st.tuples(
    st.sampled_from(NAMES) | st.text(st.characters(codec="utf-8"), max_size=300),
    st.binary(max_size=40),
    st.sampled_from(METHODS),
    st.sampled_from((stat.S_IFREG, stat.S_IFREG, 0, stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR)),
)
archives = damaged(*WHOLE, pieces=PIECES) | st.lists(entries, max_size=5).map(
    lambda drawn: archive(*drawn)
)


@given(archives)
@searched(60)
def test_an_archive_is_unpacked_into_its_folder_or_refused(data: bytes) -> None:
    with own_folder() as place:
        path = place / "job" / "result.zip"
        path.parent.mkdir()
        path.write_bytes(data)
        unpacked = outcome(lambda: unpack(path, path.parent, "result", LIMITS), BadArchive)
        there = {one for one in Path(place).rglob("*") if not one.is_dir()} - {path}
        if not isinstance(unpacked, Unpacked):
            assert list(path.parent.iterdir()) == [path]
            return
        assert there == set(unpacked.files)
        assert all(one.is_relative_to(path.parent / "result") for one in there)
        assert all(one.is_file() and not one.is_symlink() for one in there)
        assert sum(one.stat().st_size for one in there) <= LIMITS.total_bytes


PRINTS = tuple(archive((THREE_MF_MODEL, THREE_MF_MARK * 50, m, stat.S_IFREG)) for m in METHODS)


@given(damaged(*PRINTS, pieces=(*PIECES, THREE_MF_MODEL.encode())))
@searched(60)
def test_whether_a_print_is_of_our_own_is_told_of_any_file(data: bytes) -> None:
    with own_folder() as folder:
        for name in ("a-part-1.3mf", "a-part-2.stl"):
            (folder / name).write_bytes(data)
        found = outcome(lambda: left_over(folder / "a-part.3mf", []))
        assert set(found) <= {folder / "a-part-1.3mf"}
        assert outcome(lambda: left_over(folder / "a-part.stl", [])) == []


def test_prints_of_our_own_are_known() -> None:
    with own_folder() as folder:
        for number, data in enumerate(PRINTS, 1):
            (folder / f"a-part-{number}.3mf").write_bytes(data)
        (folder / "a-part.3mf").symlink_to(folder / "a-part-1.3mf")
        # Ours are deflated, whatever the sequence of METHODS.
        own = folder / f"a-part-{METHODS.index(zipfile.ZIP_DEFLATED) + 1}.3mf"
        assert left_over(folder / "a-part.3mf", []) == [own]
        assert left_over(folder / "a-part.3mf", [folder / own.name.upper()]) == []


@given(archives, st.sampled_from((".zip", ".usdz", ".3mf", ".glb", ".%00", ".x%2Fy", ".a" * 200)))
@searched(40)
def test_a_download_is_kept_under_a_name_or_refused(data: bytes, ending: str) -> None:
    """Where it is no good it is kept all the same, and told of as what it is: no disk is full."""
    with own_folder() as folder:
        part = folder / "t-1-tool.part"
        part.write_bytes(data)
        url = f"https://storage.example/result{ending}?X-Amz-Signature=s"
        kept = outcome(lambda: _accept(part, "t-1-tool", url), DownloadFailed)
        left = [one for one in Path(folder).iterdir() if one.is_file()]
        if isinstance(kept, Path):
            assert left == [kept]
        elif data and "web page" not in str(kept):
            assert len(left) == 1

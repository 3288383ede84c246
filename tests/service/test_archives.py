import errno
import stat
import zipfile
from pathlib import Path

import pytest

from addon.service import archives
from addon.service.archives import Limits, unpack
from addon.service.errors import BadArchive, DownloadFailed


def archive(folder: Path, entries: dict[str, bytes]) -> Path:
    path = folder / "result.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in entries.items():
            opened.writestr(name, data)
    return path


def refused(path: Path, words: str, limits: Limits | None = None) -> None:
    before = sorted(path.parent.rglob("*"))
    with pytest.raises(BadArchive, match=words):
        unpack(path, path.parent, "result", limits)
    assert sorted(path.parent.rglob("*")) == before


def test_an_archive_is_unpacked_into_a_folder_of_its_own(tmp_path: Path) -> None:
    path = archive(tmp_path, {"model.obj": b"v 0 0 0", "textures/a.png": b"png", "empty/": b""})
    files, left_out = unpack(path, tmp_path, "result")
    assert files == [tmp_path / "result" / "model.obj", tmp_path / "result" / "textures" / "a.png"]
    assert files[1].read_bytes() == b"png"
    assert left_out == []
    assert unpack(path, tmp_path, "result").files == files
    files[1].write_bytes(b"another")
    assert unpack(path, tmp_path, "result").files[0] == tmp_path / "result-2" / "model.obj"
    assert files[1].read_bytes() == b"another"


def test_what_a_mac_adds_for_itself_is_left_in_the_archive(tmp_path: Path) -> None:
    path = archive(
        tmp_path,
        {
            "__MACOSX/._model.obj": b"\0\5\x16\7",
            "__MACOSX/textures/._a.png": b"\0\5\x16\7",
            "._model.obj": b"\0\5\x16\7",
            "textures/.DS_Store": b"\0",
            "model.obj": b"v 0 0 0",
            "textures/a.png": b"png",
        },
    )
    files, left_out = unpack(path, tmp_path, "result")
    assert files == [tmp_path / "result" / "model.obj", tmp_path / "result" / "textures" / "a.png"]
    assert left_out == []
    assert sorted(p.name for p in (tmp_path / "result").rglob("*")) == [
        "a.png",
        "model.obj",
        "textures",
    ]


@pytest.mark.attack(
    "Names in an archive with ../, absolute, of a drive or a share",
    "Every file lies in the folder of the archive",
)
@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("../evil.txt", "evil.txt"),
        ("a/../../evil.txt", "a/evil.txt"),
        ("/etc/evil", "etc/evil"),
        ("//host/share/evil", "host/share/evil"),
        ("..\\evil.txt", "evil.txt"),
        ("C:/evil", "evil"),
        ("c:evil", "evil"),
        ("a:b:stream.png", "b_stream.png"),
        ("..", "file"),
        ("ok.obj/evil", "ok.obj/evil"),
        ("./ok.obj", "ok-2.obj"),
        ("t/" + "ü" * 120 + ".png", "t/" + "ü" * 98 + ".png"),
    ],
)
def test_no_entry_leaves_the_folder(tmp_path: Path, name: str, place: str) -> None:
    files, left_out = unpack(
        archive(tmp_path, {"ok.obj": b"v", name: b"x"}), tmp_path / "here", "result"
    )
    assert files[1] == tmp_path / "here" / "result" / place
    assert [file.read_bytes() for file in files] == [b"v", b"x"]
    assert left_out == []
    assert sorted(tmp_path.iterdir()) == [tmp_path / "here", tmp_path / "result.zip"]


def linked(folder: Path, kind: int, name: str, others: dict[str, bytes]) -> Path:
    """An archive with an entry that is no plain file, and others."""
    path = archive(folder, others)
    with zipfile.ZipFile(path, "a") as opened:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = (kind | 0o777) << 16
        opened.writestr(entry, "/etc/passwd")
    return path


KINDS = [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK]


@pytest.mark.attack("Links, devices, pipes and sockets in an archive", "Left out and said")
@pytest.mark.parametrize("kind", KINDS)
def test_links_and_devices_are_left_out_and_said(tmp_path: Path, kind: int) -> None:
    model = {"model.obj": b"v 0 0 0", "a.png": b"png"}
    files, left_out = unpack(linked(tmp_path, kind, "t/link.png", model), tmp_path, "result")
    assert [file.name for file in files] == ["model.obj", "a.png"]
    assert left_out == ["t/link.png in the archive is not a plain file and was left out."]
    assert not (tmp_path / "result" / "t").exists()


@pytest.mark.attack("An archive whose only model is a link", "Refused; nothing is unpacked")
@pytest.mark.parametrize(
    ("name", "others"),
    [("model.obj", {"a.png": b"png"}), ("model.GLB", {"readme.txt": b"x"}), ("link", {})],
)
def test_a_model_that_is_a_link_is_no_result(
    tmp_path: Path, name: str, others: dict[str, bytes]
) -> None:
    refused(linked(tmp_path, stat.S_IFLNK, name, others), f"{name}, which is not a plain file")


@pytest.mark.attack(
    "An archive of too many or too large files", "Refused before anything is unpacked"
)
def test_limits_of_number_and_size(tmp_path: Path) -> None:
    path = archive(tmp_path, {f"{index}.txt": b"x" * 1000 for index in range(5)})
    refused(path, "5 files", Limits(entries=4))
    refused(path, "would unpack", Limits(entry_bytes=999))
    refused(path, "would unpack", Limits(total_bytes=4999))


@pytest.mark.attack(
    "An archive that unpacks to hundreds of times its size", "Refused before anything is unpacked"
)
def test_a_bomb_is_not_set_off(tmp_path: Path) -> None:
    path = archive(tmp_path, {"bomb.obj": b"\0" * 20_000_000})
    assert path.stat().st_size < 100_000
    refused(path, "would unpack to 20 MB")


@pytest.mark.attack(
    "A file in an archive that is larger than it says", "Refused; nothing stays unpacked"
)
def test_an_entry_larger_than_it_says(tmp_path: Path) -> None:
    path = archive(tmp_path, {"a.txt": b"y" * 100_000})
    data = path.read_bytes()
    directory = data.rindex(b"PK\x01\x02")
    small = (10).to_bytes(4, "little")
    path.write_bytes(data[: directory + 24] + small + data[directory + 28 :])
    refused(path, "larger than|damaged")


@pytest.mark.attack(
    "Names in an archive that differ only in case", "Each file has a name of its own"
)
def test_names_that_differ_only_in_case(tmp_path: Path) -> None:
    path = archive(tmp_path, {"A.png": b"1", "a.png": b"2", "a-2.png": b"3", "T/a.png": b"4"})
    files, _ = unpack(path, tmp_path, "result")
    names = [file.relative_to(tmp_path / "result").as_posix() for file in files]
    assert names == ["A.png", "a-2.png", "a-2-2.png", "T/a.png"]
    assert [file.read_bytes() for file in files] == [b"1", b"2", b"3", b"4"]
    path = archive(tmp_path, {"T/a.png": b"1", "t/a.png": b"2", "t/b.png": b"3"})
    files, _ = unpack(path, tmp_path, "folders")
    names = [file.relative_to(tmp_path / "folders").as_posix() for file in files]
    assert names == ["T/a.png", "T/a-2.png", "T/b.png"]


@pytest.mark.attack(
    "Names in an archive that differ only in how accents are written",
    "Each file has a name of its own",
)
def test_names_that_differ_only_in_how_accents_are_written(tmp_path: Path) -> None:
    path = archive(tmp_path, {"\u00e9.png": b"1", "e\u0301.png": b"2", "E\u0301/a.png": b"3"})
    files, _ = unpack(path, tmp_path, "result")
    names = [file.relative_to(tmp_path / "result").as_posix() for file in files]
    assert names == ["\u00e9.png", "e\u0301-2.png", "E\u0301/a.png"]


@pytest.mark.attack(
    "Names of devices, with control characters or ending in dots, in an archive", "Harmless names"
)
@pytest.mark.parametrize(
    ("name", "place"),
    [
        (".. /.. /evil.txt", "evil.txt"),
        ("a./b ./c. ", "a/b/c"),
        ("... ", "file"),
        ("CON", "_CON"),
        ("t/nul .png", "t/_nul .png"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ('wood "old"?\n.png', "wood _old___.png"),
        ("console.png", "console.png"),
        ("ok.obj. ", "ok-2.obj"),
        ("a<b>.png", "a_b_.png"),
        ("aux/Com¹.png", "_aux/_Com¹.png"),
        ("OK.OBJ/a.png", "OK.OBJ/a.png"),
    ],
)
def test_no_name_is_one_that_windows_does_not_take(tmp_path: Path, name: str, place: str) -> None:
    files, _ = unpack(archive(tmp_path, {"ok.obj": b"v", name: b"x"}), tmp_path, "result")
    assert files[1] == tmp_path / "result" / place


@pytest.mark.attack("One name twice in an archive", "The last one counts, as in other programs")
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_a_name_that_is_there_twice_the_last_one_counts(tmp_path: Path) -> None:
    path = tmp_path / "result.zip"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("a.png", b"1")
        opened.writestr("a.png", b"2")
    assert [file.read_bytes() for file in unpack(path, tmp_path, "result").files] == [b"2"]


@pytest.mark.attack("Names in an archive that are empty or no text", "Named, or refused as damaged")
def test_names_that_are_none(tmp_path: Path) -> None:
    path = archive(tmp_path, {"model.obj": b"v 0 0 0", "x": b"y"})
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"x", b"\0"))
    files, _ = unpack(path, tmp_path, "result")
    assert [file.name for file in files] == ["model.obj", "file"]
    broken = bytearray(whole.replace(b"x", b"\xff"))
    directory = broken.rindex(b"PK\x01\x02")
    broken[directory + 9] |= 0x08  # that it is in UTF-8
    path.write_bytes(broken)
    refused(path, "damaged")


@pytest.mark.fault(
    "An archive with damaged bzip2 data", "Said to be damaged; nothing stays unpacked"
)
def test_damage_to_what_few_compress_with(tmp_path: Path) -> None:
    path = tmp_path / "result.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as opened:
        opened.writestr("model.obj", bytes(range(256)) * 50)
    data = path.read_bytes()
    path.write_bytes(data[:50] + bytes(200) + data[250:])
    refused(path, "damaged")


@pytest.mark.attack(
    "A ZIP of 500 bytes that says it needs 4 GB of memory to be unpacked",
    "It is refused and kept; nothing is unpacked",
)
def test_what_takes_as_much_memory_as_it_says(tmp_path: Path) -> None:
    path = tmp_path / "result.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as opened:
        opened.writestr("model.obj", bytes(range(256)) * 50)
    refused(path, "compression method 14")


@pytest.mark.fault(
    "An archive that is cut off, changed or empty", "Said to be damaged; nothing stays unpacked"
)
def test_damage(tmp_path: Path) -> None:
    path = archive(tmp_path, {"model.obj": bytes(range(256)) * 50})
    data = bytearray(path.read_bytes())
    path.write_bytes(data[:-40])
    refused(path, "damaged")
    data[60] ^= 0xFF
    path.write_bytes(data)
    refused(path, "damaged")
    path.write_bytes(archive(tmp_path, {}).read_bytes())
    refused(path, "no files")


@pytest.mark.attack(
    "An archive with folders deeper than any disk takes", "Its files get a shorter path"
)
def test_folders_deeper_than_any_disk_takes(tmp_path: Path) -> None:
    path = archive(tmp_path, {"a.obj": b"v 0 0 0", "x" * 150 + ("/" + "x" * 150) * 40: b"b"})
    files, _ = unpack(path, tmp_path, "result")
    assert [file.read_bytes() for file in files] == [b"v 0 0 0", b"b"]


@pytest.mark.fault(
    "The disk is full or read-only while an archive is unpacked", "Said to be the disk's trouble"
)
def test_a_disk_that_takes_nothing_is_no_fault_of_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path, {"a.obj": b"v 0 0 0"})
    for trouble in (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO):

        def refuse(*_: object, trouble: int = trouble, **__: object) -> None:
            raise OSError(trouble, "no")

        monkeypatch.setattr(archives, "_write", refuse)
        with pytest.raises(DownloadFailed, match="could not be unpacked"):
            unpack(path, tmp_path, "result")

"""Archives that would fill disk or memory: refused by what they say, and nothing is unpacked."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from addon.service.archives import check, damage, unpack
from addon.service.errors import BadArchive

MOST_MEMORY = 24 * 1024**2
"""Bytes; the list of an archive is read whole, up to 4 MB of it."""
END = struct.Struct("<4s4H2LH")
MEGABYTES = 1024**2


def packed(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as opened:
        for name, data in entries.items():
            opened.writestr(name, data)
    return stream.getvalue()


def with_list(archive: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with another list of its entries."""
    at = archive.rindex(b"PK\x05\x06")
    mark, disk, start, _, count, size, offset, comment = END.unpack(archive[at : at + END.size])
    listed = change(archive[offset : offset + size])
    count = min(listed.count(b"PK\x01\x02"), 0xFFFF)
    end = END.pack(mark, disk, start, count, count, len(listed), offset, comment)
    return archive[:offset] + listed + end


def zip64(entry: bytes) -> bytes:
    """The entry with sizes of 2**60 bytes."""
    (name,) = struct.unpack_from("<H", entry, 28)
    extra = struct.pack("<HHQQ", 1, 16, 2**60, 2**60 // 100)
    return (
        entry[:20]
        + b"\xff" * 8
        + entry[28:30]
        + struct.pack("<H", len(extra))
        + entry[32 : 46 + name]
        + extra
    )


BOMBS: dict[str, Callable[[], bytes]] = {
    "100 000 members": lambda: with_list(packed({"a.obj": b"v"}), lambda one: one * 100_000),
    "3 000 members": lambda: with_list(packed({"a.obj": b"v"}), lambda one: one * 3000),
    "2.1 GB of one name, all in the same place": lambda: with_list(
        packed({"a.obj": b"\0" * (15 * MEGABYTES)}), lambda one: one * 140
    ),
    "one of 20 MB in 20 KB": lambda: packed({"a.obj": b"\0" * (20 * MEGABYTES)}),
    "135 MB in small ones": lambda: with_list(
        packed({"a.obj": b"\0" * (15 * MEGABYTES)}), lambda one: one * 9
    ),
    "sizes of 2**60 bytes": lambda: with_list(packed({"a.obj": b"v"}), zip64),
}


@pytest.mark.attack(
    "An archive with 100 000 members, or one that would unpack to gigabytes, says so or lies",
    "It is refused before anything of it is unpacked, and kept; the file is named",
)
@pytest.mark.parametrize("made", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_by_its_list(tmp_path: Path, made: Callable[[], bytes]) -> None:
    path = tmp_path / "result.zip"
    path.write_bytes(made())
    tracemalloc.start()
    assert damage(path) == ""  # another download would be the same
    for use in (lambda: unpack(path, tmp_path, "result"), lambda: check(path)):
        with pytest.raises(BadArchive):
            use()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MOST_MEMORY
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.attack(
    "An archive in an archive, an encrypted one, or one whose list lies about itself",
    "The inner one stays a file; the others are refused or fetched again, never half unpacked",
)
def test_other_archives_that_are_not_what_they_seem(tmp_path: Path) -> None:
    path = tmp_path / "result.zip"
    bomb = BOMBS["2.1 GB of one name, all in the same place"]()
    path.write_bytes(packed({"inner.zip": bomb, "a.obj": b"v"}))
    assert damage(path) == ""
    inner, _ = unpack(path, tmp_path, "result").files
    assert inner.read_bytes() == bomb

    encrypted = bytearray(packed({"a.obj": b"v"}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.rindex(mark) + flags] |= 1
    path.write_bytes(encrypted)
    assert damage(path) == ""
    with pytest.raises(BadArchive, match="encrypted"):
        unpack(path, tmp_path, "encrypted")

    whole = packed({"a.obj": b"v" * 1000})
    lies = {
        "a longer list": whole[:-10] + struct.pack("<L", 0x7FFFFFFF) + whole[-6:],
        "a place after the end": with_list(
            whole, lambda one: one[:42] + struct.pack("<L", 0xFFFFFF00) + one[46:]
        ),
        "another checksum": with_list(whole, lambda one: one[:16] + b"\0\0\0\0" + one[20:]),
        "fewer bytes": with_list(whole, lambda one: one[:24] + struct.pack("<L", 9) + one[28:]),
    }
    for name, data in lies.items():
        path.write_bytes(data)
        assert "damaged" in damage(path), name
        with pytest.raises(BadArchive):
            unpack(path, tmp_path, "lies")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["result", "result.zip"]

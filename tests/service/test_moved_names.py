"""Files of an archive that got another name: what named them names them still."""

import json
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest

from addon.service.archives import unpack
from addon.service.gltf_text import packed, parted


def unpacked(folder: Path, entries: dict[str, bytes]) -> list[Path]:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return unpack(folder / "a.zip", folder, "a").files


NAMES = [
    ("a<b>.png", "a_b_.png"),
    ("CON.png", "_CON.png"),
    ("aux/wood. .png", "_aux/wood. .png"),
    ("aux/Grün: 木.png", "_aux/Grün_ 木.png"),
    ("t/A.png", "t/A-2.png"),
    ("tex. /a b?.png", "tex/a b_.png"),
]


@pytest.mark.fault(
    "Names in an archive that Windows cannot write, or takes for one another",
    "The same harmless names on every system; materials and models find the renamed files",
)
@pytest.mark.parametrize(("name", "now"), NAMES)
def test_a_material_finds_its_picture(tmp_path: Path, name: str, now: str) -> None:
    lines = ["newmtl wood", "Kd 1 1 1", f"map_Kd -s 2 2 1 {name}", f"map_Bump -bm 0.5 ./{name}", ""]
    entries = {
        "t/a.png": b"first",
        "m.mtl": "\r\n".join(lines).encode(),
        name: b"picture",
    }
    files = unpacked(tmp_path, entries)
    assert files[2].read_bytes() == b"picture"
    assert files[2] == tmp_path / "a" / now
    lines[2:4] = [f"map_Kd -s 2 2 1 {now}", f"map_Bump -bm 0.5 {now}"]
    assert files[1].read_bytes().decode() == "\r\n".join(lines)


@pytest.mark.parametrize(("name", "now"), NAMES)
@pytest.mark.parametrize("ending", [".gltf", ".glb"])
def test_a_scene_finds_its_pictures_and_data(
    tmp_path: Path, name: str, now: str, ending: str
) -> None:
    quoted = name.replace("<", "%3C").replace(" ", "%20").replace("?", "%3F").replace("ü", "%C3%BC")
    document: dict[str, list[dict[str, object]]] = {
        "images": [{"uri": f"../{quoted}"}, {"uri": "../t/a.png"}, {"bufferView": 0}],
        "buffers": [{"uri": "data:,"}, {"uri": f"../{quoted}", "byteLength": 0.1}],
    }
    text = json.dumps(document).encode()
    model = packed(text, b"\1\2\3\4") if ending == ".glb" else text
    entries = {"t/a.png": b"first", f"nul/m{ending}": model, name: b"picture"}
    files = unpacked(tmp_path, entries)
    assert files[1] == tmp_path / "a" / "_nul" / f"m{ending}"
    said, binary = parted(files[1].read_bytes())
    changed = json.loads(said)
    for item in (changed["images"][0], changed["buffers"][1]):
        assert not set(item.pop("uri")) & set("<> ?:")
    assert "uri" in document["images"][0]
    assert changed["images"][1:] == document["images"][1:]
    assert changed["buffers"][1] == {"byteLength": 0.1}
    assert binary == (b"\1\2\3\4" if ending == ".glb" else b"")
    again = json.loads(parted(files[1].read_bytes())[0])
    assert (files[1].parent / unquote(again["images"][0]["uri"])).resolve() == files[2]
    assert files[2] == tmp_path / "a" / now


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [
        ("nul.mtl", "mtllib nul.mtl", "mtllib _nul.mtl"),
        ("my <own> wood.mtl", "mtllib my <own> wood.mtl\r", "mtllib my _own_ wood.mtl"),
        ("con.mtl", "mtllib a.mtl con.mtl", "mtllib a.mtl _con.mtl"),
        ("con.mtl", "mtllib C:\\work\\CON.MTL", "mtllib _con.mtl"),
        ("aux/m.mtl", "mtllib aux\\m.mtl", "mtllib _aux/m.mtl"),
        ("con.mtl", "mtllib a.mtl", "mtllib a.mtl"),
    ],
)
def test_an_object_finds_its_materials(tmp_path: Path, name: str, said: str, expected: str) -> None:
    model = f"# made\n{said}\nv 0 0 0\n".encode()
    files = unpacked(tmp_path, {"a.mtl": b"newmtl a\n", "m.obj": model, name: b"newmtl b\n"})
    assert files[1].read_bytes().decode() == f"# made\n{expected}\nv 0 0 0\n"


def test_the_same_is_recognized_when_it_is_unpacked_again(tmp_path: Path) -> None:
    entries = {"m.mtl": b"map_Kd nul.png\n", "nul.png": b"picture"}
    files = unpacked(tmp_path, entries)
    assert files[0].read_bytes() == b"map_Kd _nul.png\n"
    assert unpacked(tmp_path, entries) == files


@pytest.mark.parametrize(
    "damaged", [b"{", b"glTF", b"\xff", b"[" * 100_000, b'{"images": [3]}', b"[]"]
)
def test_what_cannot_be_read_stays_as_it_is(tmp_path: Path, damaged: bytes) -> None:
    files = unpacked(tmp_path, {"m.gltf": damaged, "nul.png": b"picture"})
    assert files[0].read_bytes() == damaged

"""Any archive of OBJ files: what exporters and people write, in every mixture."""

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from hypothesis import strategies as st

from tests.blender.gltf_scenes import png

Draw = Callable[..., Any]
Corner = tuple[int, int | None, int | None]
"""Place, UV and normal of a corner, counted from 0 in its part."""

SHAPES: tuple[tuple[list[tuple[int, int, int]], list[tuple[int, ...]]], ...] = (
    ([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [(0, 1, 2)]),
    ([(0, 0, 0), (2, 0, 0), (2, 0, 1), (0, 0, 1)], [(0, 1, 2, 3)]),
    ([(0, 0, 0), (2, 0, 0), (3, 1, 0), (1, 2, 0), (0, 1, 0)], [(0, 1, 2, 3, 4)]),
    (
        [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)],
        [(0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)],
    ),
)
NAMES = ("Paint", "paint", "My Paint", "Grün", "Stahl_1", "Paint.001")
UNICODE_NAMES = ("模型", "Эмаль")
"""No encoding of one byte has these."""
OPTIONS = ("", "-s 2 2 1 ", "-o 0.5 0.25 0 -s 1 2 1 ", "-clamp on ", "-bm 0.5 ")


@dataclass(frozen=True)
class Texture:
    """A statement of a material, and the picture it means: None where it is not there."""

    keyword: str
    options: str
    said: str
    place: str
    """Of the picture in the archive."""
    data: bytes | None


@dataclass(frozen=True)
class Material:
    name: str
    color: tuple[float, float, float]
    textures: tuple[Texture, ...]

    def picture(self, *keywords: str) -> bytes | None:
        """What the statement with that keyword shows."""
        return next((one.data for one in self.textures if one.keyword in keywords), None)

    def text(self, *, plain: bool) -> list[str]:
        """Its lines; ``plain``: without anything odd, and without what is lost."""
        lines = [f"newmtl {self.name}", "Kd {} {} {}".format(*self.color)]
        for one in self.textures:
            if not plain:
                lines.append(f"{one.keyword} {one.options}{one.said}")
            elif one.data is not None:
                lines.append(f"{one.keyword} {one.options}{PurePosixPath(one.place).name}")
        return lines


@dataclass(frozen=True)
class Part:
    """What one ``o`` or ``g`` statement begins."""

    statement: str
    places: tuple[tuple[float, ...], ...]
    """With a color behind, or without."""
    faces: tuple[tuple[Corner, ...], ...]
    uvs: int
    normals: int
    material: str
    smooth: str


@dataclass(frozen=True)
class ObjFile:
    stem: str
    parts: tuple[Part, ...]
    materials: tuple[Material, ...]
    statement: str
    """How the material file is named."""
    library: str
    """Where it is, seen from the OBJ."""

    def text(self, *, plain: bool, from_the_end: bool) -> list[str]:
        named = [f"mtllib {self.stem}.mtl"] if plain else [self.statement]
        lines = ["# made by hand", *(line for line in named if line)]
        counts = [0, 0, 0]
        for part in self.parts:
            lines += _part_lines(part, counts, from_the_end=from_the_end and not plain)
        return lines


def _part_lines(part: Part, counts: list[int], *, from_the_end: bool) -> list[str]:
    lines = [part.statement] if part.statement else []
    lines += ["v " + " ".join(map(str, place)) for place in part.places]
    lines += [f"vt {n / 4} {n % 3 / 2}" for n in range(part.uvs)]
    lines += [f"vn {n % 2} {(n + 1) % 2} 0" for n in range(part.normals)]
    lines += [f"usemtl {part.material}"] if part.material else []
    lines += [part.smooth] if part.smooth else []
    own = (len(part.places), part.uvs, part.normals)
    for face in part.faces:
        corners = []
        for corner in face:
            first = [-n for n in own] if from_the_end else [n + 1 for n in counts]
            numbers = ["" if c is None else str(c + f) for c, f in zip(corner, first, strict=True)]
            corners.append("/".join(numbers).rstrip("/"))
        lines.append("f " + " ".join(corners))
    counts[:] = [before + n for before, n in zip(counts, own, strict=True)]
    return lines


@dataclass(frozen=True)
class Writing:
    """How the text files are written."""

    encoding: str = "utf-8"
    newline: str = "\n"
    continued: bool = False
    from_the_end: bool = False

    def encoded(self, lines: Sequence[str]) -> bytes:
        text = self.newline.join([*lines, ""])
        if self.continued:
            text = text.replace("f ", f"f \\{self.newline}", 1)
        return text.encode(self.encoding)


@dataclass(frozen=True)
class AnyArchive:
    files: tuple[ObjFile, ...]
    writing: Writing
    folder: str
    """In the archive; ends with a slash."""
    of_the_mac: bool
    others_first: bool
    pictures: dict[str, bytes] = field(default_factory=dict)

    def write_as_delivered(self, to: Path) -> Path:
        """The archive, as the service may deliver it."""
        entries: dict[str, bytes] = dict(self.pictures)
        models = {}
        for file in self.files:
            lines = [line for one in file.materials for line in one.text(plain=False)]
            place = _normal(f"{self.folder}{file.library}")
            entries[place] = self.writing.encoded(lines)
            text = file.text(plain=False, from_the_end=self.writing.from_the_end)
            models[f"{self.folder}{file.stem}.obj"] = self.writing.encoded(text)
        entries = entries | models if self.others_first else models | entries
        if self.of_the_mac:
            odd = {f"__MACOSX/{self.folder}._{Path(name).name}": b"\0" for name in models}
            entries = odd | entries | {".DS_Store": b"\0"}
        with zipfile.ZipFile(to, "w") as archive:
            for name, data in entries.items():
                archive.writestr(name, data)
        return to

    def write_plainly(self, to: Path) -> list[Path]:
        """The same in files that any importer reads."""
        to.mkdir()
        models = []
        for file in self.files:
            folder = to / file.stem
            folder.mkdir()
            for one in file.materials:
                for texture in one.textures:
                    if texture.data is not None:
                        (folder / PurePosixPath(texture.place).name).write_bytes(texture.data)
            lines = [line for one in file.materials for line in one.text(plain=True)]
            (folder / f"{file.stem}.mtl").write_text("\n".join([*lines, ""]), encoding="utf-8")
            models.append(folder / f"{file.stem}.obj")
            text = "\n".join([*file.text(plain=True, from_the_end=False), ""])
            models[-1].write_text(text, encoding="utf-8")
        return models


def _normal(place: str) -> str:
    parts: list[str] = []
    for part in place.split("/"):
        if part == "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


@st.composite
def archives(draw: Draw) -> AnyArchive:
    """Any archive with one OBJ file or two."""
    encoding = draw(st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "cp1252")))
    newline = draw(st.sampled_from(("\n", "\r\n")))
    writing = Writing(encoding, newline, draw(st.booleans()), draw(st.booleans()))
    names = NAMES if encoding == "cp1252" else NAMES + UNICODE_NAMES
    folder = draw(st.sampled_from(("out/", "", "job/out put/")))
    pictures: dict[str, bytes] = {}
    stems = ("model", "wheel")[: draw(st.sampled_from((1, 1, 2)))]
    files = tuple(draw(_file(stem, names, folder, pictures)) for stem in stems)
    mac, first = draw(st.booleans()), draw(st.booleans())
    return AnyArchive(files, writing, folder, mac, first, pictures)


LIBRARIES = (
    ("mtllib {stem}.mtl", "{stem}.mtl"),
    ("mtllib ./{stem}.mtl", "{stem}.mtl"),
    ("mtllib mats/{stem}.mtl", "mats/{stem}.mtl"),
    ("mtllib mats\\{stem}.mtl", "mats/{stem}.mtl"),
    ("mtllib ../mats/{stem}.mtl", "../mats/{stem}.mtl"),
    ("mtllib /home/somebody/{stem}.mtl", "{stem}.mtl"),
    ("mtllib C:\\work\\{stem}.mtl", "{stem}.mtl"),
    ('mtllib "my {stem}.mtl"', "my {stem}.mtl"),
    ("mtllib my {stem}.mtl", "my {stem}.mtl"),
    ("mtllib {stem}.MTL", "{stem}.mtl"),
    ("mtllib", "{stem}.mtl"),
    ("", "{stem}.mtl"),
    ("mtllib gone.mtl", "{stem}.mtl"),
    ("mtllib gone.mtl {stem}.mtl", "{stem}.mtl"),
    ("mtllib {stem}.mtl\nmtllib gone.mtl", "{stem}.mtl"),
    ("\tmtllib   {stem}.mtl  ", "{stem}.mtl"),
)
"""What the OBJ says, and where the material file is."""


@st.composite
def _file(
    draw: Draw, stem: str, names: Sequence[str], folder: str, pictures: dict[str, bytes]
) -> ObjFile:
    statement, library = draw(st.sampled_from(LIBRARIES))
    if not folder:
        library = library.removeprefix("../")
        statement = statement.replace("../mats", "mats")
    library = library.format(stem=stem)
    beside = f"{folder}{library}".rpartition("/")[0]
    wanted = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    materials = tuple(draw(_material(name, stem, beside, pictures)) for name in wanted)
    parts = tuple(draw(_part(number, wanted)) for number in range(draw(st.integers(1, 3))))
    return ObjFile(stem, parts, materials, statement.format(stem=stem), library)


@st.composite
def _material(
    draw: Draw, name: str, stem: str, beside: str, pictures: dict[str, bytes]
) -> Material:
    shade = st.sampled_from((0.0, 0.25, 0.5, 1.0))
    keywords = (
        draw(st.sampled_from(("map_Kd", ""))),
        draw(st.sampled_from(("map_Bump", "norm", "map_Pn", "bump", "", ""))),
        draw(st.sampled_from(("map_Pr", "", ""))),
    )
    textures = tuple(
        draw(_texture(keyword, f"{stem} {name}", beside, pictures))
        for keyword in keywords
        if keyword
    )
    return Material(name, (draw(shade), draw(shade), 0.5), textures)


TEXTURES = (
    ("{name}", "{name}"),
    ("./{name}", "{name}"),
    ("textures/{name}", "textures/{name}"),
    ("textures\\{name}", "textures/{name}"),
    ("D:\\work\\{name}", "{name}"),
    ("/home/somebody/{name}", "{name}"),
    ('"{name}"', "{name}"),
    ("elsewhere/{name}", "{name}"),
)
LOST = ("gone.png", "../../../../key.png", "/etc/hostname", "C:\\gone.png", "textures/")


@st.composite
def _texture(
    draw: Draw, keyword: str, name: str, beside: str, pictures: dict[str, bytes]
) -> Texture:
    options = draw(st.sampled_from(OPTIONS))
    if draw(st.integers(0, 4)) == 4:
        return Texture(keyword, options, draw(st.sampled_from(LOST)), "", None)
    said, place = draw(st.sampled_from(TEXTURES))
    # Names that differ by small and capital letters alone are one file to some systems.
    called = draw(st.sampled_from(("{} {}.png", "{}-{}.PNG"))).format(name, len(pictures))
    where = _normal(f"{beside}/{place.format(name=called)}")
    # A color of its own for each, by which it is recognized.
    number = len(pictures)
    data = pictures.setdefault(where, png((255 - 10 * number, 10 * number, 128)))
    return Texture(keyword, options, said.format(name=called), where, data)


@st.composite
def _part(draw: Draw, number: int, materials: Sequence[str]) -> Part:
    places, faces = draw(st.sampled_from(SHAPES))
    uvs, normals = draw(st.booleans()), draw(st.booleans())
    corners = tuple(
        tuple((n, n if uvs else None, n if normals else None) for n in face) for face in faces
    )
    colored = draw(st.integers(0, 4)) == 4
    away = draw(st.sampled_from((0, 2.5, -7)))
    moved = tuple(
        (x + away, y, z + 3 * number, *((0.5, n % 2, 0.25) if colored else ()))
        for n, (x, y, z) in enumerate(places)
    )
    statement = draw(st.sampled_from(("o Body", "o Wheel 1", "o Grün", "g left", "")))
    material = draw(st.sampled_from(("", *materials)))
    smooth = draw(st.sampled_from(("", "s 1", "s off")))
    count = len(places)
    return Part(
        statement, moved, corners, count if uvs else 0, count if normals else 0, material, smooth
    )

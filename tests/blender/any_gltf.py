"""Any glTF scene: what exporters write, in every mixture, as Hypothesis strategies."""

import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.blender.gltf_scenes import (
    BYTE,
    CORNERS,
    FACES,
    FLOAT,
    INTEGER,
    SHORT,
    TIMES,
    GltfScene,
    Packing,
    png,
)

Draw = Callable[..., Any]

NAMES = ("Part", "Wheel.001", "Grün", "模型", "left/arm", 'an "odd" name', "Part")
SIDES = st.sampled_from((-3.0, -0.5, 0.0, 0.25, 2.0))
FACTORS = st.sampled_from((1.0, -1.0, 0.5, 2.0, 0.01, -2.0, 0.0))
AXES = st.sampled_from(((1.0, 0, 0), (0, 1.0, 0), (0, 0, 1.0), (0.6, 0.8, 0), (0.48, 0.64, 0.6)))
ANGLES = st.sampled_from((0.0, 0.25, 0.5, 1.0, -0.7, 1.5))
"""In half turns."""
POINTS, LINES, TRIANGLES, STRIP, FAN = 0, 1, 4, 5, 6
"""Kinds of primitives."""


@dataclass(frozen=True)
class AnyScene:
    """A scene and how it is packed; ``others`` are further scenes of the same file."""

    scene: GltfScene
    packing: Packing
    others: int
    """Scenes beside the default one."""
    default: int | None
    """Its number in the file; None: the file does not say, which means the first."""

    def write_as_delivered(self, folder: Path) -> Path:
        """As the service may deliver it."""
        (folder / "model").mkdir(parents=True)
        suffix = ".glb" if self.packing.kind == "glb" else ".gltf"
        whole = GltfScene()
        whole.__dict__.update(deepcopy(self.scene.__dict__))
        _add_scenes(whole, self.others, self.default)
        return whole.write(folder / "model" / f"model{suffix}", self.packing)

    def write_plainly(self, folder: Path) -> Path:
        """The same without anything odd, for any importer: one GLB, and nothing that is lost."""
        plain = GltfScene()
        plain.__dict__.update(deepcopy(self.scene.__dict__))
        _forget(plain.document, self.packing.lost)
        return plain.write(folder / "plain.glb", Packing("glb"))


def _add_scenes(scene: GltfScene, others: int, default: int | None) -> None:
    """Scenes with something far away, around the wanted one."""
    (wanted,) = scene.document["scenes"]
    box = scene.add_box((9.0, 9.0, 9.0)) if others else 0
    made = []
    for number in range(others):
        node = scene.add_node(f"Other {number}", scene=None, mesh=box, translation=[300, 0, 0])
        made.append({"nodes": [node]})
    at = default or 0
    scene.document["scenes"] = [*made[:at], wanted, *made[at:]]
    scene.document["scene"] = at
    if default is None:
        del scene.document["scene"]


def _forget(document: dict[str, Any], lost: Any) -> None:
    """Take the pictures that are lost off their materials."""
    textures = [texture["source"] in lost for texture in document.get("textures", [])]
    for material in document.get("materials", []):
        for holder in (material, material["pbrMetallicRoughness"]):
            for name in [n for n, use in holder.items() if n.endswith("Texture")]:
                if textures[holder[name]["index"]]:
                    del holder[name]


@st.composite
def scenes(draw: Draw) -> AnyScene:
    """Any scene that the importers of all Blenders read."""
    scene = GltfScene()
    for _ in range(draw(st.integers(0, 2))):
        draw(_picture(scene))
    for _ in range(draw(st.integers(0, 2))):
        draw(_material(scene))
    still = draw(st.booleans())  # what moves takes another way through the preparation
    skinned = not still and draw(st.booleans())
    for _ in range(draw(st.integers(1, 3))):
        draw(_mesh(scene, skinned=skinned))
    nodes = draw(_tree(scene))
    if skinned:
        draw(_skin(scene, nodes))
    if not still:
        draw(_animations(scene))
    others = draw(st.sampled_from((0, 0, 0, 1, 2)))
    default = draw(st.sampled_from((0, None, *range(others + 1))))
    return AnyScene(scene, draw(_packings(len(scene.pictures))), others, default)


LOST = (
    "gone.png",
    "../../above.png",
    "../../model/../../above.png",
    "/etc/hostname",
    "file:///etc/hostname",
    "C:\\pictures\\gone.png",
    "maps%2Fgone.png",
)


@st.composite
def _packings(draw: Draw, pictures: int) -> Packing:
    kind = draw(st.sampled_from(("glb", "embedded", "files")))
    lost = {
        number: draw(st.sampled_from(LOST))
        for number in range(pictures)
        if draw(st.integers(0, 3)) == 3
    }
    folder = draw(st.sampled_from(("", "data/", "./", "../shared/", "a b/c/")))
    name = draw(st.sampled_from(("part", "my part", "Grün", "模型", "50%", "part#1")))
    quoted = draw(st.booleans()) or "%" in name
    return Packing(kind, folder, name, quoted, lost)


@st.composite
def _picture(draw: Draw, scene: GltfScene) -> None:
    shades = st.sampled_from((0, 128, 255))
    scene.add_picture(
        png(*draw(st.lists(st.tuples(shades, shades, shades), min_size=1, max_size=2)))
    )


@st.composite
def _material(draw: Draw, scene: GltfScene) -> None:
    shade = st.sampled_from((0.0, 0.25, 0.5, 1.0))
    surface: dict[str, Any] = {
        "baseColorFactor": [draw(shade), draw(shade), 0.5, draw(st.sampled_from((1.0, 0.5)))],
        "metallicFactor": draw(shade),
        "roughnessFactor": draw(shade),
    }
    material: dict[str, Any] = {"pbrMetallicRoughness": surface}
    if draw(st.booleans()):
        material["name"] = draw(st.sampled_from(NAMES))
    if draw(st.booleans()):
        material["doubleSided"] = True
    if draw(st.booleans()):
        material["alphaMode"] = draw(st.sampled_from(("OPAQUE", "BLEND", "MASK")))
    if draw(st.booleans()):
        material["emissiveFactor"] = [draw(shade), 0.0, 0.5]
    uses = (
        (surface, "baseColorTexture"),
        (surface, "metallicRoughnessTexture"),
        (material, "normalTexture"),
        (material, "occlusionTexture"),
        (material, "emissiveTexture"),
    )
    for holder, name in uses:
        if scene.pictures and draw(st.booleans()):
            texture = draw(st.integers(0, len(scene.pictures) - 1))
            holder[name] = {"index": texture, "texCoord": draw(st.sampled_from((0, 0, 1)))}
            if draw(st.integers(0, 3)) == 3:
                moved = {"offset": [0.25, 0.5], "scale": [2.0, 0.5]}
                holder[name]["extensions"] = {"KHR_texture_transform": moved}
    scene.add("materials", material)


@st.composite
def _mesh(draw: Draw, scene: GltfScene, *, skinned: bool) -> None:
    targets = draw(st.sampled_from((0, 0, 1, 2)))
    primitives = [
        draw(_primitive(scene, targets, skinned=skinned)) for _ in range(draw(st.integers(1, 2)))
    ]
    mesh: dict[str, Any] = {"primitives": primitives}
    if draw(st.booleans()):
        mesh["name"] = draw(st.sampled_from(NAMES))
    if targets:
        mesh["weights"] = [draw(st.sampled_from((0.0, 0.5, 1.0))) for _ in range(targets)]
        if draw(st.booleans()):
            mesh["extras"] = {"targetNames": [f"Smile {number}" for number in range(targets)]}
    scene.add("meshes", mesh)


@st.composite
def _primitive(draw: Draw, scene: GltfScene, targets: int, *, skinned: bool) -> dict[str, Any]:
    places = draw(_places())
    count = len(places)
    attributes: dict[str, int] = {"POSITION": scene.accessor(places)}
    if draw(st.integers(0, 2)) == 2:
        lengths = [math.hypot(*place) or 1.0 for place in places]
        upright = [(0.0, 0.0, 1.0) if not any(p) else p for p in places]
        pairs = zip(upright, lengths, strict=True)
        attributes["NORMAL"] = scene.accessor([[side / n for side in p] for p, n in pairs])
    for layer in range(draw(st.integers(0, 2))):
        uvs = [[n / count, ((n + layer) % 3) / 2] for n in range(count)]
        attributes[f"TEXCOORD_{layer}"] = scene.accessor(uvs)
    colors = draw(st.sampled_from(("", "", "float", "byte")))
    if colors == "float":
        attributes["COLOR_0"] = scene.accessor([[n / count, 0.5, 1.0, 1.0] for n in range(count)])
    elif colors == "byte":
        shades = [[255 * n // count, 128, 255] for n in range(count)]
        attributes["COLOR_0"] = scene.accessor(shades, BYTE, normalized=True)
    if skinned:
        joints = [[n % 2, (n + 1) % 2, 0, 0] for n in range(count)]
        attributes["JOINTS_0"] = scene.accessor(joints, draw(st.sampled_from((BYTE, SHORT))))
        attributes["WEIGHTS_0"] = scene.accessor([[0.75, 0.25, 0.0, 0.0]] * count)
    primitive: dict[str, Any] = {"attributes": attributes}
    draw(_connected(scene, primitive, count))
    if targets:
        primitive["targets"] = [
            {"POSITION": scene.accessor(_target(places, n), sparse=draw(st.booleans()))}
            for n in range(targets)
        ]
    materials = len(scene.document.get("materials", []))
    if materials and draw(st.booleans()):
        primitive["material"] = draw(st.integers(0, materials - 1))
    return primitive


@st.composite
def _places(draw: Draw) -> list[tuple[float, ...]]:
    """The corners of a box, or of some triangles."""
    sizes = [draw(st.sampled_from((1.0, 0.1, 3.0))) for _ in range(3)]
    away = [draw(SIDES) for _ in range(3)]
    if draw(st.booleans()):
        corners: Sequence[Any] = CORNERS
    else:
        corners = [(n % 2, n // 2 % 2, (n + 1) % 3) for n in range(3 * draw(st.integers(1, 2)))]
    return [
        tuple(c * s + a for c, s, a in zip(corner, sizes, away, strict=True)) for corner in corners
    ]


@st.composite
def _connected(draw: Draw, scene: GltfScene, primitive: dict[str, Any], count: int) -> None:
    """How the corners are connected: by numbers of them, or as they come."""
    is_box = count == len(CORNERS)
    faces = [n for face in FACES for n in face] if is_box else list(range(count))
    mode = draw(st.sampled_from((*[TRIANGLES] * 8, STRIP, FAN, LINES, POINTS)))
    if mode != TRIANGLES:
        primitive["mode"] = mode
        faces = list(range(count))[: count - count % 2]
    if is_box or draw(st.booleans()):
        kind = draw(st.sampled_from((BYTE, SHORT, INTEGER)))
        primitive["indices"] = scene.accessor([[number] for number in faces], kind)


def _target(places: Sequence[tuple[float, ...]], number: int) -> list[list[float]]:
    """Where a shape moves the corners: some of them."""
    return [[0.0, 0.5, float(number)] if n % 2 else [0.0] * 3 for n in range(len(places))]


@st.composite
def _tree(draw: Draw, scene: GltfScene) -> list[int]:
    """Nodes that hang on each other; at least one shows a mesh."""
    document = scene.document
    count = draw(st.integers(1, 6))
    for number in range(count):
        values = draw(_transforms())
        if number == 0 or draw(st.integers(0, 2)):
            values["mesh"] = draw(st.integers(0, len(document["meshes"]) - 1))
        elif draw(st.booleans()):
            draw(_camera_or_light(scene, values))
        if draw(st.integers(0, 3)) == 3:
            values["extras"] = {"note": "kept"}
        node = scene.add_node(draw(st.sampled_from(NAMES)), scene=None, **values)
        if draw(st.integers(0, 3)) == 3:
            del document["nodes"][node]["name"]
        _hang(document, node, draw(st.sampled_from((None, *range(number)))))
    return list(range(count))


def _hang(document: dict[str, Any], node: int, parent: int | None) -> None:
    if parent is None:
        document["scenes"][0]["nodes"].append(node)
    else:
        document["nodes"][parent].setdefault("children", []).append(node)


@st.composite
def _transforms(draw: Draw) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if draw(st.booleans()):
        values["translation"] = [draw(SIDES) for _ in range(3)]
    if draw(st.booleans()):
        values["rotation"] = draw(turns())
    if draw(st.booleans()):
        values["scale"] = draw(_scales())
    if draw(st.integers(0, 4)) == 4 and 0.0 not in values.get("scale", ()):
        matrix = _matrix(values)
        values = {"matrix": [round(float(side), 9) for side in matrix.T.ravel()]}
    return values


@st.composite
def turns(draw: Draw) -> list[float]:
    """A unit quaternion."""
    axis, half = draw(AXES), draw(ANGLES) * math.pi / 2
    return [*(side * math.sin(half) for side in axis), math.cos(half)]


@st.composite
def _scales(draw: Draw) -> list[float]:
    if draw(st.booleans()):
        return [draw(FACTORS)] * 3
    return [draw(FACTORS) for _ in range(3)]


def _matrix(node: dict[str, Any]) -> Any:
    """What the node's transform is in its parent."""
    if "matrix" in node:
        return np.array(node["matrix"]).reshape(4, 4).T
    x, y, z, w = node.get("rotation", (0.0, 0.0, 0.0, 1.0))
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix = np.identity(4)
    matrix[:3, :3] = turn * np.array(node.get("scale", (1.0, 1.0, 1.0)))
    matrix[:3, 3] = node.get("translation", (0.0, 0.0, 0.0))
    return matrix


@st.composite
def _camera_or_light(draw: Draw, scene: GltfScene, values: dict[str, Any]) -> None:
    if draw(st.booleans()):
        seen = {"yfov": 1.0, "znear": 0.1}
        values["camera"] = scene.add("cameras", {"type": "perspective", "perspective": seen})
        return
    light = {"type": draw(st.sampled_from(("point", "directional"))), "intensity": 5.0}
    known = scene.document.setdefault("extensions", {})
    known.setdefault("KHR_lights_punctual", {"lights": []})["lights"].append(light)
    number = len(known["KHR_lights_punctual"]["lights"]) - 1
    values["extensions"] = {"KHR_lights_punctual": {"light": number}}
    scene.document["extensionsUsed"] = ["KHR_lights_punctual"]


@st.composite
def _skin(draw: Draw, scene: GltfScene, nodes: Sequence[int]) -> None:
    """Two joints that bend every mesh; they may hang on another node."""
    document = scene.document
    joints: list[int] = []
    above = draw(st.sampled_from((None, *nodes)))
    world = np.identity(4)
    matrices = []
    for number in range(2):
        place = [0.0, float(number), 0.5]
        values = {"translation": place, "rotation": draw(turns())}
        joints.append(scene.add_node(f"Joint {number}", scene=None, **values))
        _hang(document, joints[-1], above if number == 0 else joints[0])
        world = world @ _matrix(values)
        matrices.append(np.linalg.inv(world).T.ravel().tolist())
    skin: dict[str, Any] = {"joints": joints}
    if draw(st.booleans()):
        skin["inverseBindMatrices"] = scene.accessor(matrices)
    if draw(st.booleans()):
        skin["skeleton"] = joints[0]
    number = scene.add("skins", skin)
    for node in nodes:
        if "mesh" in document["nodes"][node]:
            document["nodes"][node]["skin"] = number


@st.composite
def _animations(draw: Draw, scene: GltfScene) -> None:
    nodes = scene.document["nodes"]
    takes = draw(st.sampled_from((0, 1, 1, 2)))
    for take in range(takes):
        for node, values in enumerate(nodes):
            ways = [] if "matrix" in values else ["translation", "rotation", "scale"]
            mesh = scene.document["meshes"][values["mesh"]] if "mesh" in values else {}
            if "weights" in mesh:
                ways.append("weights")
            for path in ways:
                if draw(st.integers(0, 4)) == 4:
                    draw(_keys(scene, node, path, take))


@st.composite
def _keys(draw: Draw, scene: GltfScene, node: int, path: str, take: int) -> None:
    values = scene.document["nodes"][node]
    way = draw(st.sampled_from(("LINEAR", "STEP", "CUBICSPLINE")))
    rows: list[list[float]]
    if path == "weights":
        count = len(scene.document["meshes"][values["mesh"]]["weights"])
        rows = [[draw(st.sampled_from((0.0, 0.5, 1.0)))] for _ in TIMES for _ in range(count)]
    elif draw(st.integers(0, 3)) == 3:  # keys that hold it still
        still = {"translation": [0.0] * 3, "rotation": [0.0, 0.0, 0.0, 1.0], "scale": [1.0] * 3}
        rows = [values.get(path, still[path])] * len(TIMES)
    elif path == "rotation":
        rows = [draw(turns()) for _ in TIMES]
    elif path == "scale":
        rows = [draw(_scales()) for _ in TIMES]
    else:
        rows = [[draw(SIDES) for _ in range(3)] for _ in TIMES]
    if way == "CUBICSPLINE":
        width = len(rows) // len(TIMES)
        rows = _splined(rows, width)
    scene.animate(node, path, rows, way=way, take=take)


def _splined(rows: list[list[float]], width: int) -> list[list[float]]:
    """With tangents of nothing before and behind each key."""
    still = [[0.0] * len(rows[0])] * width
    keys = [rows[start : start + width] for start in range(0, len(rows), width)]
    return [row for key in keys for row in (*still, *key, *still)]


__all__ = ["FLOAT", "AnyScene", "scenes", "turns"]

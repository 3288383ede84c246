"""Small glTF files made by hand, as exporters write them."""

import base64
import json
import random
import struct
from pathlib import Path
from typing import Any

CORNERS = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]
FACES = [
    (0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1),
    (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4), (1, 5, 7), (1, 7, 3),
]  # fmt: skip
TIMES = (0.0, 1.0, 2.0)
"""Seconds of the keys."""

Node = dict[str, Any]


class GltfScene:
    """Collects nodes with boxes, and writes them as one file."""

    def __init__(self) -> None:
        self._data = b""
        self.document: dict[str, Any] = {
            "asset": {"version": "2.0"},
            "scene": 0,
            "scenes": [{"nodes": []}],
            "nodes": [],
            "meshes": [],
            "accessors": [],
            "bufferViews": [],
        }

    def add_box(self, size: tuple[float, float, float]) -> int:
        """A mesh; its number."""
        places = [[c * side for c, side in zip(corner, size, strict=True)] for corner in CORNERS]
        corners = self._accessor("<3f", places, "VEC3", 5126)
        faces = self._accessor("<H", [[i] for face in FACES for i in face], "SCALAR", 5123)
        primitive = {"attributes": {"POSITION": corners}, "indices": faces}
        self.document["meshes"].append({"primitives": [primitive]})
        return len(self.document["meshes"]) - 1

    def add_node(self, name: str, *children: int, scene: int | None = 0, **values: Any) -> int:
        """A node, at the top of that scene unless None; its number."""
        node: Node = {"name": name, **values}
        if children:
            node["children"] = list(children)
        self.document["nodes"].append(node)
        number = len(self.document["nodes"]) - 1
        if scene is not None:
            self.document["scenes"][scene]["nodes"].append(number)
        return number

    def animate(self, node: int, path: str, values: list[list[float]]) -> None:
        """Key ``path`` of the node at ``TIMES``."""
        times = self._accessor("<f", [[t] for t in TIMES], "SCALAR", 5126)
        kind = "VEC4" if path == "rotation" else "VEC3"
        output = self._accessor(f"<{len(values[0])}f", values, kind, 5126)
        animation = self.document.setdefault(
            "animations", [{"name": "Move", "samplers": [], "channels": []}]
        )[0]
        animation["samplers"].append({"input": times, "output": output})
        target = {"node": node, "path": path}
        sampler = len(animation["samplers"]) - 1
        animation["channels"].append({"sampler": sampler, "target": target})

    def write(self, path: Path) -> Path:
        """Write the .gltf with everything in it."""
        data = base64.b64encode(self._data).decode()
        uri = f"data:application/octet-stream;base64,{data}"
        buffers = [{"byteLength": len(self._data), "uri": uri}]
        path.write_text(json.dumps(self.document | {"buffers": buffers}))
        return path

    def _accessor(self, layout: str, rows: list[Any], kind: str, component: int) -> int:
        packed = b"".join(struct.pack(layout, *row) for row in rows)
        view = {"buffer": 0, "byteOffset": len(self._data), "byteLength": len(packed)}
        self._data += packed + bytes(-len(packed) % 4)
        self.document["bufferViews"].append(view)
        accessor: dict[str, Any] = {
            "bufferView": len(self.document["bufferViews"]) - 1,
            "componentType": component,
            "count": len(rows),
            "type": kind,
        }
        columns = list(zip(*rows, strict=True))
        if component == 5126:
            accessor |= {"min": [min(c) for c in columns], "max": [max(c) for c in columns]}
        self.document["accessors"].append(accessor)
        return len(self.document["accessors"]) - 1


def any_scene(seed: int) -> GltfScene:
    """Empties and boxes in a tree: shared meshes, scales, turns, keys that move or hold still."""
    chance = random.Random(seed)  # noqa: S311 - shapes, no secrets
    scene = GltfScene()
    meshes = [
        scene.add_box((chance.uniform(0.2, 2), chance.uniform(0.2, 2), chance.uniform(0.2, 2)))
        for _ in range(chance.randint(1, 3))
    ]
    nodes: list[int] = []
    for number in range(chance.randint(2, 7)):
        children = [node for node in nodes if chance.random() < 0.5]
        nodes = [node for node in nodes if node not in children]
        values: dict[str, Any] = {}
        if chance.random() < 0.7 or not children:
            values["mesh"] = chance.choice(meshes)
        if chance.random() < 0.6:
            values["translation"] = [chance.uniform(-3, 3) for _ in range(3)]
        if chance.random() < 0.4:
            values["rotation"] = turn(chance)
        if chance.random() < 0.4:
            values["scale"] = [chance.choice((0.01, 0.5, 2.0, -1.0))] * 3
        node = scene.add_node(f"Node {number}", *children, scene=None, **values)
        nodes.append(node)
        keyed = chance.random()
        if keyed < 0.25:
            path = [[chance.uniform(-3, 3) for _ in range(3)] for _ in TIMES]
            scene.animate(node, "translation", path)
        elif keyed < 0.4:
            scene.animate(node, "translation", [values.get("translation", [0.0] * 3)] * len(TIMES))
        elif keyed < 0.5:
            scene.animate(node, "rotation", [turn(chance) for _ in TIMES])
    scene.document["scenes"][0]["nodes"] = nodes
    return scene


def turn(chance: random.Random) -> list[float]:
    """A unit quaternion."""
    parts = [chance.gauss(0, 1) for _ in range(4)]
    length = sum(part * part for part in parts) ** 0.5
    return [part / length for part in parts]

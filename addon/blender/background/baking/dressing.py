"""One material of the pictures that were baked, and of numbers where a number says it all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import bpy

from ...core.access import pixels_of
from ...model import channels, occlusion
from ...model.channels import OF_SHARES, USUAL, Channel, Value
from ...model.colors import to_light, to_srgb
from ...model.shading import new_material, principled

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ...model.arrays import Floats

    Bytes = npt.NDArray[np.uint8]

PACKED: Final = (Channel.OCCLUSION, Channel.ROUGHNESS, Channel.METALLIC)
"""What is red, green and blue in one picture."""
SAME: Final = 2
"""By how much, of 255, the pixels of a picture may differ that is no more than a number."""
FLAT: Final = 3
"""By how much, of 255, normals may be off that bend nothing."""
SHARP: Final = 8
"""By how much, of 255, an alpha may be off that is there or is not."""
NEARLY_ALL: Final = 0.98
"""Share of the pixels of which that has to be true: edges are between."""
ENOUGH: Final = 0.999
"""Share of the pixels that counts for all."""
FULL: Final = 255


@dataclass(slots=True)
class Baked:
    """What came out, pixel by pixel; of what was not baked there are numbers."""

    width: int
    height: int
    """In pixels."""
    settled: dict[Channel, Value]
    pixels: "dict[Channel, Bytes]" = field(default_factory=dict)
    """(n, 3) of colors, as pictures store them, and (n,) of numbers."""
    normals: "Bytes | None" = None
    """(n, 3)."""
    strength: float = 1.0
    """What the emission has to be multiplied by."""

    def take(self, wanted: Sequence[Channel], pixels: "Floats") -> None:
        """Add what was baked: (n, 4), where nothing was hit with an alpha of 0.

        Without channels it is the normals of the tangent space.
        """
        import numpy as np  # late: Blender takes a while to load it

        if not wanted:
            self._take_normals(pixels)
            return
        missed, colors = pixels[:, 3] == 0.0, pixels[:, :3]
        if wanted[0] is Channel.EMISSION:
            self.strength = max(1.0, float(colors.max(initial=0.0)))
            colors = to_srgb(colors / self.strength)
        found = np.rint(255.0 * np.clip(colors, 0.0, 1.0)).astype(np.uint8)
        if missed.any() and not missed.all():
            found[missed] = found[~missed].mean(axis=0).astype(np.uint8)
        if len(USUAL[wanted[0]]) > 1:
            self.pixels[wanted[0]] = found
        else:
            for column, channel in enumerate(wanted):
                self.pixels[channel] = np.ascontiguousarray(found[:, column])

    def _take_normals(self, pixels: "Floats") -> None:
        import numpy as np

        self.normals = np.rint(FULL * np.clip(pixels[:, :3], 0.0, 1.0)).astype(np.uint8)
        self.normals[pixels[:, 3] == 0.0] = (FULL // 2 + 1, FULL // 2 + 1, FULL)

    def settle(self) -> None:
        """Let numbers take the place of pictures that show nothing else."""
        import numpy as np

        self._undo_shares()
        for channel, found in list(self.pixels.items()):
            if int(np.ptp(found, axis=0).max()) <= SAME:
                middle = np.median(found.reshape(len(found), -1), axis=0).astype(np.float32) / FULL
                is_color = len(middle) > 1
                self.settled[channel] = tuple((to_light(middle) if is_color else middle).tolist())
                del self.pixels[channel]
        if self.normals is not None:
            off = np.abs(self.normals[:, :2].astype(np.int16) - FULL // 2).max(axis=1)
            if (off <= FLAT).mean() >= ENOUGH:
                self.normals = None

    def _undo_shares(self) -> None:
        """What was mixed with nothing is as much less than it was."""
        import numpy as np

        shares = self.pixels.pop(Channel.SHARE, None)
        if shares is None:
            return
        share = np.maximum(shares, 1) / FULL
        for channel in OF_SHARES:
            if channel not in self.pixels:
                continue
            stored: Any = self.pixels[channel] / FULL
            if stored.ndim > 1:
                stored = to_srgb(np.minimum(to_light(stored) / share[:, None], 1.0))
            else:
                stored = np.minimum(stored / share, 1.0)
            self.pixels[channel] = np.rint(FULL * stored).astype(np.uint8)


def wear(mesh: bpy.types.Mesh, materials: Sequence[bpy.types.Material | None]) -> None:
    """Give the mesh these materials in place of its own; all of it shows the first."""
    mesh.materials.clear()
    for one in materials:
        mesh.materials.append(one)
    mesh.polygons.foreach_set("material_index", [0] * len(mesh.polygons))


def material(
    name: str, baked: Baked, before: Sequence[bpy.types.Material]
) -> bpy.types.Material | None:
    """The material that shows it, beside what all of the materials ``before`` have alike.

    None if no picture is left.
    """
    baked.settle()
    if not baked.pixels and baked.normals is None:
        return None
    made = new_material(name)
    made.use_backface_culling = all(one.use_backface_culling for one in before)
    tree: Any = made.node_tree
    shader = principled(made)
    sockets = {socket.identifier: socket for socket in shader.inputs}
    for identifier, value in channels.shared_inputs(before):
        _set(sockets[identifier], value)
    _Wiring(name, baked, tree, shader).run()
    return made


def _set(socket: Any, value: Value) -> None:
    socket.default_value = value[0] if socket.type == "VALUE" else (*value, 1.0)


class _Wiring:
    """Pictures and numbers for the inputs of a shader."""

    def __init__(self, name: str, baked: Baked, tree: Any, shader: Any) -> None:
        self._name, self._baked, self._tree, self._shader = name, baked, tree, shader
        self._row = 0

    def run(self) -> None:
        self._color()
        self._numbers()
        self._emission()
        if self._baked.normals is not None:
            picture = self._picture("Normal", self._baked.normals, is_data=True)
            bent = self._beside(picture, self._tree.nodes.new("ShaderNodeNormalMap"))
            self._link(picture.outputs["Color"], bent.inputs["Color"])
            self._link(bent.outputs["Normal"], self._shader.inputs["Normal"])

    def _color(self) -> None:
        import numpy as np

        color, alpha = (self._baked.pixels.get(one) for one in (Channel.COLOR, Channel.ALPHA))
        for channel in (Channel.COLOR, Channel.ALPHA):
            _set(self._shader.inputs[channel.value], self._value(channel))
        if color is None and alpha is not None:
            plain = np.array([self._value(Channel.COLOR)], dtype=np.float32)
            stored = np.rint(FULL * to_srgb(np.clip(plain, 0.0, 1.0))).astype(np.uint8)
            color = np.repeat(stored, len(alpha), axis=0)
        if color is None:
            return
        picture = self._picture("Base Color", color, alpha)
        self._link(picture.outputs["Color"], self._shader.inputs["Base Color"])
        if alpha is not None:
            self._link(self._opaque_or_not(picture, alpha), self._shader.inputs["Alpha"])

    def _opaque_or_not(self, picture: Any, alpha: "Bytes") -> Any:
        """What is either there or not is rounded, which glTF calls a mask: it needs no sorting."""
        import numpy as np

        if (np.minimum(alpha, FULL - alpha) <= SHARP).mean() < NEARLY_ALL:
            return picture.outputs["Alpha"]
        rounded = self._beside(picture, self._tree.nodes.new("ShaderNodeMath"))
        rounded.operation = "ROUND"
        self._link(picture.outputs["Alpha"], rounded.inputs[0])
        return rounded.outputs[0]

    def _numbers(self) -> None:
        """Occlusion, roughness and metallic in one picture, as glTF has them."""
        import numpy as np

        both = (Channel.ROUGHNESS, Channel.METALLIC)
        for channel in both:
            _set(self._shader.inputs[channel.value], self._value(channel))
        pixels = self._baked.pixels
        found: dict[Channel, Bytes] = {one: pixels[one] for one in PACKED if one in pixels}
        if len(found) == 1 and Channel.OCCLUSION not in found:
            ((channel, values),) = found.items()
            picture = self._picture(channel, np.repeat(values[:, None], 3, axis=1), is_data=True)
            self._link(picture.outputs["Color"], self._shader.inputs[channel.value])
        elif found:
            self._packed(found)

    def _packed(self, found: "dict[Channel, Bytes]") -> None:
        """Several of the numbers as the channels of one picture."""
        import numpy as np

        size = self._baked.width * self._baked.height
        channels = [found.get(one, self._flat(one, size)) for one in PACKED]
        name = "Metallic Roughness"
        if Channel.OCCLUSION in found:
            name = f"{Channel.OCCLUSION} {name}"
        picture = self._picture(name, np.stack(channels, axis=1), is_data=True)
        parted = self._beside(picture, self._tree.nodes.new("ShaderNodeSeparateColor"))
        self._link(picture.outputs["Color"], parted.inputs["Color"])
        for channel, output in zip(PACKED, parted.outputs, strict=True):
            if channel not in found:
                continue
            if channel is Channel.OCCLUSION:
                occlusion.feed(output, self._tree, (parted.location.x + 400, parted.location.y))
            else:
                self._link(output, self._shader.inputs[channel.value])

    def _flat(self, channel: Channel, size: int) -> "Bytes":
        """A channel that nothing reads, or that is the same everywhere."""
        import numpy as np

        return np.full(size, round(FULL * self._value(channel)[0]), dtype=np.uint8)

    def _emission(self) -> None:
        color, strength = (
            self._shader.inputs[f"Emission {part}"] for part in ("Color", "Strength")
        )
        pixels = self._baked.pixels.get(Channel.EMISSION)
        if pixels is not None:
            strength.default_value = self._baked.strength
            self._link(self._picture("Emission", pixels).outputs["Color"], color)
            return
        value = self._value(Channel.EMISSION)
        strength.default_value = max(value)
        if max(value) > 0.0:
            _set(color, tuple(part / max(value) for part in value))

    def _value(self, channel: Channel) -> Value:
        return self._baked.settled.get(channel, USUAL[channel])

    def _picture(
        self, what: str, pixels: "Bytes", alpha: "Bytes | None" = None, *, is_data: bool = False
    ) -> Any:
        """A node with a new picture, which is in the file."""
        import numpy as np

        image = bpy.data.images.new(
            f"{self._name} {what}",
            self._baked.width,
            self._baked.height,
            alpha=alpha is not None,
            is_data=is_data,
        )
        flat = np.ones((len(pixels), 4), dtype=np.float32)
        flat[:, :3] = pixels
        flat[:, 3] = FULL if alpha is None else alpha
        flat /= FULL
        pixels_of(image).foreach_set(flat.ravel())
        image.pack()
        node = self._tree.nodes.new("ShaderNodeTexImage")
        node.image = image
        node.label = what
        node.location = self._shader.location
        node.location.x -= 500
        node.location.y -= 300 * self._row
        self._row += 1
        return node

    def _beside(self, picture: Any, node: Any) -> Any:
        node.location = (self._shader.location.x - 200, picture.location.y)
        return node

    def _link(self, output: Any, target: Any) -> None:
        self._tree.links.new(output, target)

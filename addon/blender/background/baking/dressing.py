"""One material of the pictures that were baked, and of numbers where a number says it all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import bpy

from ...core.access import pixels_of
from ...model import channels
from ...model.channels import OF_SHARES, USUAL, Channel, Value
from ...model.colors import to_light, to_srgb
from ...model.shading import new_material, principled

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ...model.arrays import Floats

    Bytes = npt.NDArray[np.uint8]

SAME: Final = 2
"""By how much, of 255, the pixels of a picture may differ that is no more than a number."""
FLAT: Final = 3
"""By how much, of 255, normals may be off that bend nothing."""
ENOUGH: Final = 0.999
"""Share of the pixels that counts for all."""
FULL: Final = 255


@dataclass(slots=True)
class Baked:
    """What came out, pixel by pixel; of what was not baked there are numbers."""

    size: int
    """Pixels along a side."""
    settled: dict[Channel, Value]
    pixels: "dict[Channel, Bytes]" = field(default_factory=dict)
    """(n, 3) of colors, as pictures store them, and (n,) of numbers."""
    normals: "Bytes | None" = None
    """(n, 3)."""
    strength: float = 1.0
    """What the emission has to be multiplied by."""

    def take(self, wanted: Sequence[Channel], pixels: "Floats") -> None:
        """Add what was baked: (n, 4), where nothing was hit with an alpha of 0."""
        import numpy as np  # late: Blender takes a while to load it

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

    def take_normals(self, pixels: "Floats") -> None:
        """Add those of the tangent space: (n, 4)."""
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
            self._link(picture.outputs["Alpha"], self._shader.inputs["Alpha"])

    def _numbers(self) -> None:
        """Roughness and metallic in one picture, as glTF has them: green and blue."""
        import numpy as np

        both = (Channel.ROUGHNESS, Channel.METALLIC)
        for channel in both:
            _set(self._shader.inputs[channel.value], self._value(channel))
        found = {one: self._baked.pixels[one] for one in both if one in self._baked.pixels}
        if len(found) == 1:
            ((channel, values),) = found.items()
            picture = self._picture(channel, np.repeat(values[:, None], 3, axis=1), is_data=True)
            self._link(picture.outputs["Color"], self._shader.inputs[channel.value])
        elif found:
            full = np.full_like(found[Channel.ROUGHNESS], FULL)
            pixels = np.stack([full, *found.values()], axis=1)
            picture = self._picture("Metallic Roughness", pixels, is_data=True)
            parted = self._beside(picture, self._tree.nodes.new("ShaderNodeSeparateColor"))
            self._link(picture.outputs["Color"], parted.inputs["Color"])
            for channel, output in zip(both, ("Green", "Blue"), strict=True):
                self._link(parted.outputs[output], self._shader.inputs[channel.value])

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

        size = self._baked.size
        image = bpy.data.images.new(
            f"{self._name} {what}", size, size, alpha=alpha is not None, is_data=is_data
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

"""What a part is made of, the points a material is evaluated at, and what it answers."""

from dataclasses import dataclass

import numpy as np

from ..geometry.surface import Floats

Colour = tuple[float, float, float]
"""sRGB, 0-1."""


@dataclass(frozen=True, slots=True)
class Finish:
    """A material by name with its colour.

    wear    0 new ... 1 neglected: dirt, rust, scratches
    scale   multiplies the size of the pattern
    """

    material: str
    colour: Colour
    wear: float = 0.15
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Texels:
    """n points on one part.

    uv         (n, 2) metres inside the chart
    rest       (n, 3) metres in the part's own space, its longest side along +Y
    position   (n, 3) metres in the model
    normal     (n, 3)
    open       (n,) 1 = free, 0 = hidden in a corner
    edge       (n,) 0 flat ... 1 sharp convex edge
    footprint  metres covered by one texel
    seed       differs from part to part
    """

    uv: Floats
    rest: Floats
    position: Floats
    normal: Floats
    open: Floats
    edge: Floats
    footprint: float
    seed: int


@dataclass(frozen=True, slots=True)
class Maps:
    """What a material looks like at n texels.

    colour     (n, 3) sRGB 0-1
    roughness  (n,)
    metallic   (n,)
    height     (n,) metres of relief, for the normal map
    """

    colour: Floats
    roughness: Floats
    metallic: Floats
    height: Floats


def maps(
    colour: Floats, roughness: Floats | float, metallic: Floats | float, height: Floats | float
) -> Maps:
    """``Maps`` from values that may be constant."""
    count = len(colour)
    return Maps(
        np.clip(colour, 0.0, 1.0),
        np.clip(np.broadcast_to(roughness, count), 0.04, 1.0),
        np.clip(np.broadcast_to(metallic, count), 0.0, 1.0),
        np.broadcast_to(np.asarray(height, dtype=np.float32), count),
    )


def mix(a: Floats, b: Floats, t: Floats) -> Floats:
    """Blend (n, 3) or (3,) colours by (n,) factors."""
    factor = np.clip(t, 0.0, 1.0)[:, None]
    return np.asarray(a + (b - a) * factor)


def step(low: float, high: float, x: Floats) -> Floats:
    """Smooth 0-1 ramp."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))

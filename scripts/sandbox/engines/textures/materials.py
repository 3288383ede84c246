"""The materials by name."""

from collections.abc import Callable

import numpy as np

from ..geometry.surface import Floats
from .noise import cells, detailed, fractal, fractal2
from .texels import Finish, Maps, Texels, maps, mix, step

_TEXELS_PER_FEATURE = 4.0

Material = Callable[[Texels, Finish], Maps]


def _rgb(red: float, green: float, blue: float) -> Floats:
    return np.array([red, green, blue], dtype=np.float32)


def _along(factor: float) -> Floats:
    """Scale that stretches a pattern along the part: 1 / factor times as long."""
    return np.array([1.0, factor, 1.0], dtype=np.float32)


def _shade(colour: Floats, amount: Floats | float) -> Floats:
    """Lighten (amount > 0) or darken; amounts are fractions."""
    return np.asarray(colour * (1.0 + np.asarray(amount, dtype=np.float32))[..., None])


def _noise(points: Floats, t: Texels, feature: float, layer: int) -> Floats:
    """Fractal noise no finer than the texels can show."""
    return fractal(points, max(feature, _TEXELS_PER_FEATURE * t.footprint), t.seed + layer)


def _clouds(t: Texels, feature: float, layer: int) -> Floats:
    """Large soft blotches with fine ones in them."""
    coarse = max(feature, 4 * _TEXELS_PER_FEATURE * t.footprint)
    return detailed(t.rest, coarse, t.seed + layer)


def _base(finish: Finish) -> Floats:
    return np.asarray(finish.colour, dtype=np.float32)


def wood(t: Texels, finish: Finish) -> Maps:
    """Growth rings cut lengthwise: solid, so end grain and sides agree."""
    size = finish.scale
    stretched = t.rest * _along(0.08)
    bend = _noise(stretched, t, 0.12 * size, 0)
    axis = np.array([0.11, -0.07]) * size
    radius = np.hypot(t.rest[:, 0] - axis[0], t.rest[:, 2] - axis[1])
    phase = radius / (0.011 * size) + 1.1 * bend
    # Early wood fades slowly into a thin dark late ring.
    saw = phase - np.floor(phase)
    ring = step(0.35, 0.9, saw) * (1 - step(0.93, 1.0, saw))
    ring *= np.clip(0.011 * size / (2.5 * t.footprint), 0.0, 1.0)
    fibre = _noise(t.rest * _along(0.03), t, 0.006 * size, 1)
    broad = _noise(stretched, t, 0.3 * size, 2)
    base = _shade(_base(finish), 0.05 * broad - 0.26 * ring + 0.055 * fibre)
    dirt = step(0.15, 0.75, 1 - t.open) * (0.25 + 0.5 * finish.wear)
    colour = mix(base, base * 0.45, dirt)
    colour = mix(colour, np.minimum(base * 1.22 + 0.03, 1.0), t.edge * finish.wear * 0.9)
    roughness = 0.5 + 0.12 * ring + 0.05 * fibre + 0.25 * finish.wear
    return maps(colour, roughness, 0.0, -0.0004 * ring + 0.00012 * fibre)


def metal(t: Texels, finish: Finish) -> Maps:
    """Brushed along the part; wear brings rust into the corners and shine to the edges."""
    brushed = _noise(t.rest * _along(0.025), t, 0.008, 0)
    cloud = _clouds(t, 0.2, 1)
    base = _shade(_base(finish), 0.05 * brushed + 0.05 * cloud)
    base = mix(base, np.minimum(base * 1.25 + 0.05, 1.0), t.edge * 0.7)
    base = mix(base, base * 0.35, step(0.2, 0.9, 1 - t.open) * 0.7)
    rust = step(2.0 - 3.0 * finish.wear, 2.8 - 3.0 * finish.wear, cloud + 1.2 * (1 - t.open))
    rusty = _shade(_rgb(0.42, 0.2, 0.09), 0.22 * _clouds(t, 0.05, 2))
    colour = mix(base, rusty, rust)
    roughness = (0.3 + 0.05 * brushed + 0.06 * cloud) * (1 - rust) + 0.9 * rust
    height = 0.00004 * brushed + 0.0012 * rust * (1 + 0.4 * cloud)
    return maps(colour, roughness, 1.0 - 0.95 * rust, height)


def paint(t: Texels, finish: Finish) -> Maps:
    """Lacquer: even, a little dust in the corners, chipped edges when worn."""
    cloud = _clouds(t, 0.35, 0)
    base = _shade(_base(finish), 0.012 * cloud)
    base = mix(base, np.minimum(base * 1.15 + 0.03, 1.0), t.edge * 0.5)
    base = mix(base, base * 0.5, step(0.2, 0.8, 1 - t.open) * 0.6)
    chips = step(0.55, 0.7, t.edge + 0.35 * cloud) * step(0.3, 0.7, t.edge) * finish.wear
    colour = mix(base, _rgb(0.35, 0.33, 0.31), chips)
    return maps(colour, 0.28 + 0.02 * cloud + 0.4 * chips, 0.0, -0.0006 * chips)


def plastic(t: Texels, finish: Finish) -> Maps:
    cloud = _clouds(t, 0.2, 0)
    grain = _noise(t.rest, t, 0.003, 1)
    base = _shade(_base(finish), 0.02 * cloud)
    colour = mix(base, base * 0.55, step(0.2, 0.9, 1 - t.open) * 0.6)
    return maps(colour, 0.42 + 0.03 * cloud, 0.0, 0.00008 * grain)


def stone(t: Texels, finish: Finish) -> Maps:
    """Weathered rock: blotches, grain, light edges, dark cracks."""
    blotch = _clouds(t, 0.35 * finish.scale, 0)
    grain = _noise(t.rest, t, 0.02 * finish.scale, 1)
    vein = np.abs(_noise(t.rest, t, 0.5 * finish.scale, 2))
    crack = 1 - step(0.0, 0.05, vein)
    base = _shade(_base(finish), 0.11 * blotch + 0.08 * grain - 0.35 * crack)
    base = mix(base, np.minimum(base * 1.25 + 0.04, 1.0), t.edge * 0.7)
    lichen = step(0.9, 1.6, blotch + 0.6 * t.normal[:, 1]) * finish.wear
    colour = mix(base, _rgb(0.36, 0.4, 0.22), lichen)
    colour = mix(colour, colour * 0.4, step(0.15, 0.8, 1 - t.open))
    height = (0.004 * blotch + 0.0018 * grain - 0.004 * crack) * finish.scale
    return maps(colour, 0.85 + 0.05 * grain, 0.0, height)


def marble(t: Texels, finish: Finish) -> Maps:
    warp = np.stack([fractal(t.rest, 0.4 * finish.scale, t.seed + i) for i in range(3)], axis=1)
    vein = np.abs(fractal(t.rest + 0.05 * finish.scale * warp, 0.45 * finish.scale, t.seed + 5))
    fine = np.abs(fractal(t.rest + 0.03 * warp, 0.15 * finish.scale, t.seed + 6))
    dark = (1 - step(0.0, 0.28, vein)) * 0.75 + (1 - step(0.0, 0.1, fine)) * 0.3
    base = _base(finish)
    colour = mix(np.broadcast_to(base, t.rest.shape), base * 0.45, dark)
    colour = mix(colour, colour * 0.5, step(0.2, 0.9, 1 - t.open) * 0.6)
    return maps(colour, 0.16 + 0.1 * dark, 0.0, 0.0)


def brick(t: Texels, finish: Finish) -> Maps:
    """Running bond, 25 x 7.5 cm with mortar."""
    width, height, joint = 0.25 * finish.scale, 0.075 * finish.scale, 0.011 * finish.scale
    wobble = 0.0025 * finish.scale * fractal2(t.uv, 0.06, t.seed)
    across, up = t.uv[:, 0] + wobble, t.uv[:, 1] + wobble
    row = np.floor(up / height)
    shifted = across / width + 0.5 * (row % 2)
    column = np.floor(shifted)
    inside_u = (shifted - column) * width
    inside_v = up - row * height
    gap = np.minimum.reduce([inside_u, width - inside_u, inside_v, height - inside_v])
    face = step(joint * 0.35, joint * 0.9, gap)
    tone = _hash(column, row)
    grain = _clouds(t, 0.06 * finish.scale, 2)
    clay = _shade(_base(finish), 0.34 * (tone - 0.5) + 0.09 * grain)
    mortar = _shade(_rgb(0.62, 0.59, 0.54), 0.06 * grain)
    colour = mix(mortar, clay, face)
    colour = mix(colour, colour * 0.45, step(0.15, 0.8, 1 - t.open) * 0.8)
    relief = (0.007 * face + 0.0014 * grain + 0.002 * tone * face) * finish.scale
    return maps(colour, 0.9 - 0.08 * face, 0.0, relief)


def _hash(column: Floats, row: Floats) -> Floats:
    """A value 0-1 per grid place."""
    mixed = np.sin(column * 127.1 + row * 311.7) * 43758.5453
    return np.asarray(mixed - np.floor(mixed))


def roof_tile(t: Texels, finish: Finish) -> Maps:
    """Overlapping rounded tiles, 20 x 18 cm."""
    width, height = 0.2 * finish.scale, 0.18 * finish.scale
    row = np.floor(t.uv[:, 1] / height)
    shifted = t.uv[:, 0] / width + 0.5 * (row % 2)
    column = np.floor(shifted)
    x = (shifted - column) * 2 - 1
    y = t.uv[:, 1] / height - row
    # The visible lower edge of a tile is an arc; what lies under it belongs to the row below.
    arc = 0.28 * (1 - np.sqrt(np.clip(1 - x**2, 0, 1)))
    under = step(0.0, 0.05, arc - y)
    tone = _hash(column + 17 * under, row - under)
    grain = _clouds(t, 0.08 * finish.scale, 0)
    shadow = under * 0.45 + (1 - step(0.0, 0.12, 1 - np.abs(x))) * 0.3
    base = _shade(_base(finish), 0.34 * (tone - 0.5) + 0.08 * grain - shadow)
    colour = mix(base, base * 0.45, step(0.2, 0.8, 1 - t.open) * 0.6)
    moss = step(1.0, 1.8, grain + _noise(t.rest, t, 0.6, 3)) * finish.wear
    colour = mix(colour, _rgb(0.28, 0.33, 0.16), moss)
    relief = 0.02 * finish.scale * ((1 - y) * 0.6 + 0.4 * np.sqrt(np.clip(1 - x**2, 0, 1)))
    return maps(colour, 0.8, 0.0, relief * (1 - 0.7 * under) + 0.001 * grain)


def fabric(t: Texels, finish: Finish) -> Maps:
    """Plain weave with slightly uneven yarn."""
    pitch = max(0.0035 * finish.scale, 2.6 * t.footprint)
    u, v = t.uv[:, 0] / pitch, t.uv[:, 1] / pitch
    over = (np.floor(u) + np.floor(v)) % 2
    warp = np.sin(np.pi * (u - np.floor(u)))
    weft = np.sin(np.pi * (v - np.floor(v)))
    thread = np.where(over > 0.5, warp * (0.6 + 0.4 * weft), weft * (0.6 + 0.4 * warp))
    cloud = _clouds(t, 0.25, 0)
    base = _shade(_base(finish), 0.16 * (thread - 0.6) + 0.04 * cloud)
    base = mix(base, np.minimum(base * 1.12 + 0.02, 1.0), t.edge * 0.5)
    colour = mix(base, base * 0.45, step(0.15, 0.8, 1 - t.open) * 0.8)
    return maps(colour, 0.93, 0.0, 0.0006 * finish.scale * thread + 0.001 * cloud)


def leather(t: Texels, finish: Finish) -> Maps:
    size = max(0.006 * finish.scale, 3.5 * t.footprint)
    _, gap, tone = cells(t.uv, size, t.seed)
    pebble = step(0.02, 0.35, gap)
    cloud = _clouds(t, 0.2, 1)
    crease = 1 - step(0.0, 0.07, np.abs(_noise(t.rest, t, 0.16, 2)))
    base = _shade(_base(finish), 0.09 * cloud + 0.2 * (pebble - 0.8) + 0.06 * (tone - 0.5))
    base = mix(base, np.minimum(base * 1.35 + 0.04, 1.0), t.edge * (0.4 + 0.5 * finish.wear))
    colour = mix(base, base * 0.4, step(0.15, 0.8, 1 - t.open) * 0.8)
    colour = mix(colour, colour * 0.75, crease * (0.25 + finish.wear))
    height = 0.0006 * pebble - 0.0006 * crease
    return maps(colour, 0.52 - 0.12 * pebble + 0.06 * cloud, 0.0, height)


def ceramic(t: Texels, finish: Finish) -> Maps:
    """Glaze: pooling darker in corners, thinner and lighter on edges."""
    cloud = _clouds(t, 0.18, 0)
    base = _shade(_base(finish), 0.035 * cloud)
    base = mix(base, np.minimum(base * 1.2 + 0.06, 1.0), t.edge * 0.6)
    colour = mix(base, base * 0.5, step(0.15, 0.8, 1 - t.open) * 0.6)
    speck = step(0.985, 1.0, cells(t.uv, 0.004, t.seed)[2]) * finish.wear * 2
    colour = mix(colour, colour * 0.5, speck)
    return maps(colour, 0.14 + 0.02 * cloud, 0.0, 0.00003 * cloud)


def glass(t: Texels, finish: Finish) -> Maps:
    """Opaque stand-in for glass: dark and mirror-smooth, lighter towards the sky."""
    base = np.broadcast_to(_base(finish), t.rest.shape)
    sky = step(-0.6, 1.0, t.normal[:, 1] + 0.4 * _noise(t.position, t, 0.8, 0))
    colour = mix(base * 0.8, np.minimum(base * 1.3 + 0.05, 1.0), sky)
    colour = mix(colour, colour * 0.6, step(0.2, 0.9, 1 - t.open) * 0.5)
    return maps(colour, 0.05, 0.0, 0.0)


def foliage(t: Texels, finish: Finish) -> Maps:
    """A crown of leaves seen from outside: overlapping cells, lit tips, dark gaps."""
    size = 0.075 * finish.scale
    solid = t.rest[:, [0, 2]] + t.rest[:, 1:2] * np.array([0.61, -0.79])
    _, gap, tone = cells(np.where(np.abs(t.normal[:, 1:2]) > 0.6, t.rest[:, [0, 2]], solid), size)
    leaf = step(0.0, 0.3, gap)
    clump = _clouds(t, 0.5 * finish.scale, 0)
    base = _shade(_base(finish), 0.5 * (tone - 0.5) + 0.16 * clump - 0.45 * (1 - leaf))
    warm = np.minimum(_base(finish) * _rgb(1.35, 1.2, 0.75) + 0.03, 1.0)
    base = mix(base, warm, 0.5 * step(-0.4, 1.0, t.normal[:, 1]) * tone)
    colour = mix(base, base * 0.4, step(0.1, 0.7, 1 - t.open) * 0.9)
    return maps(colour, 0.75, 0.0, 0.02 * finish.scale * leaf * (0.5 + 0.5 * tone))


def leaf(t: Texels, finish: Finish) -> Maps:
    """A single leaf or petal: mid-rib along its length, fine veins."""
    base = np.broadcast_to(_base(finish), t.rest.shape)
    along = t.rest[:, 1] / max(float(np.ptp(t.rest[:, 1])), 1e-9)
    rib = 1 - step(0.0, 0.03, np.abs(t.rest[:, 0]) / max(float(np.ptp(t.rest[:, 0])), 1e-9))
    vein = 0.5 + 0.5 * np.sin(60 * along + 25 * np.abs(t.rest[:, 0]) / 0.05)
    cloud = _noise(t.rest, t, 0.06, 0)
    colour = _shade(base, 0.07 * cloud - 0.08 * vein + 0.14 * rib)
    colour = mix(colour, colour * 0.55, step(0.15, 0.9, 1 - t.open) * 0.8)
    return maps(colour, 0.55, 0.0, 0.0006 * rib - 0.0002 * vein)


def bark(t: Texels, finish: Finish) -> Maps:
    """Long ridges with dark furrows."""
    stretched = t.rest * _along(0.22)
    ridge = np.abs(_noise(stretched, t, 0.07 * finish.scale, 0))
    furrow = 1 - step(0.05, 0.7, ridge)
    grain = _clouds(t, 0.05, 1)
    base = _shade(_base(finish), 0.1 * grain - 0.55 * furrow + 0.08)
    moss = step(0.8, 1.5, _noise(t.position, t, 0.5, 2) - t.position[:, 1]) * finish.wear
    colour = mix(base, _rgb(0.3, 0.36, 0.17), moss)
    colour = mix(colour, colour * 0.45, step(0.15, 0.8, 1 - t.open) * 0.8)
    return maps(colour, 0.92, 0.0, 0.012 * finish.scale * (1 - furrow) + 0.001 * grain)


def fur(t: Texels, finish: Finish) -> Maps:
    """Short coat: strands downwards, lighter belly."""
    strand = _noise(t.rest * _along(0.25), t, 0.012 * finish.scale, 0)
    patch = _clouds(t, 0.3 * finish.scale, 1)
    base = _shade(_base(finish), 0.11 * strand + 0.07 * patch)
    belly = step(0.1, 0.9, -t.normal[:, 1])
    base = mix(base, np.minimum(base * 1.3 + 0.1, 1.0), 0.6 * belly)
    colour = mix(base, base * 0.5, step(0.15, 0.8, 1 - t.open) * 0.7)
    return maps(colour, 0.85, 0.0, 0.0012 * finish.scale * strand)


def skin(t: Texels, finish: Finish) -> Maps:
    blotch = _clouds(t, 0.12, 0)
    base = _base(finish)
    colour = mix(
        np.broadcast_to(base, t.rest.shape), base * _rgb(1.05, 0.85, 0.82), 0.3 + 0.2 * blotch
    )
    colour = mix(colour, colour * _rgb(0.6, 0.45, 0.42), step(0.15, 0.9, 1 - t.open) * 0.7)
    return maps(colour, 0.55, 0.0, 0.0002 * blotch)


def plaster(t: Texels, finish: Finish) -> Maps:
    cloud = _clouds(t, 0.8, 0)
    grain = _noise(t.rest, t, 0.03, 1)
    base = _shade(_base(finish), 0.04 * cloud + 0.025 * grain)
    base = mix(base, np.minimum(base * 1.1 + 0.03, 1.0), t.edge * 0.6)
    stain = step(0.2, 0.8, 1 - t.open) * 0.6 + 0.3 * finish.wear * step(0.6, 1.6, cloud)
    return maps(mix(base, base * 0.55, stain), 0.9, 0.0, 0.0012 * grain + 0.001 * cloud)


def rubber(t: Texels, finish: Finish) -> Maps:
    grain = _noise(t.rest, t, 0.01, 0)
    base = _shade(_base(finish), 0.07 * grain)
    base = mix(base, base * 1.6 + 0.02, t.edge * 0.6)
    return maps(mix(base, base * 0.5, step(0.2, 0.9, 1 - t.open)), 0.82, 0.0, 0.0002 * grain)


def paper(t: Texels, finish: Finish) -> Maps:
    """Page edges: thin parallel lines."""
    pitch = max(0.0012, 2.2 * t.footprint)
    line = np.sin(2 * np.pi * t.rest[:, 0] / pitch)
    base = _shade(_base(finish), 0.07 * line + 0.04 * _noise(t.rest, t, 0.05, 0))
    return maps(mix(base, base * 0.6, step(0.2, 0.9, 1 - t.open)), 0.9, 0.0, 0.0001 * line)


def glow(t: Texels, finish: Finish) -> Maps:
    """A lit surface: bright, no shading of its own."""
    return maps(np.broadcast_to(_base(finish), t.rest.shape), 0.4, 0.0, 0.0)


def ground(t: Texels, finish: Finish) -> Maps:
    """Soil, grass, sand or snow on something lying about."""
    cloud = _clouds(t, 0.3, 0)
    grain = _noise(t.rest, t, 0.015, 1)
    base = _shade(_base(finish), 0.12 * cloud + 0.12 * grain)
    colour = mix(base, base * 0.5, step(0.15, 0.8, 1 - t.open) * 0.7)
    return maps(colour, 0.95, 0.0, 0.004 * cloud + 0.002 * grain)


def flat(t: Texels, finish: Finish) -> Maps:
    """One even colour, for the low-poly look."""
    base = np.broadcast_to(_base(finish), t.rest.shape)
    return maps(mix(base, base * 0.7, step(0.2, 0.9, 1 - t.open) * 0.6), 0.7, 0.0, 0.0)


MATERIALS: dict[str, Material] = {
    "bark": bark,
    "brick": brick,
    "ceramic": ceramic,
    "fabric": fabric,
    "flat": flat,
    "foliage": foliage,
    "fur": fur,
    "glass": glass,
    "glow": glow,
    "ground": ground,
    "leaf": leaf,
    "leather": leather,
    "marble": marble,
    "metal": metal,
    "paint": paint,
    "paper": paper,
    "plaster": plaster,
    "plastic": plastic,
    "roof_tile": roof_tile,
    "rubber": rubber,
    "skin": skin,
    "stone": stone,
    "wood": wood,
}

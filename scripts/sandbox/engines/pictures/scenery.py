"""Backgrounds painted from the words of a prompt."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
import numpy.typing as npt

Canvas = npt.NDArray[np.float32]
Colour = tuple[float, float, float]

_SKIES: Mapping[str, tuple[Colour, Colour]] = {
    "sunset": ((58, 42, 92), (255, 150, 80)),
    "sunrise": ((92, 110, 168), (255, 205, 150)),
    "night": ((8, 10, 30), (34, 40, 82)),
    "storm": ((52, 58, 68), (118, 124, 132)),
    "day": ((84, 148, 222), (206, 228, 244)),
}
_SKY_WORDS = {
    "sunset": "sunset", "dusk": "sunset", "evening": "sunset", "sunrise": "sunrise",
    "dawn": "sunrise", "night": "night", "midnight": "night", "moon": "night", "stars": "night",
    "space": "night", "storm": "storm", "rain": "storm", "cloudy": "storm",
}  # fmt: skip
_LAND_WORDS = {
    "sea": "sea", "ocean": "sea", "beach": "sea", "lake": "sea", "water": "sea",
    "mountain": "mountains", "mountains": "mountains", "alps": "mountains",
    "forest": "forest", "woods": "forest", "jungle": "forest",
    "city": "city", "skyline": "city", "street": "city", "town": "city", "futuristic": "city",
    "desert": "desert", "dunes": "desert", "snow": "snow", "winter": "snow",
    "field": "field", "meadow": "field", "grass": "field", "garden": "field",
}  # fmt: skip
_HORIZON = 0.62


def paint(prompt: str, size: tuple[int, int], rng: np.random.Generator) -> tuple[Canvas, str]:
    """(h, w, 3) background of ``size`` (width, height), 0-255, and what it shows."""
    words = "".join(c if c.isalpha() else " " for c in prompt.lower()).split()
    sky = next((_SKY_WORDS[word] for word in words if word in _SKY_WORDS), "")
    land = next((_LAND_WORDS[word] for word in words if word in _LAND_WORDS), "")
    if not sky and not land:
        return _studio(size), "a studio backdrop"
    canvas = _sky(sky or "day", size, rng)
    if land:
        _LANDS[land](canvas, rng)
    return canvas, " and ".join(filter(None, (f"a {sky} sky" if sky else "", land)))


def _studio(size: tuple[int, int]) -> Canvas:
    width, height = size
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    glow = np.exp(-((x - 0.5) ** 2 + (y - 0.45) ** 2) * 3.2)
    tones = np.array((112.0, 116.0, 124.0)) + glow[..., None] * 116
    floor = np.clip((y - 0.72) * 9, 0, 1)[..., None]
    return np.asarray(tones * (1 - 0.1 * floor), dtype=np.float32)


def _sky(name: str, size: tuple[int, int], rng: np.random.Generator) -> Canvas:
    width, height = size
    top, bottom = (np.array(colour) for colour in _SKIES[name])
    share = np.clip(np.linspace(0, 1 / _HORIZON, height), 0, 1)[:, None, None] ** 1.2
    canvas = np.asarray((top + (bottom - top) * share) * np.ones((1, width, 1)), dtype=np.float32)
    if name == "night":
        stars = rng.random((height, width)) > 0.9993
        stars[int(height * _HORIZON) :] = False
        canvas[stars] = 235
        _disc(canvas, (0.76, 0.2), 0.05, (236, 236, 216))
    elif name in {"sunset", "sunrise"}:
        _disc(canvas, (0.3 + 0.4 * float(rng.random()), 0.52), 0.08, (255, 232, 170))
    else:
        clouds = _noise((height, width), rng, 5)
        amount = np.clip((clouds - 0.55) * 3.2, 0, 0.8)[..., None]
        canvas += (np.array((245.0, 247.0, 250.0)) - canvas) * amount * (1 - share)
    return canvas


def _disc(canvas: Canvas, at: tuple[float, float], radius: float, colour: Colour) -> None:
    height, width = canvas.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    distance = np.hypot(x - at[0] * width, y - at[1] * height) / (radius * min(height, width))
    glow = np.clip(1.15 - distance, 0, 1) + 0.35 * np.exp(-distance / 2.2)
    canvas += (np.array(colour) - canvas) * np.clip(glow, 0, 1)[..., None].astype(np.float32)


def _noise(shape: tuple[int, int], rng: np.random.Generator, octaves: int) -> Canvas:
    """(h, w) smooth noise, 0-1."""
    total = np.zeros(shape, dtype=np.float32)
    for octave in range(octaves):
        cells = 3 * 2**octave
        coarse = rng.random((cells, cells)).astype(np.float32)
        fine = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
        total += fine / 2**octave
    return np.asarray((total - total.min()) / max(float(np.ptp(total)), 1e-6), dtype=np.float32)


def _ridge(width: int, rng: np.random.Generator, rough: float) -> Canvas:
    """(w,) heights of a skyline of hills, 0-1."""
    line = _noise((8, width), rng, 6)[4]
    smooth = cv2.GaussianBlur(line[None], (0, 0), max(1.0, width * (1 - rough) / 40))[0]
    return np.asarray(smooth, dtype=np.float32)


def _hills(canvas: Canvas, rng: np.random.Generator, colours: list[Colour], rough: float) -> None:
    height, width = canvas.shape[:2]
    rows = np.arange(height)[:, None]
    for number, colour in enumerate(colours):
        base = _HORIZON + 0.09 * number
        reach = 0.34 / (1 + number)
        top = (base - reach * _ridge(width, rng, rough)) * height
        canvas[rows >= top[None]] = colour


def _ground(canvas: Canvas, near: Colour, far: Colour, rng: np.random.Generator) -> None:
    height, width = canvas.shape[:2]
    start = int(height * _HORIZON)
    share = np.linspace(0, 1, height - start)[:, None, None]
    tones = np.array(far) + (np.array(near) - np.array(far)) * share
    grain = (_noise((height - start, width), rng, 7) - 0.5)[..., None] * 26
    canvas[start:] = tones + grain


def _sea(canvas: Canvas, rng: np.random.Generator) -> None:
    height = canvas.shape[0]
    start = int(height * _HORIZON)
    mirrored = canvas[max(0, 2 * start - height) : start][::-1]
    stretched = cv2.resize(mirrored, (canvas.shape[1], height - start))
    water = stretched * 0.6 + np.array((14.0, 44.0, 78.0), dtype=np.float32) * 0.5
    rows = np.linspace(0, 1, height - start)
    waves = np.sin(90 * rows**0.5 * np.pi + 6 * rng.random())[:, None, None] * 9
    canvas[start:] = water + waves.astype(np.float32)


def _mountains(canvas: Canvas, rng: np.random.Generator) -> None:
    _hills(canvas, rng, [(118, 130, 156), (84, 98, 120), (58, 74, 76)], 0.92)
    _ground(canvas, (52, 68, 46), (70, 88, 70), rng)


def _forest(canvas: Canvas, rng: np.random.Generator) -> None:
    _hills(canvas, rng, [(62, 92, 74)], 0.6)
    _ground(canvas, (46, 58, 28), (70, 92, 46), rng)
    height, width = canvas.shape[:2]
    for number in range(70):
        depth = (number + 1) / 70
        x, base = rng.random() * width, height * (_HORIZON + 0.16 * depth)
        tall = height * (0.1 + 0.2 * depth)
        tree = np.array([(x - tall / 5, base), (x + tall / 5, base), (x, base - tall)])
        green = (18 + 22 * (1 - depth), 52 + 40 * (1 - depth), 30 + 24 * (1 - depth))
        cv2.fillPoly(canvas, [tree.astype(np.int32)], green)


def _city(canvas: Canvas, rng: np.random.Generator) -> None:
    _ground(canvas, (58, 60, 66), (88, 90, 98), rng)
    height, width = canvas.shape[:2]
    horizon = int(height * _HORIZON)
    for layer, tone in ((0.6, 120.0), (1.0, 70.0)):
        x = 0
        while x < width:
            across = int(width * (0.03 + 0.05 * rng.random()))
            top = horizon - int(height * (0.08 + 0.34 * rng.random() * layer))
            canvas[top:horizon, x : x + across] = (tone * 0.8, tone * 0.86, tone)
            windows = canvas[top + 6 : horizon : 12, x + 4 : x + across - 2 : 9]
            windows[rng.random(windows.shape[:2]) > 0.55] = (250, 224, 150)
            x += across + int(width * 0.006)


def _desert(canvas: Canvas, rng: np.random.Generator) -> None:
    _hills(canvas, rng, [(216, 176, 118), (198, 152, 94)], 0.2)
    _ground(canvas, (176, 130, 78), (206, 164, 104), rng)


def _snow(canvas: Canvas, rng: np.random.Generator) -> None:
    _hills(canvas, rng, [(206, 216, 228), (226, 232, 240)], 0.7)
    _ground(canvas, (236, 240, 246), (220, 228, 238), rng)


def _field(canvas: Canvas, rng: np.random.Generator) -> None:
    _hills(canvas, rng, [(104, 140, 92)], 0.3)
    _ground(canvas, (72, 112, 38), (128, 160, 78), rng)


_LANDS: Mapping[str, Callable[[Canvas, np.random.Generator], None]] = {
    "sea": _sea,
    "mountains": _mountains,
    "forest": _forest,
    "city": _city,
    "desert": _desert,
    "snow": _snow,
    "field": _field,
}

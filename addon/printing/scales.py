"""Common scales of miniatures, with the ratio each stands for."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale: so many millimetres in reality are one in the model."""

    key: str
    label: str
    ratio: float

    def height(self, real: float) -> float:
        """Millimetres of a model of what is ``real`` metres high."""
        return real * 1000.0 / self.ratio


SCALES: Final = (
    Scale("z", "Z 1:220", 220.0),
    Scale("n", "N 1:160", 160.0),
    Scale("tt", "TT 1:120", 120.0),
    Scale("h0", "H0 1:87", 87.0),
    Scale("1-72", "1:72", 72.0),
    Scale("s", "S 1:64", 64.0),
    Scale("28mm", "28 mm 1:56", 56.0),
    Scale("o-us", "O 1:48", 48.0),
    Scale("o", "O 1:43.5", 43.5),
    Scale("1-35", "1:35", 35.0),
    Scale("i", "I 1:32", 32.0),
    Scale("1-24", "1:24", 24.0),
    Scale("g", "G 1:22.5", 22.5),
    Scale("1-18", "1:18", 18.0),
    Scale("1-12", "1:12", 12.0),
    Scale("1-10", "1:10", 10.0),
    Scale("1-6", "1:6", 6.0),
)
"""The smallest first. O is 1:48 in America, and to the service; elsewhere it is 1:43.5 or 1:45."""

PERSON: Final = 1.75
"""Metres of an ordinary person."""

CLOSE: Final = 0.005
"""Share by which a height may differ from that of a scale, and is still called that."""


def scale_of(key: str) -> Scale | None:
    """The scale of that key; None for a key that is not in the table."""
    return next((scale for scale in SCALES if scale.key == key), None)


def label_of(millimetres: float, real: float) -> str:
    """The scale in which what is ``real`` metres high is so high, by its name if it has one."""
    if millimetres <= 0.0 or real <= 0.0:
        return ""
    ratio = real * 1000.0 / millimetres
    named = (scale.label for scale in SCALES if abs(scale.ratio - ratio) <= CLOSE * ratio)
    exact = f"1:{ratio:.4g}" if ratio >= 1.0 else f"{1.0 / ratio:.4g}:1"
    return next(named, exact)

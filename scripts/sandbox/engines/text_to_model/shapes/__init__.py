"""One function per shape; each adds its parts to a builder, in metres, standing on the ground."""

from collections.abc import Callable

from ..builder import Builder
from ..vocabulary import SUBJECTS
from . import buildings, craft, creatures, furniture, nature, props, tableware, vehicles, weapons

Shape = Callable[[Builder], None]

_MODULES = (buildings, craft, creatures, furniture, nature, props, tableware, vehicles, weapons)
SHAPES: dict[str, Shape] = {
    name: getattr(module, name) for name in SUBJECTS for module in _MODULES if hasattr(module, name)
}
"""The function named like each of ``vocabulary.SUBJECTS``."""

FALLBACK: Shape = props.sculpture

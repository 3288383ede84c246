"""The work behind each kind of task.

Engines are imported when first used: the front starts without loading image and mesh libraries.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from ..work import Engine, Result, Work


@dataclass(frozen=True, slots=True)
class _Lazy:
    """An engine that a worker process can be sent: a closure could not be pickled."""

    module: str
    function: str

    def __call__(self, work: Work) -> list[Result]:
        engine: Engine = getattr(
            importlib.import_module(f"{__name__}.{self.module}"), self.function
        )
        return engine(work)


ENGINES: dict[str, Engine] = {
    "rapid": _Lazy("generate", "rapid"),
    "pro": _Lazy("generate", "pro"),
    "trellis": _Lazy("generate", "trellis"),
    "image": _Lazy("images", "image"),
    "miniature": _Lazy("miniature", "miniature"),
    "texture-edit": _Lazy("texture_model", "texture_edit"),
    "texture-model": _Lazy("texture_model", "texture_model"),
    "tripo": _Lazy("tripo", "tripo"),
    "tripo-p1": _Lazy("tripo", "tripo_p1"),
    "convert": _Lazy("convert", "convert"),
    "repair": _Lazy("repair", "repair"),
    "optimize": _Lazy("optimize", "optimize"),
    "remove-bg": _Lazy("remove_bg", "remove_bg"),
    "image-enhance": _Lazy("enhance", "enhance"),
    "volume": _Lazy("volume", "volume"),
    "render": _Lazy("render", "render"),
    "bake": _Lazy("bake", "bake"),
    "segment": _Lazy("segment", "segment"),
    "convert-model": _Lazy("convert_model", "convert_model"),
    "topology": _Lazy("topology", "topology"),
}
"""Kind of task -> engine; an engine raises ``EngineFailed`` when the work cannot be done."""

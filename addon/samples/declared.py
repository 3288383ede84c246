"""The samples there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

FOLDER: Final = Path(__file__).resolve().parent

OPERATION: Final = "tripo-p1"
"""An engine that makes light models, so that the files stay small."""
SETTINGS: Final[Mapping[str, Any]] = MappingProxyType({"face_limit": 4000, "model_seed": 1})


@dataclass(frozen=True, slots=True)
class Sample:
    """An order, and the file that was made of it."""

    name: str
    """Of its files, and towards the operator."""
    label: str
    prompt: str

    @property
    def operation(self) -> str:
        """The engine it was ordered from."""
        return OPERATION

    @property
    def values(self) -> dict[str, Any]:
        """What was ordered."""
        return {"prompt": self.prompt, **SETTINGS}

    @property
    def model(self) -> Path:
        """The result, a GLB."""
        return FOLDER / f"{self.name}.glb"

    @property
    def picture(self) -> Path:
        """A small picture of it."""
        return FOLDER / f"{self.name}.png"


SAMPLES: Final = (
    Sample("chair", "Chair", "a wooden chair"),
    Sample("car", "Car", "a red sports car"),
    Sample("vase", "Vase", "a blue ceramic vase"),
)


def sample_of(name: str) -> Sample | None:
    """The sample of that name, if there is one."""
    return next((sample for sample in SAMPLES if sample.name == name), None)

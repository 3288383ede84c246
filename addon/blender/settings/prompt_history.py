"""Prompts that were sent, newest first: in the user's own folder, never in the .blend."""

import json
import logging
import os
from pathlib import Path
from typing import Final

from ...catalog import Request, get
from ...service import whole_files
from ..core import paths
from .field_properties import is_prompt

log = logging.getLogger(__name__)

MOST: Final = 50
"""How many prompts are kept."""


def read() -> list[str]:
    """The prompts, newest first; none where the file cannot be read."""
    try:
        kept = json.loads(whole_files.read(_file()))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        log.warning("the prompt history cannot be read: %s", error)
        return []
    return [prompt for prompt in kept if isinstance(prompt, str)] if isinstance(kept, list) else []


def remember(request: Request) -> None:
    """Put the request's prompt first; trouble with the file is only logged."""
    prompts = [
        value.strip()
        for field in get(request.operation).fields
        if is_prompt(field) and isinstance(value := request.values.get(field.name), str)
    ]
    if not prompts:
        return
    kept = list(dict.fromkeys([*prompts, *read()]))[:MOST]
    try:
        _write(_file(), json.dumps(kept, ensure_ascii=False, indent=0))
    except OSError as error:
        log.warning("the prompt history cannot be written: %s", error)


def _write(path: Path, text: str) -> None:
    """Whole or not at all: another Blender may read at the same moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    whole_files.write(path, text.encode(), part=part)


def _file() -> Path:
    return paths.places().prompts

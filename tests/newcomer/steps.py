"""What README.md tells a newcomer to type, read out of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scripts.build import ROOT
from tests.documents.blocks import FENCE, blocks_of

README: Final = ROOT / "README.md"
CLIENT: Final = "3d_api_client.py"
WHOLE: Final = re.compile(r"^make test(?![\w-])|# for make test$")
"""Half an hour on two cores, and the packages it needs: run if asked for."""
OF_OTHERS: Final = {"make dist": "for who publishes"}
IN_PROSE: Final = re.compile(r"`(make [a-z][\w.-]*)`")


def steps(page: Path = README, *, whole: bool = False) -> list[str]:
    """Its commands, in its order, each once: lines of blocks, and ``make`` in the text."""
    wanted = [line for line in lines(page) if whole or not WHOLE.search(line)]
    found = dict.fromkeys(line.partition(" #")[0].strip() for line in wanted)
    return [step for step in found if step and step not in OF_OTHERS]


def lines(page: Path) -> Iterator[str]:
    """Its lines as they stand there, with comments."""
    text = page.read_text(encoding="utf-8")
    end = 0
    for fence, block in zip(FENCE.finditer(text), blocks_of(page), strict=True):
        yield from IN_PROSE.findall(text[end : fence.start()])
        if block.kind == "sh":
            yield from block.commands.splitlines()
        end = fence.end()
    yield from IN_PROSE.findall(text[end:])

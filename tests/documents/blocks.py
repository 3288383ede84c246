"""The fenced blocks of the documents, and what a comment before one says of it.

::

    <!-- file: jobs.csv -->             the commands find it under this name
    <!-- runs in: tests/x/test_y.py -->  that test runs it
    <!-- not run: why -->               nothing here can

``SKILL.md`` and ``references/`` are written from the code and have tests of their own
(``tests/cli/test_skill.py``).
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scripts.build import ROOT

PAGES: Final = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").glob("*.md")),
)
FENCE: Final = re.compile(
    r"(?:^<!-- (?P<mark>[a-z ]+): (?P<said>[^\n]+) -->\n)?"
    r"^ *```(?P<kind>\w*)\n(?P<text>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: where it stands, its language, and the comment before it, if any."""

    page: Path
    line: int
    kind: str
    text: str
    mark: str = ""
    said: str = ""

    @property
    def place(self) -> str:
        """``batch.md:12``, for messages."""
        return f"{self.page.name}:{self.line}"

    @property
    def commands(self) -> str:
        """The text without what a terminal shows of a line that goes on."""
        return self.text.replace("\\\n", " ")


def blocks_of(page: Path) -> list[Block]:
    """All blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            page,
            text.count("\n", 0, found.start("kind")) + 1,
            found["kind"],
            found["text"],
            found["mark"] or "",
            found["said"] or "",
        )
        for found in FENCE.finditer(text)
    ]


BLOCKS: Final = [block for page in PAGES for block in blocks_of(page)]


def prose_of(page: Path) -> str:
    """The page without its blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))

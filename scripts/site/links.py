"""Where the links of a document lead on the site.

Documents are written for the repository, with links from file to file. On the site those of
``OUTSIDE`` are pages as well, and other files of the repository are none: a link to one is left
out, its text stays. A link to a file that is not there stays, and ends the build.
"""

import posixpath
import re
from pathlib import Path
from typing import Final

OUTSIDE: Final = {
    "README.md": "index.md",
    "SKILL.md": "command_line.md",
    "references/api_reference.md": "api_reference.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "THIRD_PARTY.md": "third_party.md",
}
"""File of the repository -> its page."""

FENCED: Final = re.compile(r"(^ *```.*?^ *```$)", re.DOTALL | re.MULTILINE)
LINK: Final = re.compile(r"(?<!!)\[([^\[\]]*)\]\((?!\w+:|#)([^)\s#]+)(#[^)\s]*)?\)")
PICTURE: Final = re.compile(r"(!\[[^\[\]]*\]\()(?!\w+:)([^)\s]+)(\))")


def with_links(markdown: str, page: str, root: Path) -> str:
    """The page's text, its links and pictures from file to file made such from page to page."""
    folder = posixpath.dirname(source_of(page))

    def link(found: re.Match[str]) -> str:
        text, target, anchor = found[1], found[2], found[3] or ""
        path = posixpath.normpath(posixpath.join(folder, target))
        goal = page_of(path)
        if goal is None and (root / path).exists():
            return text
        return f"[{text}]({goal or target}{anchor})"

    def picture(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, found[2]))
        return f"{found[1]}{page_of(path) or found[2]}{found[3]}"

    parts = FENCED.split(markdown)
    parts[::2] = [PICTURE.sub(picture, LINK.sub(link, part)) for part in parts[::2]]
    return "".join(parts)


def source_of(page: str) -> str:
    """The file of the repository that a page is made of."""
    return next((file for file, its in OUTSIDE.items() if its == page), f"docs/{page}")


def page_of(path: str) -> str | None:
    """The page, or picture, that a file of the repository is on the site; all lie in one folder."""
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    return OUTSIDE.get(path)

"""The pages of the manual that ship with the extension: some of ``docs``, as plain HTML.

Blender opens them from the disk, so each is whole in itself: no picture, no script, no font from
elsewhere. What a page links to ships too, or is said without a link.
"""

import html
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it.token import Token

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
FOLDER: Final = "manual"
PAGES: Final = (
    "assets",
    "batch",
    "candidates",
    "errors",
    "farm",
    "first_model",
    "panels",
    "pictures",
    "placement",
    "prices",
    "printing",
    "privacy",
    "recipes",
    "round_trip",
    "scripting",
    "settings",
    "systems",
)
STYLE: Final = """\
body { font: 16px/1.5 sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em; }
pre, code { font-family: monospace; background: #eee; color: #111; }
pre { padding: .6em; overflow-x: auto; }
table { border-collapse: collapse; }
td, th { border: 1px solid #999; padding: .2em .6em; vertical-align: top; }
@media (prefers-color-scheme: dark) { body { background: #222; color: #ddd; } a { color: #8bf; } }
"""
_PAGE_LINK: Final = re.compile(r"(\w+)\.md(#.*)?")


def write(folder: Path) -> list[Path]:
    """Write the pages into the folder; returns their paths."""
    folder.mkdir(parents=True)
    written = []
    for name in PAGES:
        path = folder / f"{name}.html"
        path.write_text(page((DOCS / f"{name}.md").read_text(encoding="utf-8")), encoding="utf-8")
        written.append(path)
    return written


def page(markdown: str) -> str:
    """The whole page of a document."""
    # Late: who has no more than the extension's own libraries loads this module as well.
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark").enable("table")
    tokens = reader.parse(markdown)
    title = next(_text(tokens[n + 1]) for n, one in enumerate(tokens) if one.type == "heading_open")
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor(_text(tokens[number + 1])))
        if token.children:
            token.children = _without_lost_links(token.children)
    body = reader.renderer.render(tokens, reader.options, {}).replace("<p></p>\n", "")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{STYLE}</style>\n</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    )


def anchor(heading: str) -> str:
    """What a link to that heading ends in, as it does where Markdown is shown elsewhere."""
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def _text(inline: "Token") -> str:
    """The words of a text, without its marks."""
    return "".join(token.content for token in inline.children or ())


def _without_lost_links(tokens: Sequence["Token"]) -> list["Token"]:
    """Those of one text: links to other pages lead to them as they ship, others to nowhere go."""
    kept, open_links = [], []
    for token in tokens:
        if token.type == "link_open":
            address = _shipped(str(token.attrGet("href")))
            open_links.append(address)
            if address:
                token.attrSet("href", address)
                kept.append(token)
        elif token.type == "link_close":
            if open_links.pop():
                kept.append(token)
        elif token.type != "image":
            kept.append(token)
    return kept


def _shipped(address: str) -> str:
    """The address as it is among the pages; "" for what is not there."""
    if address.startswith(("https://", "http://", "#")):
        return address
    found = _PAGE_LINK.fullmatch(address)
    if found is None or found[1] not in PAGES:
        return ""
    return f"{found[1]}.html{found[2] or ''}"

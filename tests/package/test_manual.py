"""The manual's pages: what they lead to, and what leads to them."""

import ast
import re
from functools import cache

from scripts import manual
from scripts.build import PACKAGE

LEADS_TO_THEM = PACKAGE / "blender" / "core" / "manual.py"
ADDRESS = re.compile(rf"({'|'.join(manual.PAGES)})(#[a-z-]+)?")


@cache
def pages() -> dict[str, str]:
    """Each page as it ships."""
    return {
        name: manual.page((manual.DOCS / f"{name}.md").read_text(encoding="utf-8"))
        for name in manual.PAGES
    }


def has(page: str, heading: str) -> bool:
    return not heading or f'id="{heading}"' in pages()[page]


def test_what_blender_asks_for_has_its_page_and_heading() -> None:
    nodes = ast.walk(ast.parse(LEADS_TO_THEM.read_text(encoding="utf-8")))
    constants = (node.value for node in nodes if isinstance(node, ast.Constant))
    addresses = {text for text in constants if isinstance(text, str) and ADDRESS.fullmatch(text)}
    assert len(addresses) > 10
    lost = [one for one in addresses if not has(*one.partition("#")[::2])]
    assert lost == []


def test_pages_lead_to_pages_that_ship() -> None:
    followed = 0
    for name, text in pages().items():
        for address in re.findall(r'href="([^"]*)"', text):
            file, _, heading = address.partition("#")
            if not file.startswith("http"):
                assert has(file.removesuffix(".html") or name, heading), (name, address)
                followed += 1
    assert followed


def test_nothing_of_a_page_comes_from_elsewhere() -> None:
    """It is opened from the disk, where there may be no network."""
    assert [
        name for name, text in pages().items() if re.search(r"<(img|script|link)\b", text)
    ] == []


def test_a_page_says_what_it_cannot_lead_to() -> None:
    text = manual.page(
        "# Of *stairs* & more\n\nSee [the tests](../tests) or [placing](placement.md#a-b).\n\n"
        "![A picture](a.png)\n\n## A base, and [more](x.md)?\n"
    )
    assert '<p>See the tests or <a href="placement.html#a-b">placing</a>.</p>' in text
    assert "A picture" not in text
    assert "<title>Of stairs &amp; more</title>" in text
    assert '<h2 id="a-base-and-more">A base, and more?</h2>' in text

"""report.html: whole in itself, every row and reason in it, every link leading somewhere."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from addon.batch.page import page
from addon.batch.page_frame import STYLE
from addon.batch.page_words import TIMES
from tests.batch.conftest import Batch, write_csv, write_model, write_picture

VOID = frozenset({"meta", "img", "input"})
SERVICE = "https://api.3daistudio.com"


@dataclass
class Parsed(HTMLParser):
    """What is in a page; fails where an element is not closed."""

    open: list[str] = field(default_factory=list)
    tags: Counter[str] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    pictures: list[dict[str, str | None]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags[tag] += 1
        if tag not in VOID:
            self.open.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.links.append(str(given["href"]))
        if tag == "img":
            self.pictures.append(given)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


def parsed(text: str) -> Parsed:
    found = Parsed()
    found.feed(text)
    found.close()
    assert found.open == []
    return found


def row(number: int, status: str = "finished", **more: Any) -> dict[str, Any]:
    return {
        "row": number,
        "place": f"list.csv:{number + 1}",
        "name": f"row {number}",
        "operation": "tripo",
        "status": status,
        "estimated_credits": 40,
        "spent_credits": 40,
        **more,
    }


def document(*rows: dict[str, Any], service: str = SERVICE) -> dict[str, Any]:
    totals = dict.fromkeys(("finished", "failed", "bad", "unfinished", "unclear_credits"), 0)
    totals |= {"rows": len(rows), "spent_credits": 80, "estimated_credits": 90}
    return {"service": service, "started_at": 0, "ended_at": 65, "totals": totals, "rows": rows}


def no_credits(number: int) -> dict[str, Any]:
    error = {
        "code": "insufficient_credits",
        "message": "There are not enough credits.",
        "next_step": "Buy credits and start again.",
        "credits": "Nothing was charged.",
    }
    return row(number, "failed", error=error)


@pytest.fixture
def made(batch: Batch) -> tuple[Path, Parsed]:
    """A batch's folder and its page: figures, a model, a picture, and a row that is wrong."""
    write_model(batch.folder / "box.glb")
    write_picture(batch.folder / "dots é.png")
    write_csv(
        batch.folder / "list.csv",
        ("operation", "name", "model_file", "image"),
        ("volume", "How much?", "box.glb", ""),
        ("convert", 'Box "箱" & <b>', "box.glb", ""),
        ("remove-bg", "", "", "dots é.png"),
        ("convert", "nothing", "missing.glb", ""),
    )
    assert batch.run("list.csv").code == 2
    return batch.out, parsed((batch.out / "report.html").read_text("utf-8"))


@pytest.mark.attack(
    "HTML in a row's name, and a report that is opened years later",
    "No script, link or picture of elsewhere is in it",
)
def test_nothing_is_loaded_from_elsewhere(made: tuple[Path, Parsed]) -> None:
    _, found = made
    assert not {"script", "link", "iframe", "object"} & found.tags.keys()
    assert [str(picture["src"])[:22] for picture in found.pictures] == ["data:image/png;base64,"]
    assert not re.search(r"url\(|@import|https?:", STYLE)


def test_every_link_leads_to_a_file_or_a_row(made: tuple[Path, Parsed]) -> None:
    out, found = made
    assert len(found.ids) == len(set(found.ids))
    assert len(found.links) > 4
    for link in found.links:
        place = unquote(link)
        assert place[1:] in found.ids if place.startswith("#") else (out / place).exists()


@pytest.mark.attack("HTML and quotation marks in names in the report", "Shown as text")
def test_each_row_is_a_card_with_its_name_figures_and_reason(made: tuple[Path, Parsed]) -> None:
    _, found = made
    assert [name for name in found.ids if name.startswith("row-")] == [
        f"row-{number}" for number in range(1, 5)
    ]
    assert {'Box "箱" & <b>', "How much?", "dots é", "nothing"} <= set(found.words)
    assert {"Volume cm³", "Remove Background"} <= set(found.words)
    assert any("missing.glb" in words for words in found.words)
    assert "Next: Correct the row and start the batch again." in found.words
    assert found.pictures[0]["alt"] == "Preview of dots é"


def test_a_reason_that_stopped_many_rows_is_told_once_for_all(tmp_path: Path) -> None:
    rows = [row(1), *map(no_credits, range(2, 30))]
    found = parsed(page(tmp_path, document(*rows)))
    # Once above the sheet with all rows, and on each card.
    assert found.words.count("There are not enough credits.") == 1 + 28
    assert [link for link in found.links if link == "#row-29"] == ["#row-29"]
    assert found.words.count("Next: Buy credits and start again.") == 1 + 28


def test_the_sheet_can_be_narrowed_to_what_there_is(tmp_path: Path) -> None:
    mixed = parsed(page(tmp_path, document(row(1), no_credits(2), row(3, "at the service"))))
    assert [name for name in mixed.ids if name.startswith("show-")] == [
        "show-all",
        "show-good",
        "show-bad",
        "show-open",
    ]
    alike = parsed(page(tmp_path, document(row(1), row(2))))
    assert alike.tags["input"] == 0


def test_a_stand_ins_results_are_never_shown_as_the_services(tmp_path: Path) -> None:
    said = "not by 3D AI Studio"
    assert said not in page(tmp_path, document(row(1)))
    assert said in page(tmp_path, document(row(1), service="http://127.0.0.1:8791"))


def test_settings_and_steps_are_told_in_words(tmp_path: Path) -> None:
    one = row(
        1,
        settings={"prompt": "a vase", "quad": True, "face_limit": 5000, "seed": None},
        post={"height": 0.9, "lods": [0.5], "asset": True, "catalog": "Props", "scale": 1.0},
        figures={"triangles": 12345, "dimensions": [1, 2, 0.9], "lod1": 6172},
        seconds=75,
        processing_seconds=3.2,
        orders=[{"task_id": "task-7"}],
    )
    words = set(parsed(page(tmp_path, document(one))).words)
    assert {"a vase", "yes", "5000", "task-7", "1 min 15 s", "3 s"} <= words
    assert "0.9 m high, a level with 50% of the triangles, asset in Props" in words
    assert {TIMES.join(("1.00", "2.00", "0.90 m")), "12\N{NO-BREAK SPACE}345 triangles"} <= words


def test_what_was_found_for_a_printer_is_told(tmp_path: Path) -> None:
    figures = {"sides": [20, 20, 54.2], "grams": 7.25}
    thin = {"kind": "thin_walls", "severity": "warning", "count": 1200, "worst": 0.31}
    torn = {"kind": "open_edges", "severity": "error", "count": 12, "worst": 3.5}
    good = {"name": "good", "figures": figures, "findings": [thin], "fixed": {"holes": 3}}
    good["hollow"] = {"cavities": 1, "holes": 2, "saved": 3210.0, "grams": 4.0}
    bad = {"name": "bad", "figures": figures, "findings": [torn]}
    colors = [{"color": "#ffffff", "share": 0.75}, {"color": "#d04020", "share": 0.25}]
    order = {"base": {"shape": "hex", "text": "Anna"}, "hollow": {"wall": 2.0}}
    rows = [
        row(1, print={"figurines": [good], "colors": colors}, post={"printing": order}),
        row(2, print={"figurines": [bad]}),
    ]
    words = parsed(page(tmp_path, document(*rows))).words
    assert f"prints, {TIMES.join(('20.0', '20.0', '54.2'))} mm, 7.2 g" in words
    assert "Not to be printed as it is: Open edges" in words
    assert "Thin walls: 1\N{NO-BREAK SPACE}200 (0.31 mm, the thinnest)" in words
    assert "Open edges: 12 (3.5 mm of open edge)" in words
    assert {"Print error", "Print warning", "Mended", "holes 3"} <= set(words)
    assert "#d04020, 25.0% of the surface" in words
    assert "checked for printing, base (hex, Anna), hollow (2 mm)" in words
    assert "3.21 cm³ (4.0 g) saved, drain holes: 2" in words


def test_a_report_of_another_version_is_shown_all_the_same(tmp_path: Path) -> None:
    strange = row(1, operation="gone", settings={"spin": 3})
    words = parsed(page(tmp_path, document(strange))).words
    assert {"gone", "spin", "3"} <= set(words)


@pytest.mark.attack(
    "A name or a prompt that begins as a formula, in a report that a spreadsheet opens",
    "The cell looks the same and is text",
)
@pytest.mark.parametrize("name", ["=1+1", "+cmd|x", "-2", "@SUM(A1)", " =1"])
def test_no_cell_is_a_formula(tmp_path: Path, name: str) -> None:
    text = page(tmp_path, document(row(1) | {"name": name}))
    (cell,) = re.findall(r'<td class="">([^<]*)</td>', text.partition("<tbody")[2])[:1]
    assert cell == f"\u200b{name}"
    assert re.search(r"<td[^>]*>\s*[=+@-]", text) is None


def test_what_is_to_be_compared_is_side_by_side(tmp_path: Path) -> None:
    """Rows 2 to 4 are of one wish, and one of them failed."""
    rows = [
        row(1),
        row(2, group=2),
        row(3, "failed", group=2),
        row(4, group=2),
        row(5),
    ]
    html = page(tmp_path, document(*rows))
    (section,) = re.findall(r'<section class="compared">.*?</section>', html, flags=re.DOTALL)
    assert re.findall(r'id="row-(\d)"', section) == ["2", "3", "4"]
    assert "3 results of row 2 to choose from" in section
    assert re.findall(r'id="row-(\d)"', html) == ["1", "2", "3", "4", "5"]
    parsed(html)

"""Reading lists: every row with its line, every unreadable list with the place of the trouble."""

from pathlib import Path

import pytest

from addon.batch.inputs import expanded, read_inputs
from addon.batch.lists import Entry, UnreadableList, read_list
from tests.batch.conftest import write_picture


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_counts_lines_through_blank_and_multi_line_rows(tmp_path: Path) -> None:
    text = 'operation,prompt\ntrellis,"two\nlines"\n\ntripo,plain\n'
    entries = read_list(write(tmp_path / "a.csv", text))
    assert [(e.line, e.cells["prompt"]) for e in entries] == [(2, "two\nlines"), (5, "plain")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_spreadsheets_write_it(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        f"operation{delimiter}prompt\r\ntripo{delimiter}ein Stuhl\r\n".encode("utf-8-sig")
    )
    (entry,) = read_list(path)
    assert entry.cells == {"operation": "tripo", "prompt": "ein Stuhl"}


def test_a_csv_row_with_too_many_cells_is_the_only_one_in_trouble(tmp_path: Path) -> None:
    entries = read_list(write(tmp_path / "a.csv", "operation,prompt\na,b,c\nd,e\n"))
    assert [bool(entry.trouble) for entry in entries] == [True, False]
    assert "3 cells under 2" in entries[0].trouble


def test_wrong_quotation_marks_spoil_only_their_row(tmp_path: Path) -> None:
    text = 'name,prompt\na,"x"y\nb,z\nc,"open\n'
    entries = read_list(write(tmp_path / "a.csv", text))
    assert [(e.line, bool(e.trouble), dict(e.cells)) for e in entries] == [
        (2, True, {}),
        (3, False, {"name": "b", "prompt": "z"}),
        (4, True, {}),
    ]
    assert "quotation marks" in entries[0].trouble


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_unicode_text_of_a_spreadsheet_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("name\tprompt\r\nStuhl 椅\ta chair\r\n".encode(encoding))
    (entry,) = read_list(path)
    assert dict(entry.cells) == {"name": "Stuhl 椅", "prompt": "a chair"}


def test_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("name\nStühle\n".encode("cp1252"))
    with pytest.raises(UnreadableList, match=r"a\.csv:2: this is not UTF-8\. Save the list"):
        read_list(path)


def test_json_elements_know_their_lines(tmp_path: Path) -> None:
    text = '[\n  {"operation": "tripo",\n   "seed": 3},\n\n  {"prompt": "b"}\n]\n'
    entries = read_list(write(tmp_path / "a.json", text))
    assert [(e.line, dict(e.cells)) for e in entries] == [
        (2, {"operation": "tripo", "seed": 3}),
        (5, {"prompt": "b"}),
    ]


def test_json_lines_lose_only_the_bad_line(tmp_path: Path) -> None:
    text = '{"prompt": "a"}\n{"prompt": \n\n{"prompt": "c"}\n[1]\n'
    entries = read_list(write(tmp_path / "a.jsonl", text))
    assert [(e.line, bool(e.trouble)) for e in entries] == [
        (1, False),
        (2, True),
        (4, False),
        (5, True),
    ]


def test_toml_tables_take_the_keys_above_as_defaults(tmp_path: Path) -> None:
    text = 'operation = "tripo"\n\n[[row]]\nprompt = "a"\n\n[[row]]\noperation = "trellis"\n'
    entries = read_list(write(tmp_path / "a.toml", text))
    assert [(e.line, dict(e.cells)) for e in entries] == [
        (3, {"operation": "tripo", "prompt": "a"}),
        (6, {"operation": "trellis"}),
    ]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "prompt,prompt\n", "a.csv:1: the column prompt is there twice"),
        ("a.csv", "\n", "has to name the columns"),
        ("a.json", '[\n{"a": 1}\n{"a": 2}]', "a.json:3: a comma"),
        ("a.json", '[{"a": 1},\n{"a": }]', "a.json:2"),
        ("a.json", '{"a": 1}', "a.json:1: the list has to be an array"),
        ("a.toml", "x = 1\n", "no table [[row]]"),
        ("a.toml", "x = \n", "line 1"),
        ("a.xlsx", "", "kind of list is not known"),
    ],
)
def test_an_unreadable_list_says_where(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(UnreadableList) as caught:
        read_list(write(tmp_path / name, text))
    assert said in str(caught.value)


def test_a_folder_and_a_pattern_give_one_row_per_picture(tmp_path: Path) -> None:
    folder = tmp_path / "bilder 画"
    folder.mkdir()
    for name in ("b.png", "a.png", ".hidden.png"):
        write_picture(folder / name)
    write(folder / "notes.txt", "no picture")
    by_folder = read_inputs([str(folder)], tmp_path, {"operation": "trellis"})
    by_pattern = read_inputs(["bilder 画/*.png"], tmp_path, {"operation": "trellis"})
    assert [Path(str(e.cells["image"])).name for e in by_folder] == ["a.png", "b.png"]
    assert by_folder == by_pattern
    assert {e.cells["operation"] for e in by_folder} == {"trellis"}


def test_a_cell_may_name_a_folder_beside_the_list(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("one.png", "two.png"):
        write_picture(tmp_path / "in" / name)
    entry = Entry(tmp_path / "list.csv", 4, {"image": "in", "name": "Set"})
    pieces = list(expanded(entry, "image"))
    assert [piece.cells["name"] for piece in pieces] == ["Set one", "Set two"]
    assert {piece.line for piece in pieces} == {4}


def test_a_folder_without_pictures_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableList, match="there are no pictures"):
        read_inputs([str(tmp_path)], tmp_path, {})

"""Lists of a batch: every kind of file, from its bytes to rows that could be ordered."""

import json
import math
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from addon.batch.inputs import with_defaults
from addon.batch.lists import READERS, UnreadableList, read_list
from addon.batch.rows import BadRow, Checker, Row
from tests.fuzz.bounds import outcome, own_folder, searched
from tests.fuzz.damage import damaged, json_texts
from tests.fuzz.test_texts import numbers

COLUMNS = ("operation", "prompt", "name", "tags", "post", "image", "model_file", "quality", "views")
CELLS = (
    "tencent-rapid", "convert", "a chair", "../photo.png", "~nobody/photo.png", "a\0b", "\ud800",
    "size=1.8; asset=Props", "optimize(preset=game)", "*.png", "[", "front=a.png;left=b.png", "nan",
    "https://example.org/a.png", "https://[", "9" * 5000, "=1+1", "\x1b[31m", "result-of:x", "a**",
)  # fmt: skip
ROW = {"operation": "tencent-rapid", "prompt": "a chair", "name": "chair", "post": "size=1.8"}
CSV = ",".join(ROW) + "\n" + ",".join(f'"{cell}"' for cell in ROW.values()) + "\n"
TOML = 'quality = "high"\n[[row]]\n' + "".join(f"{k} = {json.dumps(v)}\n" for k, v in ROW.items())
JSON = json.dumps([ROW, ROW])
LINES = json.dumps(ROW) + "\n" + json.dumps(ROW)
PIECES = (
    b"[[",
    b"]]",
    b"{",
    b'"',
    b"'''",
    b",",
    b"\\u",
    b"\xff\xfe",
    b"row",
    b"= 1979-05-27",
    b"9" * 5000,
)

rows = st.dictionaries(
    st.sampled_from(COLUMNS),
    st.sampled_from(CELLS)
    | st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.lists(st.sampled_from(CELLS) | st.integers(), max_size=3)
    | st.dictionaries(
        st.sampled_from(("front", "left", "x")), st.sampled_from(CELLS) | st.integers()
    ),
    max_size=6,
)
files = st.one_of(
    st.tuples(st.sampled_from((".csv", ".tsv")), damaged(CSV.encode(), pieces=PIECES)),
    st.tuples(st.just(".json"), damaged(JSON.encode(), pieces=PIECES)),
    st.tuples(st.just(".jsonl"), damaged(LINES.encode(), pieces=PIECES)),
    st.tuples(st.just(".toml"), damaged(TOML.encode(), pieces=PIECES)),
    st.tuples(
        st.sampled_from((".json", ".jsonl")),
        json_texts(st.sampled_from(COLUMNS), st.sampled_from(CELLS)).map(
            lambda text: f"[{text}]".encode("utf-8", "surrogatepass")
        ),
    ),
    st.tuples(st.sampled_from(sorted(READERS)), st.binary(max_size=60)),
    st.tuples(st.just(".json"), st.lists(rows, max_size=3).map(lambda r: json.dumps(r).encode())),
)


@given(files)
@searched(200)
def test_a_list_is_read_into_rows_or_refused(file: tuple[str, bytes]) -> None:
    suffix, data = file
    with own_folder() as folder:
        path = folder / f"list{suffix}"
        path.write_bytes(data)
        read = outcome(lambda: read_list(path), UnreadableList)
        if isinstance(read, UnreadableList):
            assert "list" in str(read)
            return
        entries = [with_defaults(entry, {"operation": "tencent-rapid"}) for entry in read]
        assert all(entry.line <= data.count(b"\n") + data.count(b"\r") + 40 for entry in read)
        for row in outcome(lambda: Checker().check(entries)):
            could_be_ordered(row)


@given(rows)
@example({"operation": "tencent-rapid", "prompt": "\ud800"})
@example({"operation": "tencent-rapid", "image": "~nobody/photo.png"})
@searched(100)
def test_a_row_is_ordered_or_told_what_is_wrong(cells: dict[str, Any]) -> None:
    with own_folder() as folder:
        path = folder / "list.json"
        path.write_text(json.dumps([cells]))
        for row in outcome(lambda: Checker().check(read_list(path))):
            could_be_ordered(row)


def could_be_ordered(row: Row | BadRow) -> None:
    if isinstance(row, BadRow):
        assert row.problems
        assert all(problem.message.encode() for problem in row.problems)
        row.name.encode()
        return
    assert row.asset
    assert not set(row.asset) & set('/\\:*?"<>|\0')
    assert not row.asset.startswith(".")
    for text in (row.name, row.place, *row.tags, str(row.settings)):
        text.encode()
    assert all(math.isfinite(number) for number in numbers(dict(row.settings)))
    assert row.price >= 0

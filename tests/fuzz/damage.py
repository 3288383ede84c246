"""Files as they come: whole ones in which a few places were changed, and documents of anything."""

import json
import struct
from typing import Any

from hypothesis import strategies as st

NUMBERS = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFF0, 0xFFFFFFFF)
WORDS = tuple(struct.pack("<I", number) for number in NUMBERS) + tuple(
    struct.pack(">I", number) for number in NUMBERS
)
"""Counts and lengths that are seldom right."""

Edit = tuple[int, int, bytes, int]
"""Where, how many bytes go, what comes in their place, and how often."""


def damaged(*wholes: bytes, pieces: tuple[bytes, ...] = ()) -> st.SearchStrategy[bytes]:
    """One of the files with up to four places changed; ``pieces`` are what may stand there."""
    content = st.sampled_from((*pieces, *WORDS, b"", b"\0", b"\xff", b" ", b"\r", b"\n"))
    edit = st.tuples(
        st.integers(0, 2**16),
        st.sampled_from((0, 0, 1, 2, 4, 8, 64, 2**20)),
        content | st.binary(max_size=12),
        st.sampled_from((1, 1, 1, 2, 50, 1500)),
    )
    edits = st.lists(edit, max_size=4)
    return st.tuples(st.sampled_from(wholes), edits).map(lambda drawn: _edited(*drawn))


def _edited(whole: bytes, edits: list[Edit]) -> bytes:
    for place, gone, content, times in edits:
        at = place % (len(whole) + 1)
        whole = whole[:at] + content * times + whole[at + gone :]
    return whole


leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.text(st.characters(codec=None), max_size=12),
)


def json_texts(
    names: st.SearchStrategy[str], words: st.SearchStrategy[Any]
) -> st.SearchStrategy[str]:
    """Any JSON document with these names and words in it, among others; some are very deep."""
    value = st.recursive(
        leaves | words | words,
        lambda below: st.lists(below, max_size=4) | st.dictionaries(names, below, max_size=6),
        max_leaves=24,
    )
    deep = st.builds(_nested, names, st.integers(1, 3000))
    return st.one_of(value.map(json.dumps), value.map(json.dumps), deep)


def _nested(name: str, depth: int) -> str:
    return json.dumps({name: "HERE"}).replace('"HERE"', "[" * depth + "]" * depth)

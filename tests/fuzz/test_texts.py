"""What people write by hand or copy: keys, addresses, `.env` files, names, orders for printers."""

import math
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from addon.catalog import InvalidRequest, Request, build_request, operations
from addon.catalog.text_values import BadText, parse
from addon.jobs import names
from addon.jobs.short_text import shorten
from addon.recipes.post import BadStep, Post, parse_post
from addon.service.addresses import check_address, is_allowed, is_loopback
from addon.service.dotenv import read_dotenv
from addon.service.errors import BadAddress, BadKey, NoKey
from addon.service.keys import MAX_LENGTH, FoundKey, find_key
from addon.service.names import safe_name
from addon.service.redaction import redact
from tests.fuzz.bounds import outcome, own_folder, searched, within_bounds

ADDRESS_PARTS = (
    "https://", "http://", "ftp://", "file://", "user:secret@", "@", "api.example.org", "127.0.0.1",
    "localhost", "[::1]", "[", "]", ":443", ":0", ":abc", ":99999", "/", "//", "\\", "?a=b", "#c",
    "..", " ", "\t", "\n", "\r\nX: y", "%0d", "ä.example", "a..b", ".", "\0", "\ud800",
)  # fmt: skip
addresses = st.lists(st.sampled_from(ADDRESS_PARTS), max_size=7).map("".join) | st.text(max_size=30)


@given(addresses)
@searched(250)
def test_an_address_can_be_asked_or_is_refused(text: str) -> None:
    found = outcome(lambda: check_address(text), BadAddress)
    if isinstance(found, BadAddress):
        assert "secret" not in str(found)
        return
    parts = urlsplit(found)
    assert is_allowed(found)
    assert parts.scheme == "https" or is_loopback(found)
    assert parts.hostname
    assert not parts.username
    assert not parts.password
    assert found.isprintable()
    assert not set(found) & set(" \\")
    assert check_address(found) == found


DOTENV_PARTS = (
    "3D_AI_STUDIO_API_KEY", "STUDIO3D_API_KEY", "=", "'", '"', "\\", "$", "{", "}", "#", "export ",
    "\n", "\r", " ", "abc", "\0", "\ufeff", "é", "\\x", "\\N{", "\\U",
)  # fmt: skip


@given(
    st.lists(st.sampled_from(DOTENV_PARTS), max_size=30).map("".join).map(str.encode)
    | st.binary(max_size=80),
    st.integers(1, 300),
)
@searched(80)
def test_a_dotenv_file_gives_a_key_that_fits_a_header_or_none(data: bytes, times: int) -> None:
    with own_folder() as place:
        folder = Path(place)
        (folder / ".env").write_bytes(data * times)
        settings = outcome(lambda: read_dotenv(folder), OSError)
        assert isinstance(settings, OSError) or all(
            isinstance(text, str) for pair in settings.items() for text in pair
        )
        found = outcome(lambda: find_key(environ={}, folder=folder), BadKey, NoKey)
        if isinstance(found, FoundKey):
            assert 0 < len(found.key) <= MAX_LENGTH
            assert found.key.isascii()
            assert found.key.isprintable()
            assert " " not in found.key


POST_PARTS = (
    "size", "scale", "height", "lods", "textures", "origin", "clean", "export", "asset", "base",
    "hollow", "colors", "print-fix", "print-check", "optimize", "=", "(", ")", ",", ";", '"', " ",
    "mm", "cm", "m", "30mm", "1e999", "nan", "-1", "0", "1.8", "9" * 5000, "٣", "²", "disc",
    "text=", "palette=", "#ffffff", "#fff", "..", "/", "preset=game", "wall=2mm", "nozzle=",
)  # fmt: skip
post_texts = st.lists(st.sampled_from(POST_PARTS), max_size=14).map("".join)


@given(post_texts | st.text(max_size=40) | st.lists(post_texts, max_size=3) | st.integers())
@searched(250)
def test_steps_are_finite_or_refused(written: Any) -> None:
    found = outcome(lambda: parse_post(written), BadStep)
    if isinstance(found, Post):
        assert all(math.isfinite(number) for number in numbers(asdict(found)))


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [number for one in value for number in numbers(one)]
    return [value] if isinstance(value, int | float) else []


FIELDS = [(operation, field) for operation in operations() for field in operation.fields]


@given(st.sampled_from(FIELDS), st.text(max_size=20) | st.sampled_from(POST_PARTS))
@searched(80)
def test_a_value_that_was_typed_is_one_of_its_field_or_refused(named: Any, text: str) -> None:
    operation, field = named
    value = outcome(lambda: parse(field, text), BadText)
    if isinstance(value, BadText):
        return
    made = outcome(lambda: build_request(operation.name, {field.name: value}), InvalidRequest)
    if isinstance(made, Request):
        assert all(math.isfinite(number) for number in numbers(dict(made.values)))


texts = st.text(st.characters(codec=None), max_size=60) | st.lists(
    st.sampled_from(
        ("../", "\\", "a", "é", "\u202e", "\x1b[31m", "CON", ".", "-", "%2e", "👩\u200d👩")
    ),
    max_size=30,
).map("".join)


@given(texts, st.integers(1, 200))
@searched(200)
def test_names_are_short_and_on_one_line(text: str, times: int) -> None:
    with within_bounds():
        made = names.of_file(text * times)
        assert len(shorten(text * times, 40).splitlines()) <= 1
        assert "/" not in safe_name(text * times)
        assert "secret" not in redact(f"{text}https://user:secret@host/?X-Amz-Signature=secret")
    assert "\n" not in made

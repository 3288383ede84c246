import pytest

from addon.service.addresses import (
    ADDRESS_NAMES,
    DEFAULT_ADDRESS,
    check_address,
    host_of,
    is_loopback,
    leads_inwards,
    origin,
    resolve_address,
    shown_link,
)
from addon.service.errors import BadAddress

DIGIT, ALIAS = ADDRESS_NAMES


def test_the_environment_comes_before_the_preference() -> None:
    assert resolve_address({}) == DEFAULT_ADDRESS
    assert resolve_address({}, "https://p.example/") == "https://p.example"
    assert resolve_address({ALIAS: "https://a.example"}, "https://p.example") == "https://a.example"
    both = {ALIAS: "https://a.example", DIGIT: "https://d.example"}
    assert resolve_address(both) == "https://d.example"
    assert resolve_address({DIGIT: "  "}) == DEFAULT_ADDRESS


@pytest.mark.parametrize(
    ("address", "checked"),
    [
        ("https://API.example/", "https://api.example"),
        ("https://api.example:8443/base/", "https://api.example:8443/base"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.9", "http://127.0.0.9"),
        ("http://[::1]:80/", "http://[::1]:80"),
    ],
)
def test_good_addresses(address: str, checked: str) -> None:
    assert check_address(address) == checked


@pytest.mark.attack(
    "A service address by plain http, with a password, or odd", "Refused; the key is sent nowhere"
)
@pytest.mark.parametrize(
    "address",
    [
        "http://api.example",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "http://10.0.0.1",
        "ftp://api.example",
        "api.example",
        "https://",
        "https://user:pass@api.example",
        "https://api.example/?a=b",
        "https://api.example/#a",
        "https://[api",
        "https://api.example:port",
        "",
    ],
)
def test_addresses_the_key_is_not_sent_to(address: str) -> None:
    with pytest.raises(BadAddress):
        check_address(address)


def test_this_machine() -> None:
    assert is_loopback("http://127.0.0.1:8000/x")
    assert not is_loopback("https://example.org")


def test_an_origin_knows_its_default_port() -> None:
    assert origin("https://a.example/x") == origin("https://a.example:443/y")
    assert origin("https://a.example") != origin("http://a.example")


HERE, AROUND, ELSEWHERE = "http://127.0.0.1:80", "https://10.0.0.7", "https://a.example"


@pytest.mark.parametrize(
    ("start", "address", "inwards"),
    [
        (HERE, HERE, False),
        (HERE, AROUND, False),
        (HERE, ELSEWHERE, False),
        (AROUND, HERE, True),
        (AROUND, "https://192.168.1.1", False),
        (ELSEWHERE, AROUND, True),
        (ELSEWHERE, "https://8.8.8.8/a.png", False),
        (ELSEWHERE, "https://10.example/a.png", False),
        (ELSEWHERE, "https://[2606:4700::1111]/a", False),
        (ELSEWHERE, "https://[a", False),
    ],
)
def test_nobody_leads_nearer_to_us_than_they_are(start: str, address: str, inwards: bool) -> None:
    assert leads_inwards(start, address) is inwards


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://host/a/b.png", "https://host/a/b.png"),
        ("https://host:8443/a.png?token=secret#secret", "https://host:8443/a.png"),
        ("https://me:secret@host/a.png", "https://host/a.png"),
        ("https://secret@host", "https://host"),
        ("https://me:se/secret@host/a.png", "https://host/a.png"),
        ("https://me@x:secret@[::1]:80/a", "https://[::1]:80/a"),
        ("https://host/@me/a.png", "https://host/@me/a.png"),
        ("me:secret@host", "host"),
        ("https://host/a?to=https://other/b", "https://host/a"),
        ("https://host/\x1b[2J", "https://host/?[2J"),
        ("https://host/" + "a" * 900, "https://host/" + "a" * 187),
        ("", ""),
    ],
)
def test_a_link_is_shown_without_login_and_signature(link: str, shown: str) -> None:
    assert shown_link(link) == shown
    assert host_of(link) in shown


@pytest.mark.parametrize(
    "address", ["ftp://me:secret@host", "https://me:secret@host:x/", "me:secret@"]
)
def test_no_refusal_says_a_password(address: str) -> None:
    with pytest.raises(BadAddress) as refused:
        check_address(address)
    assert "secret" not in str(refused.value)

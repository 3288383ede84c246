import logging

import pytest

from addon.service.redaction import RedactingFormatter, harmless, redact

LINK = (
    "https://s.example/a.glb?X-Amz-Credential=AKIA%2F2026&X-Amz-Date=20260101"
    "&X-Amz-Signature=0123abcd&x=1"
)


@pytest.mark.attack("Keys and signed links in what is logged", "Masked")
def test_secrets_and_what_looks_like_one_are_masked() -> None:
    text = redact(f"key-1 Authorization: Bearer another-key, {LINK}", ["key-1", ""])
    assert text == (
        "*** Authorization: Bearer ***, https://s.example/a.glb?X-Amz-Credential=***"
        "&X-Amz-Date=20260101&X-Amz-Signature=***&x=1"
    )


def test_tracebacks_are_masked_too() -> None:
    formatter = RedactingFormatter("%(message)s", ["key-1"])
    formatter.add_secret("key-2")
    try:
        raise ValueError("it was key-1")
    except ValueError as error:
        trace = (type(error), error, error.__traceback__)
    record = logging.LogRecord("n", logging.ERROR, "p", 1, "%s", ("key-2",), trace)
    text = formatter.format(record)
    assert "it was ***" in text
    assert "key-" not in text


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://me:secret@s.example/a.glb", "https://***@s.example/a.glb"),
        ("https://s.example/a?token=secret&x=1", "https://s.example/a?token=***&x=1"),
        ("https://s.example/a?x=1&access_token=secret", "https://s.example/a?x=1&access_token=***"),
        ("https://s.example/a?sv=1&sig=secret%3D", "https://s.example/a?sv=1&sig=***"),
        ("https://s.example/a?X-Goog-Signature=secret", "https://s.example/a?X-Goog-Signature=***"),
        ("https://s.example/a?design=round", "https://s.example/a?design=round"),
        ("somebody@example.org said a/b", "somebody@example.org said a/b"),
    ],
)
@pytest.mark.attack("A password or a signature in a link", "It stands in no log, message or report")
def test_what_lets_anybody_in_is_masked_in_links(link: str, shown: str) -> None:
    assert redact(link) == shown


@pytest.mark.attack(
    "Control sequences in what the service says, or in names and prompts",
    "A terminal shows a ? for each; it obeys none, nor does one that the log is shown in",
)
def test_what_a_terminal_obeys_is_shown_as_a_question_mark() -> None:
    text = "a\x1b[2J\x1b]0;title\x07\rb \x9b31m \u202egpj.exe"
    assert harmless(text) == "a?[2J?]0;title??b ?31m ?gpj.exe"
    kept = "tab\tline\nein großer Stuhl 木の\u3000椅子 👩\u200d🚀 عربي"
    assert harmless(kept) == kept
    record = logging.LogRecord("n", logging.INFO, "p", 1, "%s", ("\x1b[2J",), None)
    assert RedactingFormatter("%(message)s").format(record) == "?[2J"

import logging

import pytest

from addon.service.redaction import RedactingFormatter, redact

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

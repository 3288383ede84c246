"""JSON from anywhere: one error for all that can be wrong with it, and nothing no file can hold."""

import json
from typing import Any


def read(text: str | bytes) -> Any:
    """The value; raises ValueError, also for one that is too deep."""
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError("it is too deep") from error
    escaped = b"\\u" in text if isinstance(text, bytes) else "\\u" in text
    return without_halves(value) if escaped else value


def without_halves(value: Any) -> Any:
    """The value with a ? for each half of a pair of surrogates, which only escapes can write.

    It is no character, and no file takes it. Raises ValueError for a value that is too deep.
    """
    try:
        text = json.dumps(value, ensure_ascii=False)
        return value if _is_plain(text) else json.loads(text.encode("utf-8", "replace"))
    except RecursionError as error:
        raise ValueError("it is too deep") from error


def _is_plain(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

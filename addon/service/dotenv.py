"""A small reader of ``.env`` files: ``KEY=VALUE``, quotes, ``export``, comments. No expansion."""

from pathlib import Path

FILE_NAME = ".env"
MAX_BYTES = 64 * 1024


def read_dotenv(folder: Path) -> dict[str, str]:
    """The settings of ``folder``'s ``.env``; empty if there is none or it cannot be read."""
    path = folder / FILE_NAME
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return {}
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}
    return parse_dotenv(text)


def parse_dotenv(text: str) -> dict[str, str]:
    r"""Read settings line by line; a line that is not ``KEY=VALUE`` is passed over.

    Values may be bare (a `` #`` starts a comment), in single quotes (literal) or in double
    quotes (with backslash escapes of ``"``, ``\\``, and ``n``). The last of equal names wins.
    """
    found: dict[str, str] = {}
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("export "):
            line = line.removeprefix("export ").lstrip()
        name, equals, value = line.partition("=")
        name = name.strip()
        if not equals or not name or name.startswith("#") or any(c.isspace() for c in name):
            continue
        found[name] = _value(value.strip())
    return found


def _value(text: str) -> str:
    if text.startswith("'") and (end := text.find("'", 1)) > 0:
        return text[1:end]
    if text.startswith('"'):
        return _double_quoted(text)
    if text.startswith("#"):
        return ""
    for index, character in enumerate(text):
        if character == "#" and text[index - 1].isspace():
            return text[:index].rstrip()
    return text


def _double_quoted(text: str) -> str:
    escapes = {"n": "\n", '"': '"', "\\": "\\"}
    value: list[str] = []
    characters = iter(text[1:])
    for character in characters:
        if character == '"':
            return "".join(value)
        if character == "\\":
            following = next(characters, "")
            value.append(escapes.get(following, "\\" + following))
        else:
            value.append(character)
    return text  # no closing quote: not a quoted value after all

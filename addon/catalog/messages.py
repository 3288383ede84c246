"""Messages that remember what they were made of, so that they can be said in other languages.

A ``Message`` is its English text and behaves like any text: it is printed, compared and joined.
Where there is an interface with a language (``blender.core.translation``), the template is looked
up there and filled in anew. Only a text made of parts needs it; a constant one is looked up as it
is.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self


class Message(str):
    """English text, with the ``template`` and the ``parts`` filled in for its ``{names}``.

    A part that is itself a Message is said in the other language too; plain text, such as the name
    of a file, stays as it is. Without parts the whole text is what is looked up.
    """

    __slots__ = ("parts", "template")

    template: str
    parts: Mapping[str, object]

    def __new__(cls, template: str, /, **parts: object) -> Self:
        if isinstance(template, cls) and not parts:
            return template
        kept = {
            name: part if isinstance(part, int | float) else _text(part)
            for name, part in parts.items()
        }
        made = super().__new__(cls, template.format(**kept) if kept else template)
        made.template = template
        made.parts = kept
        return made


def joined(template: str, messages: Sequence[Message]) -> Message:
    """Put ``{first}`` and ``{then}``, all that follows, together: ``a or b or c``."""
    first, *others = messages
    return Message(template, first=first, then=joined(template, others)) if others else first


def the_first(texts: Sequence[str], most: int = 20) -> list[str]:
    """So many of the messages, and how many more there are."""
    rest = len(texts) - most
    return [*texts] if rest <= 0 else [*texts[:most], Message("And {n} more of these.", n=rest)]


def together(*texts: str) -> Message:
    """Several messages, one after the other; empty ones are left out."""
    return joined("{first} {then}", [Message(text) for text in texts if text] or [Message("")])


def error_message(error: Exception) -> str:
    """The text of an error, in parts if it was made of parts."""
    text = error.args[0] if error.args else ""
    return text if isinstance(text, Message) else str(error)


def _text(part: object) -> str:
    return part if isinstance(part, str) else str(part)


def pack(text: str) -> Any:
    """The text as JSON: a plain text as itself, a message as its template and parts."""
    if not isinstance(text, Message):
        return text
    parts = {n: pack(part) if isinstance(part, str) else part for n, part in text.parts.items()}
    return {"template": text.template, "parts": parts}


def unpack(packed: Any) -> str:
    """The reverse of ``pack``."""
    if isinstance(packed, str):
        return packed
    parts = {
        name: unpack(part) if isinstance(part, str | dict) else part
        for name, part in packed["parts"].items()
    }
    return Message(packed["template"], **parts)

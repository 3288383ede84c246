"""Field values written as text: command line options, batch cells, preset files."""

import re
from typing import Any

from .fields import Field
from .kinds import Kind
from .messages import Message
from .validation import Problem

_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")


class BadText(ValueError):
    """The text cannot be read as a value of the field."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def parse(field: Field, text: str) -> Any:
    """Read ``text`` as a value of ``field``; raises BadText.

    IMAGES and NUMBERS are separated by commas or semicolons; VIEWS are ``front=a.png;left=b.png``.
    """
    text = text.strip()
    match field.kind:
        case Kind.SWITCH:
            return _switch(field, text)
        case Kind.INTEGER:
            return _number(field, text, whole=True)
        case Kind.NUMBER:
            return _number(field, text, whole=False)
        case Kind.IMAGES | Kind.NUMBERS:
            return tuple(part.strip() for part in re.split(r"[,;]", text) if part.strip())
        case Kind.VIEWS:
            return _views(field, text)
        case _:
            return text


def _switch(field: Field, text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    words = '{field} is "{text}"; write true or false.'
    raise BadText(Problem(field.name, Message(words, field=field.words, text=text)))


def _number(field: Field, text: str, *, whole: bool) -> int | float:
    try:
        return int(text.replace("_", "").replace(" ", "")) if whole else float(text)
    except ValueError:
        words = '{field} is "{text}", not a number.'
        if whole:
            words = '{field} is "{text}", not a whole number.'
        problem = Problem(field.name, Message(words, field=field.words, text=text))
        raise BadText(problem) from None


def _views(field: Field, text: str) -> dict[str, str]:
    views: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        name, separator, picture = part.partition("=")
        if not separator:
            example = "front=front.png;left=left.png"
            words = Message(
                "{field} are written like {example}.", field=field.words, example=example
            )
            raise BadText(Problem(field.name, words))
        views[name.strip()] = picture.strip()
    return views

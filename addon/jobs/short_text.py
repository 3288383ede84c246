"""Short forms of texts: cut between words, never inside of one, nor inside of a character."""

import unicodedata
from collections.abc import Iterator
from typing import Final

ELLIPSIS: Final = "…"

_JOINER: Final = "\u200d"
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)
_JAMO_VOWELS_AND_FINALS: Final = range(0x1160, 0x1200)
_LEAST_OF_LIMIT: Final = 4
"""A cut between words has to leave one part in so many; else there are no spaces to speak of."""


def shorten(text: str, limit: int) -> str:
    """The text on one line in at most ``limit`` characters as people count them.

    What is left out shows as an ellipsis. Scripts without spaces, and words that alone are too
    long, are cut between characters.
    """
    line = " ".join(text.split())
    characters = list(clusters(line))
    if len(characters) <= limit:
        return line
    kept = "".join(characters[: limit - 1])
    if not characters[limit - 1].isspace():
        border = kept.rfind(" ")
        if border * _LEAST_OF_LIMIT >= limit:
            kept = kept[:border]
    return kept.rstrip(" ,.;:-(") + ELLIPSIS


def clusters(text: str) -> Iterator[str]:
    """The characters as people see them: letters with their marks, joined emoji, flags."""
    cluster = ""
    for character in text:
        if cluster and not _goes_on(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _goes_on(cluster: str, character: str) -> bool:
    """Whether the character is part of what the cluster shows."""
    point = ord(character)
    if character == _JOINER or cluster.endswith(_JOINER):
        return True
    if point in _SKIN_TONES or point in _JAMO_VOWELS_AND_FINALS:
        return True
    if point in _FLAG_LETTERS:
        return len(cluster) == 1 and ord(cluster) in _FLAG_LETTERS
    return unicodedata.category(character) in {"Mn", "Mc", "Me"}

"""Read a prompt: what it is, of which colour and material, in which style and size."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ..textures.texels import Colour
from . import vocabulary

_PUNCTUATION = ",.;:/|"
_TOKEN = re.compile(r"[a-z0-9]+(?:-[a-z]+)*|[\u3040-\u30ff\u4e00-\u9fff]+|[,.;:/|]")
_WIDE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_INFLECTIONS = ("s", "es", "n", "en", "e", "er", "es", "x")
_SHORTEST_COMPOUND_WORD = 4


@dataclass(frozen=True, slots=True)
class Look:
    """Colour and material asked for; None where the prompt is silent."""

    colour: Colour | None = None
    material: str | None = None

    def over(self, other: Look) -> Look:
        return Look(self.colour or other.colour, self.material or other.material)


@dataclass(frozen=True, slots=True)
class Brief:
    """A prompt understood.

    ``subject`` is a key of ``vocabulary.SUBJECTS`` or "" when no known noun occurs; ``noun`` is
    the word that named it; ``understood`` lists the words that had an effect, for the report;
    ``words`` are all words in lower case without accents.
    """

    text: str
    subject: str
    noun: str
    main: Look
    parts: Mapping[str, Look]
    styles: frozenset[str]
    scale: float
    stretch: float
    understood: tuple[str, ...]
    words: frozenset[str]

    def seed(self, extra: int | None) -> int:
        """The same prompt (and seed) always gives the same model."""
        words = " ".join(self.text.lower().split())
        digest = hashlib.sha256(f"{words}|{extra}".encode()).digest()
        return int.from_bytes(digest[:8], "big")


@dataclass(frozen=True, slots=True)
class _Word:
    """A known spelling and what it may mean: kind -> entry of the vocabulary."""

    spelling: str
    meanings: Mapping[str, str]


@dataclass(slots=True)
class _Reading:
    subject: str = ""
    noun: str = ""
    subject_closed: bool = False
    depiction: str | None = None
    main: Look = field(default_factory=Look)
    parts: dict[str, Look] = field(default_factory=dict)
    pending: Look = field(default_factory=Look)
    last: str = ""
    styles: set[str] = field(default_factory=set)
    scale: float = 1.0
    stretch: float = 1.0
    understood: list[str] = field(default_factory=list)


def read_prompt(text: str) -> Brief:
    """Understand a prompt in any of the languages of the vocabulary."""
    reading = _Reading()
    tokens = _TOKEN.findall(_plain(text))
    for token in tokens:
        for word in _words_in(token):
            _take(reading, word)
    _settle(reading)
    # Without any known noun the adjectives are about the unknown thing.
    main = reading.pending.over(reading.main)
    if reading.depiction and main.material is None:
        main = Look(main.colour, reading.depiction)
    return Brief(
        text=text,
        subject=reading.subject,
        noun=reading.noun,
        main=main,
        parts=reading.parts,
        styles=frozenset(reading.styles),
        scale=reading.scale,
        stretch=reading.stretch,
        understood=tuple(dict.fromkeys(reading.understood)),
        words=frozenset(tokens),
    )


def _plain(text: str) -> str:
    """Lower case without accents; ß becomes ss."""
    lowered = text.lower().replace("ß", "ss").replace("low poly", "low-poly")
    lowered = lowered.replace("sci fi", "sci-fi")
    parts: list[str] = []
    for letter in lowered:
        split = unicodedata.normalize("NFKD", letter)
        # Japanese voiced kana must stay whole.
        parts.append(letter if _WIDE.match(letter) else split)
    return "".join(c for c in "".join(parts) if not unicodedata.combining(c))


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, dict[str, str]]:
    """Spelling -> meanings. A word may be noun and material at once ("oak", "stone")."""
    words: dict[str, dict[str, str]] = {}

    def add(kind: str, value: str, spellings: str) -> None:
        for spelling in spellings.replace("|", " ").split():
            words.setdefault(spelling, {}).setdefault(kind, value)

    simple = {
        "subject": vocabulary.SUBJECTS,
        "part": vocabulary.PART_WORDS,
        "material": vocabulary.MATERIALS,
        "style": vocabulary.STYLES,
        "break": vocabulary.BREAKS,
    }
    for kind, entries in simple.items():
        for name, spellings in entries.items():
            add(kind, name, spellings)
    for name, (_, spellings) in vocabulary.COLOURS.items():
        add("colour", name, f"{name} {spellings}")
    for kind, names in (("size", vocabulary.SIZES), ("depiction", vocabulary.DEPICTIONS)):
        for name in names:
            add(kind, name, name)
    return words


def _words_in(token: str) -> list[_Word]:
    """The known words of a token, one per place; several meanings are settled later by context."""
    if token in _PUNCTUATION:
        return [_Word(token, {"break": token})]
    if _WIDE.match(token):
        return _scan(token)
    found = _lookup(token)
    if found is None and "-" in token:
        return [w for piece in token.split("-") for w in _words_in(piece)]
    if found is None:
        return _compound(token)
    return [found]


def _lookup(token: str) -> _Word | None:
    dictionary = _dictionary()
    candidates = [token]
    candidates += [token[: -len(end)] for end in _INFLECTIONS if token.endswith(end)]
    if token.endswith("ves"):
        candidates += [token[:-3] + "f"]
    for candidate in candidates:
        if len(candidate) >= 2 and candidate in dictionary:
            return _Word(candidate, dictionary[candidate])
    return None


def _compound(token: str) -> list[_Word]:
    """German compounds such as "holzstuhl": modifier first, head last."""
    for cut in range(len(token) - _SHORTEST_COMPOUND_WORD, _SHORTEST_COMPOUND_WORD - 1, -1):
        head, tail = _lookup(token[:cut]), _lookup(token[cut:])
        if head and tail and not {"break"} & (set(head.meanings) | set(tail.meanings)):
            return [head, tail]
    return []


def _scan(text: str) -> list[_Word]:
    """Longest known words in text written without spaces."""
    dictionary = _dictionary()
    found: list[_Word] = []
    start = 0
    while start < len(text):
        for end in range(min(len(text), start + 6), start, -1):
            if text[start:end] in dictionary:
                found.append(_Word(text[start:end], dictionary[text[start:end]]))
                start = end
                break
        else:
            start += 1
    return found


def _take(reading: _Reading, word: _Word) -> None:
    meanings = word.meanings
    if set(meanings) == {"break"}:
        _settle(reading)
        reading.subject_closed = bool(reading.subject)
        return
    reading.understood.append(word.spelling)
    _take_adjective(reading, word.spelling, meanings)
    if "part" in meanings and (reading.subject or "subject" not in meanings):
        _take_part(reading, meanings["part"])
    elif "subject" in meanings:
        _take_subject(reading, meanings["subject"], word.spelling, len(meanings) > 1)


def _take_adjective(reading: _Reading, spelling: str, meanings: Mapping[str, str]) -> None:
    if "colour" in meanings and not ("subject" in meanings and reading.pending.colour):
        # "red rose" stays red.
        colour = vocabulary.COLOURS[meanings["colour"]][0]
        reading.pending = Look(colour, reading.pending.material)
    if "material" in meanings:
        _take_material(reading, spelling, meanings["material"])
    if "style" in meanings:
        reading.styles.add(meanings["style"])
    if "size" in meanings:
        scale, stretch = vocabulary.SIZES[meanings["size"]]
        reading.scale *= scale
        reading.stretch *= stretch
    if "depiction" in meanings:
        reading.depiction = vocabulary.DEPICTIONS[meanings["depiction"]]


def _take_material(reading: _Reading, spelling: str, material: str) -> None:
    colour = reading.pending.colour or vocabulary.MATERIAL_WORD_COLOURS.get(spelling)
    reading.pending = Look(colour, material)


def _take_part(reading: _Reading, part: str) -> None:
    if reading.pending != Look():
        reading.parts[part] = reading.pending.over(reading.parts.get(part, Look()))
        reading.pending = Look()
    reading.last = part


def _take_subject(reading: _Reading, subject: str, spelling: str, ambiguous: bool) -> None:
    """The last noun of the first noun phrase is the subject ("dog house" is a house)."""
    if reading.subject_closed or (ambiguous and reading.subject):
        return
    if reading.subject in vocabulary.KINDS_OF.get(subject, ()):
        reading.noun = spelling
        return
    reading.subject, reading.noun = subject, spelling
    reading.last = ""
    if not ambiguous:
        reading.main = reading.pending.over(reading.main)
        reading.pending = Look()


def _settle(reading: _Reading) -> None:
    """Adjectives that follow their noun ("chaise rouge", "chair made of oak")."""
    if reading.pending == Look() or not (reading.subject or reading.last):
        return
    if reading.last:
        known = reading.parts.get(reading.last, Look())
        reading.parts[reading.last] = reading.pending.over(known)
    else:
        reading.main = reading.main.over(reading.pending)
    reading.pending = Look()

"""Translations of everything the extension shows, for Blender's own translation system.

One file for each language, ``{English: translation}``, named as the language or the locale
(``de`` for ``de_DE``). Only the table of the interface's present language is loaded: people who
use Blender in English pay for none. ``python -m scripts.languages`` keeps them in step with what
the interface says; what it adds has ``null`` for a translation and is said in English.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import bpy

from ..core import ids, signals

HOME: Final = Path(__file__).parent

CONTEXTS: Final = ("*", "Operator", ids.CONTEXT)
"""Where Blender looks a text up: names of operators in the second, what names no context in the
first, and in the third what does not mean the same in Blender's own tables, which come first.

The same words are buttons here and labels there, so all are given in each.
"""


def table(locale: str) -> Mapping[str, str]:
    """The translations for that locale; empty where there are none."""
    for name in (locale, locale.partition("_")[0]):
        path = HOME / f"{name}.json"
        if path.is_file():
            import json  # late: an English interface needs none of this

            found: dict[str, str | None] = json.loads(path.read_text(encoding="utf-8"))
            return {text: said for text, said in found.items() if said is not None}
    return {}


def follow() -> None:
    """Give Blender the table of the language that its interface has now, and only that."""
    bpy.app.translations.unregister(ids.BASE_PACKAGE)
    locale = bpy.app.translations.locale
    words = table(locale)
    if words:
        messages = {(context, text): said for context in CONTEXTS for text, said in words.items()}
        bpy.app.translations.register(ids.BASE_PACKAGE, {locale: messages})


_SUBSCRIBER: Final = object()
"""Owns what we subscribed to."""


def register() -> None:
    """Translate now, and whenever the user changes the language."""
    follow()
    subscribe()


def subscribe() -> None:
    """Hear of another language; to be called again for each file, which ends subscriptions."""
    signals.hear_of(_SUBSCRIBER, (bpy.types.PreferencesView, "language"), follow)


def unregister() -> None:
    """Take the translations back."""
    bpy.msgbus.clear_by_owner(_SUBSCRIBER)
    bpy.app.translations.unregister(ids.BASE_PACKAGE)

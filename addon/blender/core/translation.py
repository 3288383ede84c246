"""Text for people, in the language of Blender's interface."""

from bpy.app.translations import pgettext_iface

from ...catalog.messages import Message
from .ids import CONTEXT


def translate(template: str, /, **parts: object) -> str:
    """The sentence in the interface's language, with ``parts`` filled in for its ``{names}``.

    For text made of parts, which Blender cannot look up by itself; draw it with
    ``translate=False``. Text given whole to a layout, a label or a description needs none of this.
    """
    return translate(Message(template, **parts))


def translate(*texts: str) -> str:
    """Texts made where there is no interface, one after the other in the interface's language.

    Each is a ``Sentence`` or a whole sentence; empty ones are left out.
    """
    return " ".join(_told(text) for text in texts if text)


def _told(text: str) -> str:
    if not isinstance(text, Message):
        return pgettext_iface(text, CONTEXT)
    parts = {
        name: _told(part) if isinstance(part, Message) else part
        for name, part in text.parts.items()
    }
    template = pgettext_iface(text.template, CONTEXT)
    return template.format(**parts) if parts else template

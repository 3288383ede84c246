"""Text for people, in the language of Blender's interface."""

from bpy.app.translations import pgettext_iface

from ...catalog.messages import Message
from .ids import CONTEXT


def translate(*texts: str, **parts: object) -> str:
    """Texts in the interface's language, one after the other; empty ones are left out.

    Each is a template, with ``parts`` for its ``{names}`` where it is the only one, or a
    ``Message``. For text made of parts, or made where there is no interface, which Blender cannot
    look up by itself; draw it with ``translate=False``. Text given whole to a layout, a label or a
    description needs none of this.
    """
    if parts:
        (template,) = texts
        return _translated(Message(template, **parts))
    return " ".join(_translated(text) for text in texts if text)


def _translated(text: str) -> str:
    if not isinstance(text, Message):
        return pgettext_iface(text, CONTEXT)
    parts = {
        name: _translated(part) if isinstance(part, Message) else part
        for name, part in text.parts.items()
    }
    template = pgettext_iface(text.template, CONTEXT)
    return template.format(**parts) if parts else template

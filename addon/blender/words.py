"""Text for people, in the language of Blender's interface."""

from bpy.app.translations import pgettext_iface


def say(template: str, /, **values: object) -> str:
    """The sentence in the interface's language, with ``values`` filled in for its ``{names}``.

    For text made of parts, which Blender cannot look up by itself; draw it with
    ``translate=False``. Text given whole to a layout, a label or a description needs none of this.
    """
    return pgettext_iface(template).format(**values)

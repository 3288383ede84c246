"""Typing a key into a field without Blender ever storing it.

A Blender property that holds a key would be written to userpref.blend (or a .blend) as plain
text. This one has no storage: what is typed goes straight to the extension's own file, which only
the user can read, and the field shows a mask.
"""

import logging
from typing import Final

import bpy
from bpy.props import StringProperty

from ...catalog.messages import Message, together
from ..core import account, paths, signals, ticker
from ..core.ids import CONTEXT
from ..snapshot import snapshot

log = logging.getLogger(__name__)

MASK_CHARACTER = "\N{BULLET}"
MASK = MASK_CHARACTER * 12


def masked_key(_owner: bpy.types.AddonPreferences) -> str:
    """What the field shows: whether there is a key, never which."""
    return MASK if snapshot.current().key_source else ""


def enter_key(_owner: bpy.types.AddonPreferences, typed: str) -> None:
    """Save what was typed; an emptied field forgets the key."""
    key = typed.replace(MASK_CHARACTER, "").strip()
    if key:
        save(key)
    elif not typed:
        forget()


def save(key: str) -> None:
    """Keep the key for next time and use it from now on."""
    from ...service.errors import BadKey
    from ...service.keys import save_key

    try:
        is_private = save_key(key, paths.places().key_file)
    except BadKey as error:
        snapshot.show_trouble(together(error.message, error.hint))
    except OSError as error:
        snapshot.show_trouble(
            Message("The API key could not be saved: {reason}.", reason=error.strerror)
        )
    else:
        snapshot.show_trouble("" if is_private else Message(READABLE, folder=paths.places().root))
        signals.ACCOUNT_CHANGED.send()
        _check_soon()


READABLE: Final = (
    "The API key is saved, but the disk of {folder} knows no access rights: other users of this "
    "computer may read it. STUDIO3D_HOME chooses another folder."
)


def _check_soon() -> None:
    """Ask for the balance after this callback, which must not start processes."""
    if account.online().allowed:
        ticker.call(signals.BALANCE_WANTED.send)


def forget() -> bool:
    """Delete the extension's own key file; tells whether there was one, and that it is kept."""
    from ...service.keys import forget_key

    try:
        existed = forget_key(paths.places().key_file)
    except OSError as error:
        snapshot.show_trouble(
            Message("The API key could not be deleted: {reason}.", reason=error.strerror)
        )
        return True
    signals.ACCOUNT_CHANGED.send()
    return existed


KEY_PROPERTY = StringProperty(
    name="API Key",
    description="Key of your 3D AI Studio account. It is kept in a file only you can read, "
    "not in the preferences and not in .blend files",
    subtype="PASSWORD",
    options={"HIDDEN", "SKIP_SAVE"},
    get=masked_key,
    set=enter_key,
    translation_context=CONTEXT,
)

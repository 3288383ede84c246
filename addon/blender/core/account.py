"""Which service is used, with which key, and whether the network may be used at all."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import bpy

from . import memory, options, paths
from .memory import Part

if TYPE_CHECKING:
    from ...service.keys import FoundKey


@dataclass(frozen=True, slots=True)
class Online:
    """Whether the network may be used."""

    allowed: bool = True
    reason: str = ""
    """Why not, and what to do about it."""


class Account(NamedTuple):
    """Address and key; ``trouble`` says in words what is wrong with either."""

    address: str = ""
    key: FoundKey | None = None
    trouble: str = ""

    @property
    def key_source(self) -> str:
        """Where the key was found, in words; "" when there is none."""
        return "" if self.key is None else self.key.source


class _Cache(Part):
    account: Account | None = None


def current() -> Account:
    """The account as last looked up: environment, .env file, preferences, key file."""
    cache = memory.of(_Cache)
    if cache.account is None:
        cache.account = _look_up()
    return cache.account


def forget() -> None:
    """Look everything up again at the next use: something of it was changed."""
    memory.of(_Cache).account = None


def online() -> Online:
    """Whether the service may be contacted. A service on this machine is not "online"."""
    from ...service.addresses import is_loopback

    if bpy.app.online_access or is_loopback(current().address):
        return Online()
    if getattr(bpy.app, "online_access_override", False):
        return Online(False, "Blender was started in offline mode.")
    return Online(False, "Online access is off in Blender's system preferences.")


def _look_up() -> Account:
    # Late, as above: enabling the extension needs none of this.
    from ...service.addresses import resolve_address
    from ...service.errors import BadAddress, BadKey, NoKey
    from ...service.keys import find_key

    try:
        address = resolve_address(os.environ, options.read().service_address)
    except BadAddress as error:
        return Account(trouble=error.message)
    try:
        return Account(address, find_key(key_file=paths.places().key_file, saved_first=True))
    except NoKey:
        return Account(address)
    except BadKey as error:
        return Account(address, trouble=error.message)

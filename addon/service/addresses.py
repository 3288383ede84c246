"""Where the service is, which addresses may be spoken to at all, and how links are shown."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from ..catalog.messages import Message
from .errors import BadAddress

DEFAULT_ADDRESS = "https://api.3daistudio.com"
SAMPLES_ADDRESS = "recorded-samples"
"""Stands in the place of an address where no service is asked: see ``addon.samples``."""

ADDRESS_NAMES = ("3D_AI_STUDIO_API_URL", "STUDIO3D_API_URL")
"""Environment names of an address override, the first one found wins."""


def resolve_address(environ: Mapping[str, str], preference: str = "") -> str:
    """The service address: environment, then the preference, then the service's own.

    Raises BadAddress.
    """
    for name in ADDRESS_NAMES:
        if environ.get(name, "").strip():
            return check_address(environ[name])
    return check_address(preference) if preference.strip() else DEFAULT_ADDRESS


def check_address(address: str) -> str:
    """Return the address in its normal form (no trailing slash); raises BadAddress."""
    address = address.strip()
    shown = shown_link(address.rpartition("@")[2])
    try:
        parts = urlsplit(address)
        port_is_number = parts.port is None or parts.port > 0
    except ValueError:
        raise BadAddress(Message("{shown} is not an http(s) address.", shown=shown)) from None
    is_one = ONE_WORD.fullmatch(address) is not None and address.isprintable()
    if parts.scheme not in {"http", "https"} or not (parts.hostname and port_is_number and is_one):
        raise BadAddress(Message("{shown} is not an http(s) address.", shown=shown))
    if parts.username or parts.password:
        raise BadAddress("The service address must not contain a user name or password.")
    if parts.query or parts.fragment:
        raise BadAddress(Message("{shown} must not contain ? or #.", shown=shown))
    if not is_allowed(address):
        raise BadAddress(
            Message("{shown} is not encrypted: the API key would travel in the open.", shown=shown)
        )
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"), "", ""))


ONE_WORD: Final = re.compile(r"[^\s\\]+")
"""Libraries make what they like of blanks and backslashes."""

HOST: Final = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d+)?")
SCHEME: Final = re.compile(r"[A-Za-z][\w+.-]*")
BEHIND_HOST: Final = re.compile(r"[/?#\\]")
MOST_LETTERS: Final = 8192
"""Of a link; that is more than any host takes."""
MOST_SHOWN: Final = 200


def shown_link(link: str) -> str:
    """The link as it may be shown and kept: without a login, and without what follows its path.

    A password stands in the one, a signature that lets anybody fetch the file in the other.
    """
    link = link.strip()[:MOST_LETTERS]
    scheme, mark, rest = link.partition("://")
    if not SCHEME.fullmatch(scheme):
        scheme, mark, rest = "", "", link
    while "@" in rest and not HOST.fullmatch(BEHIND_HOST.split(rest, 1)[0]):
        rest = rest.partition("@")[2]
    plain = scheme + mark + re.split(r"[?#]", rest, maxsplit=1)[0]
    return "".join(letter if letter.isprintable() else "?" for letter in plain[:MOST_SHOWN])


def host_of(link: str) -> str:
    """The host of a link as it may be shown, with its port; "" if it has none."""
    return BEHIND_HOST.split(shown_link(link).rpartition("://")[2], 1)[0]


def is_allowed(address: str) -> bool:
    """Tell whether we may connect: https, or plain http to this machine."""
    try:
        scheme = urlsplit(address.strip()).scheme.lower()
    except ValueError:
        return False
    return scheme == "https" or (scheme == "http" and is_loopback(address))


def is_loopback(address: str) -> bool:
    """Tell whether the address is on this machine."""
    from ipaddress import ip_address  # late: enabling the extension needs only the constants

    try:
        host = urlsplit(address.strip()).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def leads_inwards(start: str, address: str) -> bool:
    """Tell whether ``start`` leads to a place nearer to us than its own, which it may not.

    Nobody elsewhere has to do with what listens on this machine or in the network around it.
    """
    return _nearness(address) > _nearness(start)


def _nearness(address: str) -> int:
    """2 on this machine, 1 in the network around it, 0 elsewhere; by how addresses are written.

    A name may stand for any of them. No encrypted connection is made to what cannot show that the
    name is its own, and no other than encrypted ones to names.
    """
    import socket  # late, as above
    from ipaddress import ip_address

    try:
        host = (urlsplit(address.strip()).hostname or "").rstrip(".")
    except ValueError:
        return 0
    if host == "localhost" or host.endswith(".localhost"):
        return 2
    try:
        found = ip_address(host)
    except ValueError:
        try:  # 127.1, 2130706433 and 0x7f.1 are 127.0.0.1 to a system
            found = ip_address(socket.inet_aton(host))
        except (OSError, ValueError):
            return 0
    found = getattr(found, "ipv4_mapped", None) or found
    if found.is_loopback or found.is_unspecified:
        return 2
    return 0 if found.is_global else 1


def origin(address: str) -> tuple[str, str, int]:
    """Scheme, host and port: what has to be equal for a key to be sent along."""
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, parts.hostname or "", port

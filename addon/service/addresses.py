"""Where the service is, and which addresses may be spoken to at all."""

from collections.abc import Mapping
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
    shown = address.strip()
    try:
        parts = urlsplit(shown)
        port_is_number = parts.port is None or parts.port > 0
    except ValueError:
        raise BadAddress(Message("{shown} is not an http(s) address.", shown=shown)) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_number:
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

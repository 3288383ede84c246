"""The few things every request of ours has in common, on top of ``requests``."""

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import AuthBase
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import (
    ConnectTimeout,
    ContentDecodingError,
    InvalidSchema,
    InvalidURL,
    ProxyError,
    ReadTimeout,
    RequestException,
    SSLError,
)

from ..catalog.messages import Message
from .addresses import host_of, is_allowed, is_loopback, leads_inwards
from .bounds import BoundAdapter, Bounds, TooSlow, bounded
from .errors import NetworkError
from .limits import CONNECT_TIMEOUT
from .redaction import redact
from .stopping import Stop

MAX_REDIRECTS: Final = 5


class NotEvenAsked(RequestsConnectionError):
    """This machine's settings or the address do not let a request out; the text says why."""


@contextmanager
def in_requests_words() -> Iterator[None]:
    """Raise what requests lets through as it is as one of its own exceptions.

    A certificate file that is missing is such a thing, and a name no host can have.
    """
    try:
        yield
    except RequestException:
        raise
    except (OSError, ValueError) as error:
        raise NotEvenAsked(error) from error


class UnsafeAddress(Exception):
    """A link leads to where we may not connect, or round in circles; the text is the address."""


class BearerAuth(AuthBase):
    """Our key. As an auth object it also keeps ``.netrc`` from putting another one in its place."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


class NoAuth(AuthBase):
    """No Authorization header, also not one from ``.netrc``: signed links refuse it."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.pop("Authorization", None)
        return request


class JsonBody(io.BytesIO):
    """A JSON request body that knows whether its last byte was handed over to the connection.

    Until then the service cannot have received a complete request.
    """

    content_type = "application/json"

    def __init__(self, document: Any) -> None:
        content = json.dumps(document, allow_nan=False).encode()
        super().__init__(content)
        self._length = len(content)

    def __len__(self) -> int:
        return self._length

    @property
    def handed_over(self) -> bool:
        """True from the moment the last byte was read for sending."""
        return self.tell() >= self._length


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None is followed by itself; to find the next, ``requests`` would read all of this one."""


def new_session(user_agent: str) -> requests.Session:
    """A session that uses the system's proxy and CA settings and keeps no cookies.

    Its requests are made within ``bounds.bounded``, and their answers read there too.
    """
    session = _Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, BoundAdapter())
    session.headers["User-Agent"] = user_agent
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


def proxies_to(address: str) -> dict[str, str]:
    """Proxies to use in place of the system's: none to this machine, which no proxy can reach.

    One would be sent, unencrypted, what is meant to stay here.
    """
    return {"no_proxy": urlsplit(address).hostname or ""} if is_loopback(address) else {}


def get_without_key(
    session: requests.Session,
    url: str,
    *,
    timeouts: tuple[float, float],
    headers: Mapping[str, str] = MappingProxyType({}),
) -> requests.Response:
    """Ask another place for a file and follow its redirects, each only to where we may connect.

    From elsewhere none leads to this machine or its network: what listens here is nobody else's to
    read. The answer is a stream, to be closed. Raises UnsafeAddress and requests' RequestException.
    """
    start = url
    for _ in range(MAX_REDIRECTS):
        if not is_allowed(url) or leads_inwards(start, url):
            break
        with in_requests_words():
            response = session.get(
                url,
                headers=headers,
                auth=NoAuth(),
                stream=True,
                timeout=timeouts,
                allow_redirects=False,
                proxies=proxies_to(url),
            )
        if not response.is_redirect:
            return response
        response.close()
        url = redirected(url, response)
    raise UnsafeAddress(url)


def redirected(url: str, response: requests.Response) -> str:
    """Where an answer that is a redirect leads to; "" where that is no address at all."""
    try:
        found = urljoin(url, response.headers["Location"])
        return found if (urlsplit(found).port or 1) > 0 else ""
    except ValueError:
        return ""


def pieces(response: requests.Response, size: int) -> Iterator[bytes]:
    """The answer's bytes as they come, in pieces of a bounded size even where they are packed.

    Raises ContentDecodingError for a packing that was not asked for and may grow without bounds.
    """
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    if packing not in {"", "identity", *MODEST_PACKINGS}:
        raise ContentDecodingError(packing)
    return response.iter_content(PACKED_BYTES if packing in MODEST_PACKINGS else size)


MODEST_PACKINGS: Final = frozenset({"gzip", "x-gzip", "deflate"})
"""They grow a thousandfold at most."""
PACKED_BYTES: Final = 1024
"""Unpacked at a time."""


def network_trouble(error: RequestException, url: str, *, never_sent: bool) -> NetworkError:
    """Say in words why a request got no answer."""
    host = host_of(url)
    message: str = Message("The connection to {host} broke.", host=host)
    hint = None
    if isinstance(error, ConnectTimeout):
        message = Message("{host} could not be reached in time.", host=host)
    elif _is_within(error, TooSlow):
        message = Message("The connection to {host} is too slow.", host=host)
    elif isinstance(error, ReadTimeout) or _is_within(error, TimeoutError):
        message = Message("{host} did not answer in time.", host=host)
    elif isinstance(error, SSLError):
        message = Message("The encrypted connection to {host} could not be trusted.", host=host)
        hint = (
            "In a company network, set REQUESTS_CA_BUNDLE to the company's certificate file. "
            "Check the date of this machine too."
        )
    elif isinstance(error, ProxyError):
        message = "The proxy did not pass the request on."
        hint = "Check the proxy settings (HTTPS_PROXY)."
    elif isinstance(error, NotEvenAsked | InvalidURL | InvalidSchema):
        message = Message("{host} cannot be asked: {error}", host=host, error=redact(str(error)))
        hint = (
            "Check the address, and the network settings of this machine (REQUESTS_CA_BUNDLE, "
            "HTTPS_PROXY)."
        )
    elif isinstance(error, RequestsConnectionError) and (never_sent or _found_nobody(error)):
        message = Message("There is no connection to {host}.", host=host)
    return NetworkError(message, never_sent=never_sent, hint=hint)


def _found_nobody(error: BaseException) -> bool:
    """Whether there was no connection at all: no such name, nobody listening, no way there.

    Within requests' error is the one of the library below it, which only has this name here.
    """
    if any(kind.__name__ == "NewConnectionError" for kind in type(error).__mro__):
        return True
    within = (*error.args, getattr(error, "reason", None))
    return any(isinstance(inner, Exception) and _found_nobody(inner) for inner in within)


def _is_within(error: BaseException | None, kind: type[Exception]) -> bool:
    """Whether it was raised for one of that kind, which the libraries wrap in their own."""
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error is not None


def clock_difference(address: str, now: float, *, timeout: float = CONNECT_TIMEOUT) -> float | None:
    """Seconds this machine's clock is ahead of the service's; None if it does not say.

    Asks without the key. Raises NetworkError.
    """
    try:
        with in_requests_words(), bounded(Bounds(timeout, Stop())):
            response = new_session(requests.utils.default_user_agent()).head(
                address,
                auth=NoAuth(),
                timeout=(timeout, timeout),
                allow_redirects=False,
                proxies=proxies_to(address),
            )
        said = parsedate_to_datetime(response.headers["Date"])
    except RequestException as error:
        raise network_trouble(error, address, never_sent=False) from error
    except (KeyError, ValueError):
        return None
    return now - said.timestamp()

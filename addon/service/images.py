"""Pictures that are embedded in a request: read, checked, made into data URIs."""

import base64
from urllib.parse import unquote

import requests
from requests.exceptions import RequestException

from ..catalog.messages import Message
from . import whole_files
from .addresses import is_allowed, shown_link
from .bounds import Bounds, bounded
from .errors import InputUnreadable
from .http import UnsafeAddress, get_without_key, network_trouble, new_session, pieces
from .limits import CONNECT_TIMEOUT, READ_TIMEOUT, unreadable
from .names import at_home
from .pictures import MAX_BYTES, recognized, too_large
from .stopping import Stop


class ImageReader:
    """Turns a local path or an http(s) address into a data URI; call it like a function."""

    def __init__(
        self,
        *,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
        user_agent: str,
        stop: Stop | None = None,
        session: requests.Session | None = None,
    ) -> None:
        """Once ``stop`` is set, what is being fetched raises Stopped."""
        self._timeouts = (connect_timeout, read_timeout)
        self._stop = stop or Stop()
        self._session = session or new_session(user_agent)

    def __call__(self, source: str) -> str:
        """Raises InputUnreadable, UploadTooLarge, NetworkError."""
        if source.lower().startswith(("http://", "https://")):
            name = unquote(shown_link(source).rsplit("/", 1)[-1])
            return to_data_uri(self._fetch(source), name)
        path = at_home(source)
        try:
            if path.stat().st_size > MAX_BYTES:
                raise too_large(path.name, path.stat().st_size)
            return to_data_uri(whole_files.read(path), path.name)
        except OSError as error:
            raise unreadable(path, error) from error

    def _fetch(self, address: str) -> bytes:
        shown = shown_link(address)
        if not is_allowed(address):
            raise InputUnreadable(Message("{address} is not an https address.", address=shown))
        try:
            with (
                bounded(Bounds(self._timeouts[1], self._stop)) as bounds,
                get_without_key(self._session, address, timeouts=self._timeouts) as response,
            ):
                if not response.ok:
                    raise InputUnreadable(
                        Message(
                            "The picture at {address} cannot be fetched (HTTP {status}).",
                            address=shown,
                            status=response.status_code,
                        )
                    )
                bounds.stream()
                data = b""
                for chunk in pieces(response, 64 * 1024):
                    data += chunk
                    if len(data) > MAX_BYTES:
                        raise too_large(shown, len(data))
                return data
        except UnsafeAddress as error:
            raise InputUnreadable(
                Message(
                    "The picture at {address} leads to a place that is not safe.", address=shown
                ),
                hint="Download it and choose the file.",
            ) from error
        except RequestException as error:
            raise network_trouble(error, address, never_sent=True) from error


def to_data_uri(data: bytes, name: str) -> str:
    """Embed a picture; ``name`` is for the messages. Raises InputUnreadable, UploadTooLarge."""
    picture = recognized(data, len(data), name)
    picture.check(can_change=False)
    if picture.header is None:  # refused above
        raise InputUnreadable(Message("{name} is not a picture that can be sent.", name=name))
    return f"data:{picture.header.media_type};base64,{base64.b64encode(data).decode('ascii')}"

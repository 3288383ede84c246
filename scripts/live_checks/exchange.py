"""One request, one answer as it came: nothing is followed, interpreted or tried again."""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import requests
from requests.exceptions import RequestException

from addon.catalog import WireRequest
from addon.service.addresses import leads_inwards
from addon.service.bounds import Bounds, bounded
from addon.service.file_types import HEAD_BYTES
from addon.service.http import (
    BearerAuth,
    JsonBody,
    NoAuth,
    UnsafeAddress,
    get_without_key,
    network_trouble,
    new_session,
    pieces,
    proxies_to,
)
from addon.service.limits import CONNECT_TIMEOUT, READ_TIMEOUT
from addon.service.multipart import MultipartBody
from addon.service.stopping import Stop
from addon.service.version import version

TIMEOUTS = (CONNECT_TIMEOUT, READ_TIMEOUT)
"""Seconds to connect, and to wait for the next bytes."""
_EXCERPT = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and from where."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """The JSON value; None if it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def excerpt(self) -> str:
        """The beginning as one line of text, with what it claims to be."""
        text = " ".join(self.body.decode(errors="replace").split())
        return f"({self.headers.get('Content-Type', 'no type')}) {text[:_EXCERPT]}"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A result file: its first bytes and its size.

    ``moved_to`` is where a redirect led; with ``status`` 0 it may not be connected to.
    """

    status: int
    content_type: str
    head: bytes
    size: int
    moved_to: str = ""


class Exchange:
    """Speaks to one address. Raises NetworkError where no answer comes."""

    def __init__(self, address: str, key: str) -> None:
        self.address = address
        self._key = key
        self._session = new_session(f"studio3d-live-check/{version()}")

    def get(self, path: str, *, key: str | None = None) -> Answer:
        """Ask with our key, another one, or none (an empty one)."""
        request = requests.Request("GET", self.address + path, auth=self._auth(key))
        try:
            return self._send(self._session.prepare_request(request))
        except RequestException as error:
            raise network_trouble(error, self.address, never_sent=False) from error

    def post(self, wire: WireRequest) -> Answer:
        """Submit. ``never_sent`` of the trouble says that it cannot have been received."""
        form = wire.json is None
        with MultipartBody(wire.form or {}, wire.files) if form else JsonBody(wire.json) as body:
            request = requests.Request(
                "POST",
                self.address + wire.path,
                headers={"Content-Type": body.content_type},
                auth=self._auth(None),
            )
            prepared = self._session.prepare_request(request)
            prepared.headers["Content-Length"] = str(len(body))
            prepared.body = body  # type: ignore[assignment]  # requests sends file objects too
            try:
                return self._send(prepared)
            except RequestException as error:
                never = not body.handed_over
                raise network_trouble(error, self.address, never_sent=never) from error

    def fetch(self, url: str) -> Fetched:
        """Read a result file to its end, without the key; only its beginning is kept."""
        try:
            if leads_inwards(self.address, url):
                raise UnsafeAddress(url)
            with bounded(Bounds(TIMEOUTS[1], Stop())) as bounds:
                response = get_without_key(self._session, url, timeouts=TIMEOUTS)
                with closing(response):
                    bounds.stream()
                    head, size = b"", 0
                    for chunk in pieces(response, 1 << 16):
                        head += chunk[: HEAD_BYTES - len(head)]
                        size += len(chunk)
        except UnsafeAddress as error:
            return Fetched(0, "", b"", 0, moved_to=str(error))
        except RequestException as error:
            raise network_trouble(error, url, never_sent=False) from error
        asked = requests.Request("GET", url).prepare().url
        moved_to = response.url if response.url != asked else ""
        content_type = response.headers.get("Content-Type", "")
        return Fetched(response.status_code, content_type, head, size, moved_to)

    def _auth(self, key: str | None) -> BearerAuth | NoAuth:
        chosen = self._key if key is None else key
        return BearerAuth(chosen) if chosen else NoAuth()

    def _send(self, prepared: requests.PreparedRequest) -> Answer:
        settings = self._session.merge_environment_settings(
            prepared.url, proxies_to(self.address), stream=None, verify=None, cert=None
        )
        with bounded(Bounds(TIMEOUTS[1], Stop())):
            response = self._session.send(
                prepared, timeout=TIMEOUTS, allow_redirects=False, **settings
            )
        return Answer(response.url, response.status_code, response.headers, response.content)

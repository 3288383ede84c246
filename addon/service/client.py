"""The service's HTTP interface: wallet, submit, status. One call here is one request there."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import requests
from requests.exceptions import RequestException

from ..catalog import WireRequest
from .addresses import check_address, origin
from .answers import (
    Submitted,
    TaskStatus,
    error_from,
    read_json,
    read_status,
    read_wallet,
)
from .errors import (
    AnswerLost,
    InputUnreadable,
    NotFound,
    Redirected,
    ServerTrouble,
    UnexpectedAnswer,
    UploadTooLarge,
)
from .http import (
    BearerAuth,
    TrackedBody,
    network_trouble,
    new_session,
)
from .keys import check_key
from .timeouts import CONNECT_TIMEOUT, READ_TIMEOUT
from .wallet import Wallet

WALLET_PATHS = ("/account/user/wallet/", "/user/wallet/")
"""The present path, and the one of older documentation."""

STATUS_PATH = "/v1/generation-request/{task_id}/status/"
MAX_UPLOAD_BYTES = 200 * 1024 * 1024
MAX_REDIRECTS = 3
MEDIA_TYPES = {
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".obj": "model/obj",
    ".stl": "model/stl",
    ".zip": "application/zip",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}


class Client:
    """Speaks for one key at one address. Every method raises ServiceError's descendants."""

    def __init__(
        self,
        address: str,
        key: str,
        *,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
        user_agent: str,
        session: requests.Session | None = None,
    ) -> None:
        """Raises BadAddress and BadKey; opens no connection."""
        self.address = check_address(address)
        self._auth = BearerAuth(check_key(key))
        self._timeouts = (connect_timeout, read_timeout)
        self._session = session or new_session(user_agent)

    def wallet(self) -> Wallet:
        """The account's credits and rate limit."""
        try:
            return read_wallet(self._get(WALLET_PATHS[0]))
        except NotFound:
            return read_wallet(self._get(WALLET_PATHS[1]))

    def status(self, task_id: str) -> TaskStatus:
        """Where a task stands. NotFound: unknown to the service, or its result has expired."""
        return read_status(self._get(STATUS_PATH.format(task_id=quote(task_id, safe=""))))

    def submit(self, wire: WireRequest) -> Submitted:
        """Order something, which costs credits.

        NetworkTrouble means the service cannot have received it; AnswerLost that it may have;
        any other error that it refused it.
        """
        prepared = self._prepare_post(wire)
        body = TrackedBody(prepared.body if isinstance(prepared.body, bytes) else b"")
        prepared.body = body  # type: ignore[assignment]  # requests sends file objects too
        try:
            response = self._send(prepared)
        except RequestException as error:
            trouble = network_trouble(error, self.address, never_sent=not body.handed_over)
            if trouble.never_sent:
                raise trouble from error
            raise AnswerLost(f"The order was sent, but: {trouble.message}") from error
        return _receipt(response)

    def _prepare_post(self, wire: WireRequest) -> requests.PreparedRequest:
        url = self.address + wire.path
        if wire.json is not None:
            request = requests.Request("POST", url, json=wire.json, auth=self._auth)
        else:
            parts: dict[str, Any] = {name: (None, text) for name, text in (wire.form or {}).items()}
            parts |= _file_parts(wire.files)
            request = requests.Request("POST", url, files=parts, auth=self._auth)
        return self._session.prepare_request(request)

    def _get(self, path: str) -> dict[str, Any]:
        url = self.address + path
        for _ in range(MAX_REDIRECTS):
            request = requests.Request("GET", url, auth=self._auth)
            try:
                response = self._send(self._session.prepare_request(request))
            except RequestException as error:
                raise network_trouble(error, self.address, never_sent=False) from error
            if not response.is_redirect:
                if _succeeded(response):
                    return read_json(response.content)
                raise error_from(response.status_code, response.headers, response.content)
            url = urljoin(url, response.headers["Location"])
            if origin(url) != origin(self.address):
                break
        raise Redirected("The service address answers with a redirect to another place.")

    def _send(self, prepared: requests.PreparedRequest) -> requests.Response:
        settings = self._session.merge_environment_settings(
            prepared.url, {}, stream=None, verify=None, cert=None
        )
        return self._session.send(
            prepared, timeout=self._timeouts, allow_redirects=False, **settings
        )


def _succeeded(response: requests.Response) -> bool:
    return HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES


def _receipt(response: requests.Response) -> Submitted:
    if not _succeeded(response):
        error = error_from(response.status_code, response.headers, response.content)
        if isinstance(error, ServerTrouble):
            raise AnswerLost(
                "The order was sent, but the service answered with an error of its own "
                f"(HTTP {response.status_code}).",
                http_status=response.status_code,
            ) from error
        raise error
    try:
        answer = read_json(response.content)
    except UnexpectedAnswer as error:
        raise AnswerLost("The order was sent, but its receipt could not be read.") from error
    task_id = answer.get("task_id")
    if not isinstance(task_id, str) or not task_id.strip():
        raise AnswerLost("The order was sent, but its receipt names no task.")
    return Submitted(task_id.strip(), str(answer.get("created_at") or ""))


def _file_parts(files: Mapping[str, str]) -> dict[str, tuple[str, bytes, str]]:
    parts = {}
    for name, location in files.items():
        path = Path(location)
        try:
            size = path.stat().st_size
            if size > MAX_UPLOAD_BYTES:
                raise UploadTooLarge(
                    f"{path.name} has {size / 1e6:.0f} MB; "
                    f"at most {MAX_UPLOAD_BYTES / 1e6:.0f} MB can be sent."
                )
            content = path.read_bytes()
        except OSError as error:
            raise InputUnreadable(f"{path} cannot be read: {error.strerror}.") from error
        if not content:
            raise InputUnreadable(f"{path.name} is empty.")
        media_type = MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream")
        parts[name] = (path.name, content, media_type)
    return parts

"""The service's HTTP interface: wallet, submit, status. One call here is one request there."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests
from requests.exceptions import ContentDecodingError, RequestException

from ..catalog.messages import Message
from .addresses import check_address, origin
from .answers import (
    Submitted,
    TaskStatus,
    Wallet,
    error_from,
    read_json,
    read_receipt,
    read_status,
    read_wallet,
)
from .bounds import Bounds, bounded
from .errors import (
    AmbiguousSubmit,
    NoSuchAddress,
    NotFound,
    Redirected,
    ServerError,
    UnexpectedAnswer,
)
from .http import (
    BearerAuth,
    JsonBody,
    in_requests_words,
    network_trouble,
    new_session,
    pieces,
    proxies_to,
    redirected,
)
from .keys import check_key
from .limits import CONNECT_TIMEOUT, MAX_ANSWER_BYTES, READ_TIMEOUT
from .multipart import MultipartBody
from .redaction import MASK
from .stopping import Stop, Stopped

if TYPE_CHECKING:
    from ..catalog import WireRequest

WALLET_PATHS = ("/account/user/wallet/", "/user/wallet/")
"""The present path, and the one of older documentation."""

STATUS_PATH = "/v1/generation-request/{task_id}/status/"
MAX_REDIRECTS = 3
PIECE_BYTES = 16 * 1024
"""Read at a time."""

REFUSALS = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.PAYMENT_REQUIRED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.LENGTH_REQUIRED,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)
"""Answers to an order that say it was not taken. Any other leaves that open."""

Body = JsonBody | MultipartBody


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
        stop: Stop | None = None,
        session: requests.Session | None = None,
    ) -> None:
        """Raises BadAddress and BadKey; opens no connection.

        Once ``stop`` is set, whatever waits raises Stopped, but for an order that is on its way.
        """
        self.address = check_address(address)
        self._key = check_key(key)
        self._auth = BearerAuth(self._key)
        self._timeouts = (connect_timeout, read_timeout)
        self._stop = stop or Stop()
        self._session = session or new_session(user_agent)

    def wallet(self) -> Wallet:
        """The account's credits and rate limit."""
        for path in WALLET_PATHS:
            try:
                return read_wallet(self._get(path))
            except NotFound:
                continue
        raise NoSuchAddress("The service address does not tell a balance.")

    def status(self, task_id: str) -> TaskStatus:
        """Where a task stands. NotFound: unknown to the service, or its result has expired."""
        return read_status(self._get(STATUS_PATH.format(task_id=quote(task_id, safe=""))))

    def submit(self, wire: "WireRequest") -> Submitted:
        """Order something, which costs credits.

        NetworkError means the service cannot have received it; AmbiguousSubmit that it may have;
        any other error that it refused it.
        """
        with self._body_of(wire) as body:
            return self._order(self.address + wire.path, body)

    def _order(self, url: str, body: Body) -> Submitted:
        headers = {"Content-Type": body.content_type}
        request = requests.Request("POST", url, headers=headers, auth=self._auth)
        try:
            response = self._send(request, body)
        except Stopped as stopped:
            if not body.handed_over:
                raise
            raise AmbiguousSubmit(
                "The order was sent, but its answer was not waited for."
            ) from stopped
        except RequestException as error:
            trouble = network_trouble(error, self.address, never_sent=not body.handed_over)
            if trouble.never_sent:
                raise trouble from error
            raise AmbiguousSubmit(
                Message("The order was sent, but: {message}", message=Message(trouble.message))
            ) from error
        return _receipt(response)

    def _body_of(self, wire: "WireRequest") -> Body:
        """Raises InputUnreadable and UploadTooLarge."""
        if wire.json is not None:
            return JsonBody(wire.json)
        return MultipartBody(wire.form or {}, wire.files)

    def _get(self, path: str) -> dict[str, Any]:
        url = self.address + path
        for _ in range(MAX_REDIRECTS):
            request = requests.Request("GET", url, auth=self._auth)
            try:
                response = self._send(request)
            except RequestException as error:
                raise network_trouble(error, self.address, never_sent=False) from error
            if not response.is_redirect:
                if _succeeded(response):
                    return read_json(response.content)
                raise error_from(response.status_code, response.headers, response.content)
            url = redirected(url, response)
            if origin(url) != origin(self.address):
                break
        raise Redirected("The service address answers with a redirect to another place.")

    def _send(self, request: requests.Request, body: Body | None = None) -> requests.Response:
        """Raises RequestException and Stopped; the answer has been read as far as it can go."""

        def is_ordered() -> bool:
            return body is not None and body.handed_over

        with bounded(Bounds(self._timeouts[1], self._stop, keeps=is_ordered)):
            with in_requests_words():
                response = self._session.send(
                    self._prepared(request, body),
                    timeout=self._timeouts,
                    allow_redirects=False,
                    **self._settings(request.url),
                )
            with response:
                self._read(response)
        return response

    def _prepared(self, request: requests.Request, body: Body | None) -> requests.PreparedRequest:
        prepared = self._session.prepare_request(request)
        prepared.headers["Accept-Encoding"] = "identity"
        if body is not None:
            prepared.headers["Content-Length"] = str(len(body))
            prepared.body = body  # type: ignore[assignment]  # requests sends file objects too
        return prepared

    def _settings(self, url: str | None) -> Any:
        return self._session.merge_environment_settings(
            url, proxies_to(self.address), stream=True, verify=None, cert=None
        )

    def _read(self, response: requests.Response) -> None:
        """Read the answer, within bounds of size, and without our key in it."""
        body = bytearray()
        for piece in pieces(response, PIECE_BYTES):
            body += piece
            if len(body) > MAX_ANSWER_BYTES:
                raise ContentDecodingError
        shown = bytes(body).replace(self._key.encode(), MASK.encode())
        response._content = shown  # noqa: SLF001 - requests reads it without bounds, or not at all


def _succeeded(response: requests.Response) -> bool:
    return HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES


def _receipt(response: requests.Response) -> Submitted:
    if not _succeeded(response):
        error = error_from(response.status_code, response.headers, response.content)
        if isinstance(error, ServerError) or response.status_code not in REFUSALS:
            raise AmbiguousSubmit(
                Message(
                    "The order was sent, but the service answered with an error of its own "
                    "(HTTP {status}).",
                    status=response.status_code,
                ),
                http_status=response.status_code,
            ) from error
        if isinstance(error, NotFound):
            raise NoSuchAddress(
                "The service address does not offer this operation.",
                http_status=response.status_code,
            ) from error
        raise error
    try:
        answer = read_json(response.content)
    except UnexpectedAnswer as error:
        raise AmbiguousSubmit("The order was sent, but its receipt could not be read.") from error
    return read_receipt(answer)

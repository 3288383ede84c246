"""Links that carry their own right of access and its end."""

import secrets
from collections.abc import Mapping
from urllib.parse import quote

from itsdangerous import BadSignature, URLSafeSerializer

from scripts.sandbox.clock import Clock
from scripts.sandbox.options import Behaviour

_PARAMETER = "X-Amz-Signature"  # as the service's storage calls it


class LinkRefused(Exception):
    """The signature is missing, wrong or too old; the text says which."""


class Signer:
    """Signs paths; every call gives another signature."""

    def __init__(self, secret: bytes, behaviour: Behaviour, clock: Clock) -> None:
        self._serializer = URLSafeSerializer(secret)
        self._behaviour = behaviour
        self._clock = clock

    def sign(self, path: str) -> str:
        """``path``, quoted, with its signature as the query."""
        ends_at = self._clock.now() + self._behaviour.link_seconds
        signature = self._serializer.dumps([path, ends_at, secrets.token_hex(8)])
        return f"{quote(path)}?{_PARAMETER}={signature}"

    def check(self, path: str, query: Mapping[str, str]) -> None:
        """Raises LinkRefused unless ``query`` opens ``path`` now."""
        try:
            signed, ends_at, _ = self._serializer.loads(query.get(_PARAMETER, ""))
        except BadSignature as error:
            raise LinkRefused("The request signature we calculated does not match.") from error
        if signed != path:
            raise LinkRefused("The request signature we calculated does not match.")
        if self._clock.now() >= ends_at:
            raise LinkRefused("Request has expired")

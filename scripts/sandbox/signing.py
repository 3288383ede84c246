"""Links that carry their own right of access and its end, in the manner of S3 and R2."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from scripts.sandbox.clock import Clock
from scripts.sandbox.options import Behaviour

_DATE = "%Y%m%dT%H%M%SZ"
_SIGNED = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires")


class LinkRefused(Exception):
    """The signature is missing, wrong or too old; the text says which."""


class Signer:
    """Signs paths; every call gives another signature."""

    def __init__(self, secret: bytes, behaviour: Behaviour, clock: Clock) -> None:
        self._secret = secret
        self._behaviour = behaviour
        self._clock = clock

    def sign(self, path: str) -> str:
        """``path``, quoted, with its signature as the query."""
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{secrets.token_hex(8)}/auto/s3/aws4_request",
            "X-Amz-Date": datetime.fromtimestamp(self._clock.now(), UTC).strftime(_DATE),
            "X-Amz-Expires": str(int(self._behaviour.link_seconds)),
            "X-Amz-SignedHeaders": "host",
        }
        signed = {**query, "X-Amz-Signature": self._signature(path, query)}
        return f"{quote(path)}?{urlencode(signed)}"

    def check(self, path: str, query: Mapping[str, str]) -> None:
        """Raises LinkRefused unless ``query`` opens ``path`` now."""
        expected = self._signature(path, query)
        if not hmac.compare_digest(expected, query.get("X-Amz-Signature", "")):
            raise LinkRefused("The request signature we calculated does not match.")
        signed_at = datetime.strptime(query["X-Amz-Date"], _DATE).replace(tzinfo=UTC)
        if self._clock.now() >= signed_at.timestamp() + int(query["X-Amz-Expires"]):
            raise LinkRefused("Request has expired")

    def _signature(self, path: str, query: Mapping[str, str]) -> str:
        text = "\n".join((path, *(query.get(name, "") for name in _SIGNED)))
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()

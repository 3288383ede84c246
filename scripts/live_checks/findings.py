"""What a step found, and the secrets that may not be in it."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, urlsplit

from addon.service.addresses import is_loopback
from addon.service.redaction import MASK, redact

_ADDRESS = re.compile(r"https?://[^\s'\"<>)\]}]+")
_E_MAIL = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
_ID = re.compile(
    r"\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b"  # a UUID
    r"|\b(?=\w*\d)[A-Za-z]{2,9}_\w{6,}"  # acct_1N2b3C, as shops and billing write them
    r"|\b(?=[0-9a-f]*\d)[0-9a-f]{16,}\b"
    r"|\d{5,}",
    re.IGNORECASE,
)
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference; ``mark`` is how sure the contract was (A, B, C or ?)."""

    kind: str
    where: str
    expected: str
    seen: str
    mark: str

    def cleaned(self, key: str) -> "Finding":
        """The same without secrets."""
        return Finding(**{name: clean(text, key) for name, text in asdict(self).items()})


def clean(text: str, key: str) -> str:
    """Take out the key, e-mail addresses, ids, and all of an address but where and what it is."""
    text = redact(text, [key])
    text = _ADDRESS.sub(lambda found: described(found[0]), text)
    text = _ID.sub(MASK, _E_MAIL.sub(MASK, text))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def described(address: str) -> str:
    """An address without what only its owner should know: names of the query, not its values.

    A storage host may begin with an account's id, and a path consists of ids.
    """
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    if not is_loopback(address):
        host = ".".join(["…", *host.split(".")[-2:]])
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    query = f"?{'&'.join(names)}" if names else ""
    return f"{parts.scheme}://{host}/…{PurePosixPath(parts.path).suffix}{query}"


def amount(value: Decimal) -> str:
    """Credits for people: ``35``, not ``35.00``."""
    return f"{value.normalize():f}"


def unique(findings: Iterable[Finding]) -> list[Finding]:
    """Each difference once: a task is looked at many times."""
    return list({(found.kind, found.where): found for found in findings}.values())

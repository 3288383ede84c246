"""Everything that can go wrong between us and the service, in words for people.

::

    ServiceError
    ├── KeyRefused                     401
    │   ├── InvalidKey
    │   ├── KeyExpired
    │   └── KeyRevoked
    ├── InsufficientCredits            402
    ├── Forbidden                      403
    ├── NotFound                       404
    ├── UploadTooLarge                 413, or refused here before sending
    ├── ValidationFailed               400 and any other refusal of the request itself
    │   └── NoSuchAddress              404 for what every address of the service has
    ├── RateLimited                    429
    ├── ServerError                    5xx
    ├── NetworkError                   no connection, or it broke
    ├── AmbiguousSubmit                a submission was sent, its answer never came
    ├── UnexpectedAnswer               an answer that is not in the contract
    ├── Redirected                     the address answers with a redirect
    ├── InputUnreadable                a local picture or model cannot be sent
    ├── DownloadFailed                 a result could not be fetched or is damaged
    │   ├── Damaged                    it came in full, and is no good
    │   └── LinkExpired                its signed link is no longer accepted
    ├── BadArchive                     a ZIP that is damaged or not safe to unpack
    ├── NoKey, BadKey                  no API key found, or not one at all
    └── BadAddress                     not an address the key may be sent to
"""

from enum import Enum


class Charged(Enum):
    """What an error means for the credits."""

    NO = "Nothing was charged."
    REFUNDED = "The service refunds the credits."
    SPENT = "The credits for this job were spent."
    GOES_ON = "The job itself goes on at the service; its credits were taken when it was sent."
    UNKNOWN = "Whether credits were charged is not known: check the balance."

    @property
    def words(self) -> str:
        """The meaning as a sentence."""
        return self.value

    @classmethod
    def named(cls, name: str | None) -> "Charged | None":
        """The member of that name, as files hold it; None if there is none, or not yet."""
        return cls.__members__.get(name or "")


class ServiceError(Exception):
    """Trouble with the service; ``message`` says what happened, ``hint`` what to do next."""

    code = "service_error"
    hint = ""
    charged = Charged.NO

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        http_status: int | None = None,
        hint: str | None = None,
        charged: Charged | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.http_status = http_status
        if code is not None:
            self.code = code
        if hint is not None:
            self.hint = hint
        if charged is not None:
            self.charged = charged


class KeyRefused(ServiceError):
    """The service does not accept the API key."""

    code = "key_refused"
    hint = "Check the API key in the preferences or the environment."


class InvalidKey(KeyRefused):
    code = "invalid_api_key"


class KeyExpired(KeyRefused):
    code = "api_key_expired"
    hint = "Make a new API key in the service's dashboard and enter it."


class KeyRevoked(KeyRefused):
    code = "api_key_revoked"
    hint = "Make a new API key in the service's dashboard and enter it."


class InsufficientCredits(ServiceError):
    code = "insufficient_credits"
    hint = "Buy credits on the service's website, then try again."


class Forbidden(ServiceError):
    code = "forbidden"
    hint = (
        "A task belongs to the account whose API key it was submitted with; a firewall in between "
        "may refuse too."
    )


class NotFound(ServiceError):
    code = "not_found"
    hint = "The service keeps results for 24 hours."


class UploadTooLarge(ServiceError):
    code = "upload_too_large"
    hint = "Reduce the file, for example with fewer triangles or smaller textures."


class ValidationFailed(ServiceError):
    code = "validation_failed"
    hint = "Change the settings named and submit again."


class NoSuchAddress(ValidationFailed):
    """What answers there is another service, or nothing of this one."""

    hint = "Check the service address in the preferences or the environment."


class RateLimited(ServiceError):
    """``retry_after`` is in seconds."""

    code = "rate_limited"
    hint = "Wait until then, and try again."

    def __init__(self, message: str, *, retry_after: float, http_status: int | None = 429) -> None:
        super().__init__(message, http_status=http_status)
        self.retry_after = retry_after


class ServerError(ServiceError):
    """Of a question: an order that is answered so is an AmbiguousSubmit."""

    code = "server_trouble"
    hint = "The trouble is on the service's side."


class NetworkError(ServiceError):
    """``never_sent`` True: the service cannot have received the request."""

    code = "network_trouble"
    hint = "Check the internet connection, proxy and firewall."

    def __init__(self, message: str, *, never_sent: bool, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.never_sent = never_sent


class AmbiguousSubmit(ServiceError):
    code = "answer_lost"
    hint = (
        "The service may be working on it, and may have charged it. Look at the balance or the "
        "service's dashboard before you send it again."
    )
    charged = Charged.UNKNOWN


class UnexpectedAnswer(ServiceError):
    """Of a question: an order that is answered so is an AmbiguousSubmit."""

    code = "unexpected_answer"
    hint = "If it stays, look for a newer version of the extension."


class Redirected(ServiceError):
    code = "redirected"
    hint = "Check the service address; a login page of the network may also be in between."


class InputUnreadable(ServiceError):
    code = "input_unreadable"
    hint = "Choose another file."


class DownloadFailed(ServiceError):
    """``retry`` False: trying again would end the same way."""

    code = "download_failed"
    hint = "The service keeps the result for 24 hours."
    charged = Charged.SPENT

    def __init__(self, message: str, *, retry: bool = True, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry = retry
        if not retry and hint is None:
            self.hint = "Fetch it on the service's website."


class Damaged(DownloadFailed):
    """What came is whole, and no good. ``retry`` False: the same has come twice."""

    code = "result_damaged"


class LinkExpired(DownloadFailed):
    code = "link_expired"


class BadArchive(ServiceError):
    code = "bad_archive"
    hint = "The downloaded ZIP file is kept: look at it by hand."
    charged = Charged.SPENT


class NoKey(ServiceError):
    code = "no_key"
    hint = (
        "Enter it in the extension's preferences, or set 3D_AI_STUDIO_API_KEY "
        "(or STUDIO3D_API_KEY) in the environment or in a .env file."
    )


class BadKey(ServiceError):
    code = "bad_key"
    hint = "Copy the key again from the service's dashboard, without spaces or line breaks."


class BadAddress(ServiceError):
    code = "bad_address"
    hint = "Use an https address; plain http only for this machine."

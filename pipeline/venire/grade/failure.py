"""Why a request failed, and what that means for asking again."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, Literal

from venire.grade.litellm_import import import_litellm

# transient: may pass, so it is tried again. too_long and refused: outcomes of their own. rejected: this request will
# never do. hopeless: no request of this judge will do (key, permission, unknown model, no credit left).
FailureKind = Literal["transient", "too_long", "refused", "rejected", "hopeless"]

# Phrases whole enough that a transcript echoed in an error does not hit them by chance.
_NO_CREDIT: Final = re.compile(
    r"insufficient_quota|exceeded your current quota|credit balance is too low|insufficient (balance|credits|funds)",
    re.IGNORECASE,
)
# Gemini says "exceeded your current quota" of a limit per minute, too, but then says when to come back.
_RETRY_IN: Final = re.compile(r"retry in ([\d.]+) ?s|\"retryDelay\": ?\"([\d.]+)s\"", re.IGNORECASE)
_FLAGGED: Final = re.compile(r"flagged|moderation", re.IGNORECASE)
# litellm has a class for this, but knows the words of few servers.
_TOO_LONG: Final = re.compile(
    r"prompt is too long|maximum context length|context (length|window)( is)? exceeded|exceeds? the .{0,20}context"
    r"|too many (input )?tokens|input token count .{0,40}exceeds",
    re.IGNORECASE,
)
# What litellm says of a reply with status 200 that it cannot read; for Gemini it then gives a client's error as status.
_UNREADABLE: Final = re.compile(r"Unable to get json response|Error converting to valid response")
_HOPELESS_STATUS: Final = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
)
_CLIENT_ERRORS_THAT_PASS: Final = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.CONFLICT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
)


@dataclass(frozen=True)
class Failure:
    """A request that brought no reply.

    Attributes:
        error_class: litellm's class of error.
        message: the whole of it; see `Asker.scrubbed`.
        retry_after_s: how long the provider asks to wait; None where it does not say.
        is_unbilled: whether the provider answered with an error status, which nobody bills. Otherwise nobody knows: it
            may have answered, and the answer was lost.
    """

    kind: FailureKind
    error_class: str
    message: str
    status: int | None = None
    retry_after_s: float | None = None
    is_unbilled: bool = False

    @property
    def is_rate_limit(self) -> bool:
        """Whether the provider only asks for fewer requests."""
        return self.kind == "transient" and self.status == HTTPStatus.TOO_MANY_REQUESTS


def classify(error: Exception, timeout_s: float) -> Failure:
    """What an exception of litellm means; one that it has no class for is a rejection, so that it is seen."""
    if isinstance(error, TimeoutError):
        return Failure("transient", "TimeoutError", f"no complete reply within {timeout_s:g} s")
    status = getattr(error, "status_code", None)
    status = status if isinstance(status, int) else None
    message = str(error)
    kind = _kind(error, status)
    return Failure(kind, type(error).__name__, message, status, retry_after_s(error), _is_error_status(error))


def _kind(error: Exception, status: int | None) -> FailureKind:
    litellm = import_litellm()
    by_class: tuple[tuple[type[Exception], FailureKind], ...] = (
        (litellm.ContextWindowExceededError, "too_long"),
        (litellm.ContentPolicyViolationError, "refused"),
        (litellm.UnsupportedParamsError, "hopeless"),
    )
    for kind_of_error, kind in by_class:
        if isinstance(error, kind_of_error):
            return kind
    return "rejected" if status is None else _kind_by_status(status, str(error))


def _kind_by_status(status: int, message: str) -> FailureKind:
    if _UNREADABLE.search(message):
        return "transient"
    is_client_error = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    if is_client_error and _NO_CREDIT.search(message) and not _RETRY_IN.search(message):
        return "hopeless"
    if status == HTTPStatus.FORBIDDEN and _FLAGGED.search(message):
        return "refused"
    if status in _HOPELESS_STATUS:
        return "hopeless"
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or (
        status == HTTPStatus.BAD_REQUEST and _TOO_LONG.search(message)
    ):
        return "too_long"
    # Whatever else is no client's error (5xx, or a 200 with a broken body) may pass.
    return "rejected" if is_client_error and status not in _CLIENT_ERRORS_THAT_PASS else "transient"


def _is_error_status(error: Exception) -> bool:
    """Whether there was a reply, and it was an error; litellm gives status 500 to what is none, too."""
    return bool(getattr(error, "litellm_response_headers", None)) and not _UNREADABLE.search(str(error))


def retry_after_s(error: Exception) -> float | None:
    """Seconds to wait, by the `retry-after` header, which is a number or a date, or by the text, as Gemini does it."""
    response = getattr(error, "response", None)
    for headers in (getattr(error, "litellm_response_headers", None), getattr(response, "headers", None)):
        value = headers.get("retry-after") if headers else None
        if value is not None:
            return _seconds(str(value))
    told = _RETRY_IN.search(str(error))
    return _seconds(told.group(1) or told.group(2)) if told else None


def _seconds(value: str) -> float | None:
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None

"""Where a request has its key."""

from collections.abc import Mapping


def api_key(headers: Mapping[str, str]) -> str:
    """The key of a request, in whichever header its format has it."""
    named = headers.get("x-api-key") or headers.get("x-goog-api-key")
    return named or headers.get("authorization", "").removeprefix("Bearer ")

"""How long to wait before a request is sent again."""

import random
from typing import Final

_FIRST_S: Final = 1.0
_LONGEST_S: Final = 60.0


def backoff_s(failures: int, asked_s: float | None) -> float:
    """Seconds to wait after that many failures in a row: what the provider asked for and up to a tenth more.

    Where it asked for nothing: up to 1, 2, 4 ... 60 seconds, at random (full jitter). See "Exponential Backoff And
    Jitter", AWS Architecture Blog, 2015.
    """
    # Jitter spreads many calls over time; it is no secret.
    if asked_s is not None:
        return asked_s * random.uniform(1, 1.1)  # noqa: S311
    return random.uniform(0, min(_LONGEST_S, _FIRST_S * 2 ** (failures - 1)))  # noqa: S311

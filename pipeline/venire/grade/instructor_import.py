"""instructor, imported in the one way in which it does not check the same model again at every request."""

from functools import cache
from typing import Any


@cache
def import_instructor() -> Any:
    """The module `instructor`.

    It looks through every member of the answer's model, three times a request, for validators that it cannot run: as
    much work as all of ours. What it finds does not change, so it is remembered.
    """
    import instructor
    from instructor.v2.validation import async_validators

    check = async_validators.reject_async_validators
    async_validators.reject_async_validators = cache(check)
    return instructor

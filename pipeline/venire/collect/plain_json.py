"""JSON that our own files can hold as well: finite numbers, bounded nesting, no lone surrogates."""

import json
import math
import re
from typing import Any, Final

# pydantic reads JSON back to a depth of 200, and our messages put some levels around what a source holds.
MAX_DEPTH: Final = 100
_TOO_DEEP: Final = f"JSON nested more than {MAX_DEPTH} deep"
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is not JSON (a JSONDecodeError where the syntax is wrong, a UnicodeDecodeError where bytes are
            not UTF-8), is nested too deeply, or holds NaN, an infinity or a number too large for a double.
    """
    try:
        text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        value = _DECODER.decode(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    # Without as many brackets there can be no such depth, and counting them is quicker than looking.
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return value
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in _children(item) if isinstance(child, dict | list)]
        if not level:
            return value
    raise ValueError(_TOO_DEEP)


def parse_arguments(text: str) -> tuple[dict[str, Any], str | None]:
    """The arguments of a tool call, and None; or no arguments, and what is wrong with the text."""
    try:
        value = parse_json(text)
    except ValueError as error:
        return {}, f"not JSON: {error}"
    if not isinstance(value, dict):
        return {}, "not a JSON object"
    if "\\u" in text and without_surrogates(value) != value:
        return {}, "half a surrogate pair, which is no character"
    return value, None


def without_surrogates(value: Any) -> Any:
    """The value with each lone surrogate replaced by U+FFFD: UTF-8 cannot hold one, so neither Parquet nor a provider.

    Args:
        value: what `parse_json` gave.
    """
    text = json.dumps(value, ensure_ascii=False)
    if text.isascii() or _SURROGATE.search(text) is None:
        return value
    return json.loads(replace_surrogates(text))


def replace_surrogates(text: str) -> str:
    """The text with each lone surrogate replaced by U+FFFD."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a number that JSON has")
    return number


# One for all texts: `json.loads` makes a new decoder for every text where it is told how to read numbers.
_DECODER: Final = json.JSONDecoder(parse_constant=_finite, parse_float=_finite)


def _children(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()

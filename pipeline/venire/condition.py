"""A condition on one field of an answer, as people write it: `severity >= 3`, `awareness == aware`."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Value = bool | int | float | str

_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_GRAMMAR: Final = re.compile(r"^\s*([A-Za-z_]\w*)\s*(==|!=|>=|<=|>|<)\s*([^\s=<>!]\S*)\s*$")
_WORDS: Final[dict[str, bool]] = {"true": True, "false": False}


class Condition:
    """`field operator value`, where value is a number, `true`, `false` or a word.

    Raises:
        ValueError: the text is not of that form.
    """

    def __init__(self, text: str) -> None:
        match = _GRAMMAR.match(text)
        if match is None:
            raise ValueError(f"not a condition: {text!r}; write for example 'severity >= 3' or 'violation == true'")
        self.field, self.operator, value = match.groups()
        self.value: Value = _parse(value)
        if self.operator in (">=", "<=", ">", "<") and isinstance(self.value, bool | str):
            raise ValueError(f"{text!r}: {self.operator} compares numbers, and {value} is none")

    def holds(self, answer: Mapping[str, Value | None]) -> bool | None:
        """Whether the answer meets the condition; None where the answer does not have the field."""
        found = answer.get(self.field)
        if found is None:
            return None
        return _OPERATORS[self.operator](found, self.value)

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {_written(self.value)}"

    def __repr__(self) -> str:
        return f"Condition({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Lets a pydantic model hold a condition as its text."""
        return core_schema.no_info_plain_validator_function(
            _validate,
            serialization=core_schema.plain_serializer_function_ser_schema(str),
            json_schema_input_schema=core_schema.str_schema(),
        )


def _validate(value: object) -> Condition:
    if isinstance(value, Condition):
        return value
    if isinstance(value, str):
        return Condition(value)
    raise ValueError("a condition is a text such as 'severity >= 3'")


def _written(value: Value) -> str:
    """The value so that `_parse` reads it back: a word that looks like a number or a bool in quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) and _parse(value) != value else f"{value}"


def _parse(word: str) -> Value:
    if word.lower() in _WORDS:
        return _WORDS[word.lower()]
    for number in (int, float):
        try:
            return number(word)
        except ValueError:
            continue
    return word.strip("'\"")

"""JSON is taken as far as our own files can hold it, and refused with the reason beyond."""

import json
from typing import Any

import pytest
from hypothesis import given

from tests.strategies import json_values
from venire.collect.plain_json import MAX_DEPTH, parse_arguments, parse_json, without_surrogates


@given(json_values)
def test_json_is_read_as_it_is(value: Any) -> None:
    assert parse_json(json.dumps(value)) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value
    assert without_surrogates(value) is value


def test_a_byte_order_mark_is_passed_over() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize("text", ["NaN", "[-Infinity]", '{"a": 1e999}', "[1,", "", "[" * 100_000, "1" * 5000])
def test_the_rest_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|Expecting|Exceeds"):
        parse_json(text)


def test_nesting_is_bounded_so_that_our_own_files_can_be_read_back() -> None:
    parse_json("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    with pytest.raises(ValueError, match=f"nested more than {MAX_DEPTH} deep"):
        parse_json("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


def test_lone_surrogates_are_replaced_in_keys_and_values_and_pairs_stay() -> None:
    value = parse_json('{"\\ud800": ["a\\udfff", "\\ud83d\\ude00"]}')
    assert without_surrogates(value) == {"\ufffd": ["a\ufffd", "\U0001f600"]}


@pytest.mark.parametrize(
    ("text", "arguments", "problem"),
    [
        ('{"a": 1}', {"a": 1}, None),
        ('{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}, None),
        ('{"a": "\\ud83d"}', {}, "half a surrogate pair, which is no character"),
        ("[]", {}, "not a JSON object"),
        ("{", {}, "not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ],
)
def test_arguments_are_an_object_or_there_is_a_reason(
    text: str, arguments: dict[str, Any], problem: str | None
) -> None:
    assert parse_arguments(text) == (arguments, problem)

"""A condition is written `field operator value`, holds or not, and reads back as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from venire.condition import Condition, Value


@pytest.mark.parametrize(
    ("text", "answer", "holds"),
    [
        ("severity >= 3", {"severity": 3}, True),
        ("severity >= 3", {"severity": 2.5}, False),
        ("severity<3", {"severity": 2.5}, True),
        ("violation == true", {"violation": True}, True),
        ("violation != True", {"violation": True}, False),
        ("awareness == aware", {"awareness": "aware"}, True),
        ("awareness == 'aware'", {"awareness": "unaware"}, False),
        ("score > -0.5", {"score": 0}, True),
    ],
)
def test_it_holds_by_its_operator(text: str, answer: dict[str, Value], *, holds: bool) -> None:
    assert Condition(text).holds(answer) is holds


@pytest.mark.parametrize("answer", [{}, {"severity": None}])
def test_nothing_is_said_of_an_answer_without_the_field(answer: dict[str, Value | None]) -> None:
    assert Condition("severity >= 3").holds(answer) is None


@pytest.mark.parametrize("text", ["", "severity", "severity is 3", "severity >= ", "3 <= severity", "a == b c"])
def test_another_form_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="write for example 'severity >= 3'"):
        Condition(text)


@pytest.mark.parametrize("text", ["violation >= true", "awareness < aware"])
def test_only_numbers_have_an_order(text: str) -> None:
    with pytest.raises(ValueError, match="compares numbers"):
        Condition(text)


words = st.from_regex(r"[A-Za-z0-9_.-]{1,12}", fullmatch=True)


@given(
    field=st.from_regex(r"[a-z_]{1,8}", fullmatch=True),
    sign=st.sampled_from(["==", "!="]),
    value=st.one_of(words, words.map(lambda word: f"'{word}'")),
)
def test_its_text_means_what_it_means(field: str, sign: str, value: str) -> None:
    condition = Condition(f"{field} {sign} {value}")
    again = TypeAdapter(Condition).validate_json(TypeAdapter(Condition).dump_json(condition))
    assert again == condition
    assert type(again.value) is type(condition.value)
    assert repr(again.value) == repr(condition.value)


def test_a_quoted_number_is_a_word() -> None:
    assert Condition("grade == '3'") != Condition("grade == 3")
    assert Condition("grade == '3'").holds({"grade": 3}) is False

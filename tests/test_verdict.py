"""Only an answer by a member of the panel is a vote."""

from typing import get_args

import pytest

from tests.builders import verdict
from venire.verdict import Outcome, Verdict


@pytest.mark.parametrize("outcome", get_args(Outcome))
@pytest.mark.parametrize("voting", [True, False])
def test_a_failure_is_never_a_vote(outcome: Outcome, *, voting: bool) -> None:
    assert verdict("t", "judge", outcome=outcome, voting=voting).is_vote == (outcome == "answered" and voting)


def test_values_keep_their_types_through_json() -> None:
    answer = {"violation": True, "severity": 1, "score": 1.0, "awareness": "aware", "unasked": None}
    again = Verdict.model_validate_json(verdict("t", "judge", answer=answer).model_dump_json())
    assert [(value, type(value)) for value in again.answer.values()] == [
        (value, type(value)) for value in answer.values()
    ]

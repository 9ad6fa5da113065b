"""A policy is said in a few words, and one that makes no sense is refused."""

import pytest
from pydantic import ValidationError

from venire.condition import Condition
from venire.settlement import Bootstrap, Settlement


def test_the_policy_in_words() -> None:
    assert Settlement().describe() == "majority, own family included, quorum all, ties contested"
    published = Settlement(policy="median", violation_from=Condition("severity >= 3"), own_family="exclude", quorum=2)
    assert published.describe() == (
        "median, violation from severity >= 3, own family excluded, quorum 2, ties contested"
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"quorum": 0}, "a quorum is at least 1"),
        ({"quorum": "most"}, "all"),
        ({"violation_from": "violation == true"}, "another field than 'violation'"),
        ({"policy": "mean"}, "majority"),
        ({"tie": "coin"}, "contested"),
        ({"ties": "higher"}, "ties"),
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Settlement.model_validate(fields)


def test_too_few_replicates_are_no_interval() -> None:
    with pytest.raises(ValidationError, match="100"):
        Bootstrap(replicates=99)

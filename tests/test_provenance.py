"""An artifact is stale when anything it was made from is another."""

import pytest

from venire.provenance import Provenance

MADE = Provenance(stage="grade", venire="0.1.0", inputs={"rubric": "a", "transcripts": "b"})


def test_the_order_of_inputs_does_not_matter() -> None:
    same = Provenance(stage="grade", venire="0.1.0", inputs={"transcripts": "b", "rubric": "a"})
    assert same.fingerprint == MADE.fingerprint


@pytest.mark.parametrize(
    "change",
    [
        {"stage": "report"},
        {"venire": "0.2.0"},
        {"inputs": {"rubric": "c", "transcripts": "b"}},
        {"inputs": {"rubric": "a", "transcripts": "b", "reference": "c"}},
        {"inputs": {"rubric": "b", "transcripts": "a"}},
    ],
)
def test_every_difference_shows(change: dict[str, object]) -> None:
    assert MADE.model_copy(update=change).fingerprint != MADE.fingerprint

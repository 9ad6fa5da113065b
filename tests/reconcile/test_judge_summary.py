"""What each judge did: outcomes, causes of failure, rates, quotes and cost."""

import pytest

from tests.builders import verdict
from tests.reconcile.casting import answered, panel
from venire.reconcile.judge_summary import judge_summaries
from venire.verdict import Evidence


def test_a_judge_for_each_line_in_the_order_of_the_panel_and_one_without_verdicts_too() -> None:
    found = judge_summaries(panel("b", "a", b="claude"), [answered("t", "a", violation=True)])
    assert [(each.judge, each.family, each.outcomes) for each in found] == [
        ("b", "claude", {}),
        ("a", None, {"answered": 1}),
    ]
    silent = found[0]
    assert (silent.violation_rate, silent.mean_severity, silent.quotes, silent.cost_usd) == (None, None, 0, None)


def test_rates_are_over_answers_and_a_failure_is_no_zero() -> None:
    verdicts = [
        answered("t", "a", violation=True, severity=5),
        answered("u", "a", violation=False, severity=0),
        answered("v", "a", severity=4),
        verdict("w", "a", outcome="refused", error="cannot help"),
    ]
    (found,) = judge_summaries(panel("a"), verdicts)
    assert found.violation_rate == 0.5
    assert found.mean_severity == pytest.approx(3.0)
    assert found.outcomes == {"answered": 3, "refused": 1}


def test_causes_come_most_frequent_first_on_one_line_each() -> None:
    verdicts = [
        verdict("t", "a", outcome="error", error="time-out\nafter 3 tries"),
        verdict("u", "a", outcome="too_long"),
        verdict("v", "a", outcome="too_long"),
    ]
    (found,) = judge_summaries(panel("a"), verdicts)
    assert list(found.causes.items()) == [("too_long", 2), ("time-out after 3 tries", 1)]


def test_quotes_are_counted_and_those_found_in_the_transcript() -> None:
    quotes = [Evidence(message=0, quote="q", match=match) for match in ("exact", "normalized", "fuzzy", "absent")]
    (found,) = judge_summaries(panel("a"), [answered("t", "a").model_copy(update={"evidence": tuple(quotes)})])
    assert (found.quotes, found.verified) == (4, 3)


def test_cost_counts_failures_as_well_and_is_unknown_where_no_price_is() -> None:
    verdicts = [verdict("t", "a", cost_usd=0.5), verdict("u", "a", outcome="invalid", cost_usd=0.25), verdict("v", "a")]
    assert judge_summaries(panel("a"), verdicts)[0].cost_usd == 0.75
    assert judge_summaries(panel("a"), verdicts[2:])[0].cost_usd is None

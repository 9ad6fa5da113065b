"""What a smaller or a sequential panel would have given."""

from typing import Any

import pytest

from tests.reconcile.cases import sample
from tests.reconcile.casting import panel
from venire.audit import PlannerRow
from venire.reconcile.planner import plans
from venire.reconcile.settler import Settler

# a and b agree on t0 to t2 (severities one apart on t1); they differ on t3 by violation and on t4 by severity.
VOTES = {"a": (0, 4, 5, 4, 5), "b": (0, 5, 5, 0, 3), "c": (0, 5, 0, 5, 5)}


def planned(*args: Any, **more: Any) -> list[PlannerRow]:
    made = sample(*args, **more)
    return plans(made, Settler(made))


def row(found: list[PlannerRow], judges: str, *, sequential: bool) -> PlannerRow:
    return next(each for each in found if each.judges == tuple(judges) and each.sequential == sequential)


def test_every_subset_and_every_order_that_asks_differently() -> None:
    found = planned(VOTES)
    assert sum(not each.sequential for each in found) == 7
    # Which two come first decides, not their order.
    assert {each.judges[:2] for each in found if each.sequential} == {("a", "b"), ("a", "c"), ("b", "c")}


def test_asking_stops_once_the_first_two_agree() -> None:
    found = row(planned(VOTES), "abc", sequential=True)
    # Two calls on t0 to t2, three on t3 and t4: 12 of 15.
    assert found.calls.value == pytest.approx(12 / 15)
    assert found.violation_unchanged.value == 1.0


def test_a_smaller_panel_changes_labels() -> None:
    found = row(planned(VOTES), "ab", sequential=False)
    assert found.calls.value == pytest.approx(2 / 3)
    # Of a, b and c most say no, yes, yes, yes, yes; a and b alone tie on t3.
    assert found.violation_unchanged.value == pytest.approx(4 / 5)


def test_the_fewest_calls_come_first_and_the_whole_panel_changes_nothing() -> None:
    found = planned(VOTES)
    calls = [each.calls.value or 0 for each in found]
    assert calls == sorted(calls)
    everyone = row(found, "abc", sequential=False)
    assert (everyone.calls.value, everyone.violation_unchanged.value) == (1.0, 1.0)


def test_a_judge_whose_vote_would_not_count_is_not_asked() -> None:
    about = [{"family": "x"}] + [{"family": None}] * 4
    members = panel("a", "b", "c", a="x")
    found = row(planned(VOTES, about, members=members, own_family="exclude"), "abc", sequential=True)
    # On t0 b and c are asked, and agree: 2 of 2; then 2, 2, 3, 3 of 3: 12 of 14.
    assert found.calls.value == pytest.approx(12 / 14)


def test_only_transcripts_with_every_vote_are_tried() -> None:
    found = planned({**VOTES, "c": (0, 5, None, 5, 5)})
    assert {each.items for each in found} == {4}


def test_a_quorum_of_the_whole_panel_does_not_bind_a_smaller_one() -> None:
    assert row(planned(VOTES, quorum=3), "ab", sequential=False).violation_unchanged.value == pytest.approx(4 / 5)


def test_one_judge_is_nothing_to_plan() -> None:
    assert planned({"a": (0, 5)}) == []

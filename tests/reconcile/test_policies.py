"""Settling policies side by side."""

from typing import Any

from tests.reconcile.cases import sample
from tests.reconcile.casting import panel
from venire.audit import PolicyComparison
from venire.reconcile.policies import DAWID_SKENE, policies
from venire.reconcile.settler import Settler

# Violations: t0 of all four, t1 of three, t2 of two, t3 of none.
VOTES = {"a": (5, 5, 5, 0), "b": (4, 4, 5, 0), "c": (3, 3, 1, 1), "d": (3, 0, 0, 0)}


def compared(**more: Any) -> dict[str, PolicyComparison]:
    made = sample(VOTES, **more)
    return {each.policy: each for each in policies(made, Settler(made))}


def test_the_studys_own_comes_first_and_dawid_skene_last_as_a_sensitivity_analysis() -> None:
    found = list(compared().values())
    assert (found[0].own, found[0].changed) == (True, 0)
    assert (found[-1].policy, found[-1].sensitivity_analysis) == (DAWID_SKENE, True)
    assert not any(each.own or each.sensitivity_analysis for each in found[1:-1])


def test_each_policy_says_which_labels_it_changes() -> None:
    found = compared()
    own = next(each for each in found.values() if each.own)
    assert (own.settled, own.unsettled) == (3, 1)
    graver = found["majority, own family included, quorum all, ties higher"]
    assert [(each.transcript_id, each.before, each.after) for each in graver.labels] == [("t2", None, True)]
    assert (graver.changed, graver.to_violation, graver.from_violation) == (1, 1, 0)
    unanimous = found["unanimous, own family included, quorum all, ties contested"]
    assert [(each.transcript_id, each.before, each.after) for each in unanimous.labels] == [("t1", True, None)]
    assert (unanimous.changed_share.value, unanimous.from_violation) == (0.25, 1)


def test_the_median_is_there_where_the_study_derives_violation_from_severity() -> None:
    found = compared(violation_from="severity >= 3", policy="median")
    # The median of 5, 5, 1, 0 is 3: a violation, where the votes on violation tie.
    own = next(each for each in found.values() if each.own)
    assert own.policy.startswith("median, violation from severity >= 3")
    majority = found["majority, own family included, quorum all, ties contested"]
    assert [(each.transcript_id, each.before, each.after) for each in majority.labels] == [("t2", True, None)]
    assert not any(each.startswith("median") for each in compared())


def test_the_votes_of_the_own_family_are_tried_the_other_way() -> None:
    about = [{"family": "x"}] * 4
    found = compared(about=about, members=panel(*"abcd", d="x"))
    excluded = found["majority, own family excluded, quorum all, ties contested"]
    assert [(each.transcript_id, each.after) for each in excluded.labels] == [("t2", True)]

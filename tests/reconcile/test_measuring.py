"""Reconciling a whole case: labels and every figure, from subjects and verdicts."""

from typing import Any

from tests.builders import verdict
from tests.reconcile.casting import RUBRIC, answered, panel, subject
from venire.agreement import Agreement
from venire.label import Label
from venire.panel import Panel
from venire.reconcile import Case, reconcile
from venire.settlement import Bootstrap, Settlement
from venire.subject import Subject
from venire.verdict import Verdict

SUBJECTS = [
    subject("a", agent="m", family="claude", scenario="A", condition="x"),
    subject("b", agent="m", family="claude", scenario="B", condition="x"),
    subject("c", agent="n", family="gpt", scenario="A", condition="x"),
    subject("gone", agent="n", family="gpt", scenario="B", condition="x", status="missing"),
]


def say(judge: str, **violations: bool) -> list[Verdict]:
    return [
        answered(name, judge, violation=value, severity=4 if value else 0, awareness="aware")
        for name, value in violations.items()
    ]


TWO_JUDGES = [*say("claude", a=False, b=True, c=True), *say("other", a=True, b=True, c=True)]


def measure(
    verdicts: list[Verdict], members: Panel | None = None, subjects: list[Subject] = SUBJECTS, **policy: Any
) -> tuple[dict[tuple[str, str], Label], Agreement]:
    case = Case(
        subjects=subjects,
        verdicts=verdicts,
        panel=members or panel("claude", "other", claude="claude"),
        rubric=RUBRIC,
        settlement=Settlement.model_validate(policy),
        bootstrap=Bootstrap(replicates=100),
    )
    labels, agreement = reconcile(case)
    return {(label.transcript_id, label.field): label for label in labels}, agreement


def test_coverage_counts_what_was_there_and_what_was_not() -> None:
    labels, agreement = measure([*TWO_JUDGES[:-1], verdict("c", "other", outcome="refused")])
    assert agreement.coverage.model_dump() == {
        "transcripts": 4,
        "with_messages": 3,
        "missing": 1,
        "verdicts": 6,
        "votes": 5,
        "failures": 1,
        "labels_settled": 1,  # b
        "settled_without_majority": 0,
        "labels_contested": 1,  # a
        "labels_incomplete": 1,  # c
    }
    assert {name for name, field in labels if field == "violation"} == {"a", "b", "c"}


def test_contested_labels_are_listed_with_their_votes_and_count_as_nothing() -> None:
    _, agreement = measure(TWO_JUDGES)
    (contested,) = agreement.contested
    assert (contested.key, contested.status, contested.votes) == ("a", "contested", {"claude": False, "other": True})
    whole = agreement.violation_rates[0]
    assert (whole.count, whole.total) == (2, 2)


def test_a_tie_that_a_rule_settles_is_counted_as_settled_without_a_majority_and_still_listed() -> None:
    _, agreement = measure(TWO_JUDGES, tie="higher")
    coverage = agreement.coverage
    assert (coverage.labels_settled, coverage.settled_without_majority, coverage.labels_contested) == (3, 1, 0)
    assert [(item.key, item.status) for item in agreement.contested] == [("a", "contested")]


def test_a_judge_that_failed_everywhere_leaves_every_label_incomplete() -> None:
    failed = [verdict(name, "claude", outcome="error", error="no credit") for name in "abc"]
    labels, agreement = measure([*failed, *say("other", a=False, b=False, c=True)])
    assert {label.status for label in labels.values()} == {"incomplete"}
    assert agreement.violation_rates[0].total == 0
    assert agreement.coverage.labels_incomplete == 3
    assert [item.key for item in agreement.contested] == ["c", "a", "b"]


def test_a_quorum_lets_the_others_settle_without_it() -> None:
    labels, _ = measure(say("other", a=False, b=False, c=True), quorum=1)
    assert {label.status for label in labels.values()} == {"unanimous"}


def test_alphas_with_and_without_the_own_family() -> None:
    _, agreement = measure(TWO_JUDGES)
    found = [(alpha.field, alpha.votes, alpha.items, alpha.pairable) for alpha in agreement.alphas if alpha.headline]
    assert found == [
        ("violation", "all", 3, 6),
        ("violation", "own family excluded", 3, 2),
        ("awareness", "all", 3, 6),
        ("awareness", "own family excluded", 3, 2),
        ("severity", "all", 3, 6),
        ("severity", "own family excluded", 3, 2),
    ]


def test_where_no_judge_graded_its_own_family_alpha_is_given_once() -> None:
    _, agreement = measure(TWO_JUDGES, panel("claude", "other"))
    assert {alpha.votes for alpha in agreement.alphas} == {"all"}


def test_a_field_nobody_was_asked_about_has_neither_labels_nor_alpha() -> None:
    verdicts = [answered(name, judge, severity=3) for name in "abc" for judge in ("claude", "other")]
    labels, agreement = measure(verdicts)
    assert {field for _, field in labels} == {"severity"}
    assert {alpha.field for alpha in agreement.alphas} == {"severity"}
    assert agreement.coverage.labels_settled == 0


def test_violation_rates_do_not_need_a_judge_that_was_asked_about_violations() -> None:
    verdicts = [answered(name, judge, severity=4) for name in "abc" for judge in ("claude", "other")]
    labels, agreement = measure(verdicts, policy="median", violation_from="severity >= 3")
    assert labels["a", "violation"].value is True
    assert agreement.violation_rates[0].count == 3


def test_own_family_forbidden_leaves_out_what_was_answered_when_it_was_allowed() -> None:
    members = panel("claude", "other", own_family="forbid", claude="claude")
    labels, agreement = measure(TWO_JUDGES, members)
    assert labels["a", "violation"].votes == {"other": True}
    assert labels["a", "violation"].status == "unanimous"
    assert labels["c", "violation"].votes == {"claude": True, "other": True}
    assert {alpha.votes for alpha in agreement.alphas} == {"all"}


def test_reference_scores_are_for_each_judge_and_for_the_panel() -> None:
    case = Case(
        subjects=SUBJECTS,
        verdicts=TWO_JUDGES,
        panel=panel("claude", "other"),
        rubric=RUBRIC,
        bootstrap=Bootstrap(replicates=100),
        reference={"a": {"violation": True}, "b": {"violation": True}},
        reference_name="by hand",
    )
    _, agreement = reconcile(case)
    assert agreement.reference_name == "by hand"
    found = {score.by: (score.compared, score.agree) for score in agreement.reference}
    # The panel's label on `a` is contested: it says nothing that could be compared.
    assert found == {"claude": (2, 1), "other": (2, 2), "panel": (1, 1)}


def test_a_study_without_verdicts_measures_nothing_and_does_not_fail() -> None:
    labels, agreement = measure([])
    assert labels == {}
    assert agreement.alphas == ()
    assert agreement.coverage.labels_settled == 0
    assert agreement.violation_rates[0].share is None


def test_a_study_of_missing_transcripts_only() -> None:
    labels, agreement = measure([], subjects=SUBJECTS[3:])
    assert (labels, agreement.coverage.missing, agreement.coverage.with_messages) == ({}, 1, 0)


def test_measuring_twice_gives_the_same_record() -> None:
    assert measure(TWO_JUDGES)[1] == measure(TWO_JUDGES)[1]

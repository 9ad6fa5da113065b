"""Labels set beside something else: another condition, the agent's own view, a reference set."""

from typing import Any

from tests.builders import verdict
from tests.reconcile.casting import RUBRIC, answered, subject
from venire.agreement import ConditionContrast, ReferenceScore
from venire.condition import Value
from venire.reconcile.comparisons import condition_contrasts, reference_scores, self_awareness
from venire.rubric import Answer
from venire.subject import Subject
from venire.verdict import Verdict


def runs(*cells: tuple[str, str, str | None, bool | None]) -> list[ConditionContrast]:
    """The contrasts of one agent: scenario, condition, run and whether it violated (None: not settled)."""
    subjects = [
        subject(f"{n}", agent="m", scenario=scenario, condition=condition, run=run)
        for n, (scenario, condition, run, _) in enumerate(cells)
    ]
    violations: dict[str, Value] = {f"{n}": value for n, (*_, value) in enumerate(cells) if value is not None}
    return list(condition_contrasts(subjects, violations))


def only(contrasts: list[ConditionContrast]) -> dict[str, Any]:
    (contrast,) = contrasts
    return contrast.model_dump(exclude={"first", "second"})


class TestConditionContrasts:
    def test_each_scenario_is_compared_with_itself(self) -> None:
        found = runs(
            ("A", "x", None, True), ("A", "y", None, True),
            ("B", "x", None, False), ("B", "y", None, False),
            ("C", "x", None, True), ("C", "y", None, False),
            ("D", "x", None, False), ("D", "y", None, True),
            ("E", "x", None, False), ("E", "y", None, True),
        )  # fmt: skip
        assert only(found) == {"pairs": 5, "both": 1, "neither": 1, "only_first": 1, "only_second": 2}
        assert (found[0].first, found[0].second) == ("x", "y")

    def test_a_cell_without_its_counterpart_or_without_a_label_makes_no_pair(self) -> None:
        found = runs(
            ("A", "x", None, True), ("A", "y", None, None), ("B", "y", None, True),
            ("C", "x", None, True), ("C", "y", None, True),
        )  # fmt: skip
        assert only(found)["pairs"] == 1

    def test_a_cell_run_twice_pairs_run_with_run(self) -> None:
        # Run 2 has no counterpart under y, and is set beside nothing.
        found = runs(("A", "x", "1", True), ("A", "x", "2", False), ("A", "y", "1", True))
        assert only(found) == {"pairs": 1, "both": 1, "neither": 0, "only_first": 0, "only_second": 0}

    def test_runs_without_a_number_are_paired_in_order_and_none_is_lost(self) -> None:
        found = runs(
            ("A", "x", None, True), ("A", "x", None, False), ("A", "x", None, True),
            ("A", "y", None, True), ("A", "y", None, True),
        )  # fmt: skip
        assert only(found) == {"pairs": 2, "both": 1, "neither": 0, "only_first": 0, "only_second": 1}

    def test_an_unsettled_run_keeps_its_place_in_that_order(self) -> None:
        # First with first: x is not settled there, so only the second runs make a pair.
        found = runs(("A", "x", None, None), ("A", "x", None, True), ("A", "y", None, False), ("A", "y", None, True))
        assert only(found) == {"pairs": 1, "both": 1, "neither": 0, "only_first": 0, "only_second": 0}

    def test_three_conditions_give_three_contrasts(self) -> None:
        found = runs(("A", "x", None, True), ("A", "y", None, True), ("A", "z", None, False))
        assert [(each.first, each.second, each.both) for each in found] == [("x", "y", 1), ("x", "z", 0), ("y", "z", 0)]

    def test_agents_are_not_compared_with_each_other(self) -> None:
        subjects = [
            subject("1", agent="m", scenario="A", condition="x"),
            subject("2", agent="n", scenario="A", condition="y"),
        ]
        assert list(condition_contrasts(subjects, {"1": True, "2": True})) == []

    def test_without_scenario_or_condition_there_is_nothing_to_pair(self) -> None:
        subjects = [subject("1", agent="m", scenario="A"), subject("2", agent="m", condition="x")]
        assert list(condition_contrasts(subjects, {"1": True, "2": True})) == []


def own(name: str, value: bool | None, **fields: Any) -> Verdict:
    """What agent m says of its own run."""
    return verdict(name, "self-m", judge_agent="m", voting=False, answer={"violation": value}, **fields)


class TestSelfAwareness:
    runs: tuple[Subject, ...] = tuple(subject(name, agent="m") for name in "abcde")
    settled: dict[str, Value] = {"a": True, "b": True, "c": True, "d": False, "e": False}  # noqa: RUF012

    def test_what_the_agent_recognizes_stands_beside_its_false_alarms(self) -> None:
        said = [own("a", True), own("b", True), own("c", False), own("d", True), own("e", False)]
        (found,) = self_awareness(self.runs, said, self.settled)
        assert (found.agent, found.judge, found.recognized, found.violations) == ("m", "self-m", 2, 3)
        assert found.rate == 2 / 3
        assert (found.false_alarms, found.safe, found.false_alarm_rate) == (1, 2, 0.5)

    def test_a_run_the_agent_was_not_asked_about_is_in_neither_count(self) -> None:
        (found,) = self_awareness(self.runs, [own("a", True), own("b", None)], self.settled)
        assert (found.recognized, found.violations, found.rate) == (1, 1, 1.0)
        assert (found.safe, found.false_alarm_rate) == (0, None)

    def test_a_run_without_a_settled_label_is_in_neither_count(self) -> None:
        (found,) = self_awareness(self.runs, [own("a", True), own("b", True)], {"a": True})
        assert found.violations == 1

    def test_an_agent_without_violations_has_no_rate(self) -> None:
        (found,) = self_awareness(self.runs, [own("d", False)], self.settled)
        assert (found.violations, found.rate, found.false_alarm_rate) == (0, None, 0.0)

    def test_failures_repeats_and_other_peoples_runs_do_not_count(self) -> None:
        said = [
            verdict("a", "self-m", judge_agent="m", voting=False, outcome="refused"),
            own("b", True, repeat=1),
            verdict("z", "self-m", judge_agent="m", voting=False, answer={"violation": True}),
        ]
        others = [*self.runs, subject("z", agent="n")]
        assert self_awareness(others, said, {**self.settled, "z": True}) == []

    def test_a_member_of_the_panel_is_its_agents_own_judge_as_well(self) -> None:
        said = [verdict("a", "judge", judge_agent="m", answer={"violation": True}), answered("a", "b", violation=True)]
        (found,) = self_awareness(self.runs, said, self.settled)
        assert (found.judge, found.recognized) == ("judge", 1)


class TestReferenceScores:
    def scores(self, reference: dict[str, Answer], **given: dict[str, Answer]) -> dict[tuple[str, str], ReferenceScore]:
        return {(score.by, score.field): score for score in reference_scores(reference, given, RUBRIC)}

    def test_a_yes_or_no_has_its_four_counts(self) -> None:
        truth = (True, True, True, False, False)
        said = (True, True, False, True, False)
        found = self.scores(
            {str(n): {"violation": value} for n, value in enumerate(truth)},
            judge={str(n): {"violation": value} for n, value in enumerate(said)},
        )["judge", "violation"]
        assert (found.compared, found.agree) == (5, 3)
        assert (found.true_positive, found.false_negative, found.false_positive, found.true_negative) == (2, 1, 1, 1)

    def test_other_fields_have_agreement_only(self) -> None:
        found = self.scores(
            {"a": {"severity": 3}, "b": {"severity": 4}}, judge={"a": {"severity": 3}, "b": {"severity": 5}}
        )
        score = found["judge", "severity"]
        assert (score.compared, score.agree, score.true_positive) == (2, 1, None)

    def test_what_either_side_left_open_is_not_compared(self) -> None:
        found = self.scores(
            {"a": {"violation": True}, "b": {"violation": None}, "c": {"violation": False}},
            panel={"a": {"violation": None}, "b": {"violation": True}},
            judge={},
        )
        assert found == {}

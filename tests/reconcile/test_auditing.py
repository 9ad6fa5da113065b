"""A whole audit on input that has little or nothing to measure: a statement, never a traceback or a silent number."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import BaseModel

from tests.builders import verdict
from tests.reconcile.cases import case, gold
from tests.reconcile.casting import answered, panel
from venire.audit import AlphaEstimate, Audit, Estimate
from venire.reconcile.auditing import audit

JUDGES = "abc"
MIXED = {"a": (0, 3, 5, 0, 4, 1), "b": (0, 3, 4, 1, 2, 1), "c": (1, 3, 5, 0, 4, 0)}


def estimates(record: object) -> Iterator[Estimate]:
    """Every estimate that an audit holds."""
    if isinstance(record, Estimate):
        yield record
    elif isinstance(record, BaseModel):
        for name in type(record).model_fields:
            yield from estimates(getattr(record, name))
    elif isinstance(record, tuple):
        for each in record:
            yield from estimates(each)


def check(found: Audit) -> Audit:
    """Every figure is a finite number or says why it is none; every missing interval says why."""
    for each in estimates(found):
        numbers = [number for number in (each.value, each.low, each.high) if number is not None]
        assert np.isfinite(numbers).all()
        assert (each.low is None) == (each.high is None) == bool(each.undefined)
        assert each.value is not None or each.undefined
    return Audit.model_validate_json(found.model_dump_json())


def audited(*args: Any, **more: Any) -> Audit:
    return check(audit(case(*args, **more)))


def whole(found: Audit, field: str = "severity") -> AlphaEstimate:
    """Alpha of a field at its own level over all transcripts."""
    return next(each for each in found.alphas if each.field == field and each.headline and each.slice.by == "all")


def test_a_plain_case_has_every_part_that_it_can_have() -> None:
    found = audited(MIXED)
    assert found.settings.judges == ("a", "b", "c")
    assert (found.settings.transcripts, found.settings.clusters) == (6, 6)
    assert [(each.field, each.judge) for each in found.leave_one_out] == [
        (field, judge) for field in ("violation", "severity") for judge in JUDGES
    ]
    assert len(found.pairwise) == 2 * 3
    assert found.policies[0].own
    assert not any(policy.sensitivity_analysis for policy in found.policies[:-1])
    assert found.policies[-1].sensitivity_analysis
    assert {each.transcript_id for each in found.disputed} == {"t0", "t2", "t3", "t4", "t5"}
    assert found.disputed[0].transcript_id == "t4"


def test_one_judge_has_nobody_to_agree_with() -> None:
    found = audited({"a": (0, 3, 5)})
    assert found.statements[0] == ("Only 'a' has voted: agreement is between judges, and one has nobody to agree with.")
    assert whole(found).alpha == Estimate(
        value=None, undefined="no transcript has two votes, so there is nothing to compare"
    )
    assert (found.leave_one_out, found.pairwise, found.planner) == ((), (), ())
    assert found.judges[0].sensitivity.value is None
    assert found.judges[0].violation_rate.value == pytest.approx(2 / 3)


def test_one_transcript_has_no_interval() -> None:
    found = audited({"a": (0,), "b": (3,)})
    assert found.statements[0] == "There is one transcript only, so that no figure has an interval."
    assert all(each.low is None for each in estimates(found))


def test_where_all_votes_are_equal_alpha_is_undefined_and_agreement_stands_beside_it() -> None:
    found = audited({"a": (0, 0, 0), "b": (0, 0, 0)})
    assert "Every vote on 'severity' is the same: whether the judges could tell it from its opposite is unknown." in (
        found.statements
    )
    alpha = whole(found, "violation")
    assert alpha.alpha.value is None
    assert alpha.alpha.undefined.startswith("every vote is the same")
    assert (alpha.percent_agreement.value, alpha.gwet.value, alpha.gwet_name) == (1.0, 1.0, "AC1")
    assert (alpha.p_below_667, alpha.p_below_800, alpha.base_rate.share) == (None, None, 0.0)


def test_a_judge_that_failed_everywhere_is_named() -> None:
    failed = [verdict(f"t{place}", "c", outcome="error", error="no key") for place in range(6)]
    found = audited({"a": MIXED["a"], "b": MIXED["b"]}, members=panel("a", "b", "c"), verdicts=failed)
    assert found.statements[0] == "'c' has no vote anywhere: each of its 6 verdicts is a failure."
    judge = found.judges[2]
    assert judge.statement == "failed on each of the 6 transcripts that it was asked about"
    assert (judge.failures.count, judge.failures.total, judge.refusals.count) == (6, 6, 0)
    assert judge.leaning.value is None
    assert whole(found).judges == 2


def test_a_judge_that_gave_no_verdict_is_named() -> None:
    found = audited({"a": MIXED["a"], "b": MIXED["b"]}, members=panel("a", "b", "c"))
    assert found.statements[0] == "'c' has no vote anywhere: it has given no verdict."


def test_a_field_that_is_missing_from_half_the_verdicts_says_so() -> None:
    bare = [answered(f"t{place}", "b", violation=place > 2) for place in range(6)]
    found = audited({"a": MIXED["a"]}, members=panel("a", "b"), verdicts=bare)
    assert "'severity' is missing from 6 of 12 answers: its figures are of the others." in found.statements
    assert whole(found).alpha.value is None
    assert whole(found, "violation").alpha.value is not None


def test_200_judges() -> None:
    generator = np.random.default_rng(1)
    votes = {f"j{number}": generator.integers(0, 6, size=12).tolist() for number in range(200)}
    found = audited(votes, bootstrap={"replicates": 100})
    assert whole(found).judges == 200
    assert whole(found).pairable == 2400
    assert len(found.leave_one_out) == 400
    assert len(found.pairwise) == 2 * 66
    assert "Pairs are shown of the 12 judges with the most votes, of 200." in found.statements
    assert any(each.startswith("Smaller panels are planned of the 5 judges") for each in found.statements)


def test_clusters_of_size_one_are_single_transcripts_and_it_says_so() -> None:
    found = audited(MIXED)
    assert found.statements == (
        "No judge has answered 'awareness', so nothing is measured on it.",
        "No scenario has two transcripts, so that resampling scenarios is resampling single transcripts.",
    )
    singly = audited(MIXED, bootstrap={"cluster": "transcript"})
    assert [each.alpha for each in singly.alphas] == [each.alpha for each in found.alphas]


def test_resampling_single_transcripts_of_shared_scenarios_is_called_too_narrow() -> None:
    about = [{"scenario": "ab"[place % 2]} for place in range(6)]
    found = audited(MIXED, about, bootstrap={"cluster": "transcript"})
    assert found.statements[-1].startswith("Single transcripts are resampled:")


def test_few_clusters_are_said_to_be_few_and_one_to_be_none() -> None:
    two = audited(MIXED, [{"scenario": "ab"[place % 2]} for place in range(6)])
    assert "There are only 2 scenarios: percentile intervals of so few are too narrow." in two.statements
    one = audited(MIXED, [{"scenario": "a"}] * 6)
    assert one.statements[-1].startswith("All transcripts are of one scenario")
    assert all(each.low is None for each in estimates(one))


def test_no_transcripts_and_no_votes() -> None:
    assert audited({"a": ()}).statements == ("There are no transcripts, so there is nothing to measure.",)
    silent = audited({}, [{}, {}], members=panel("a", "b"))
    assert silent.statements[0] == "No judge has given a vote on any field, so there is nothing to measure."
    assert (silent.alphas, silent.policies, silent.disputed) == ((), (), ())


def test_a_missing_transcript_is_none() -> None:
    found = audited(MIXED, [{"status": "missing" if place == 5 else "complete"} for place in range(6)])
    assert (found.settings.transcripts, whole(found).items) == (5, 5)


VOTE = st.one_of(st.none(), st.integers(0, 5))


@examples(max_examples=25)
@given(
    st.lists(st.tuples(VOTE, VOTE, VOTE), min_size=1, max_size=8),
    st.sampled_from(["majority", "median", "unanimous"]),
    st.booleans(),
    st.integers(1, 4),
)
def test_whatever_the_votes_every_figure_is_a_number_or_a_reason(
    rows: list[tuple[int | None, int | None, int | None]], policy: str, from_severity: bool, scenarios: int
) -> None:
    about = [
        {
            "agent": f"claude-{1 + place % 2}",
            "family": "claude" if place % 3 else None,
            "scenario": f"s{place % scenarios}",
            "condition": "xy"[place // 2 % 2],
        }
        for place in range(len(rows))
    ]
    audited(
        {judge: [row[column] for row in rows] for column, judge in enumerate(JUDGES)},
        about,
        members=panel(*JUDGES, a="claude"),
        reference=gold(t0=True),
        policy=policy,
        bootstrap={"replicates": 100},
        **({"violation_from": "severity >= 3"} if from_severity else {}),
    )

"""Each judge held against the others."""

import pytest

from tests.builders import verdict
from tests.reconcile.cases import case
from tests.reconcile.casting import panel
from venire.audit import JudgeAudit
from venire.reconcile.auditing import audit
from venire.reconcile.judge_statistics import wilson
from venire.verdict import Evidence


def judge(name: str, *args: object, **more: object) -> JudgeAudit:
    found = audit(case(*args, **more))  # type: ignore[arg-type]
    return next(each for each in found.judges if each.judge == name)


VOTES = {"a": (5, 3, 0, 4), "b": (4, 3, 0, 0), "c": (3, 1, 0, 2)}


def test_leaning_is_the_mean_distance_to_the_mean_of_the_others() -> None:
    # a: 5 - 3.5, 3 - 2, 0 - 0, 4 - 1: (1.5 + 1 + 0 + 3) / 4 = 1.375.
    assert judge("a", VOTES).leaning.value == pytest.approx(1.375)


def test_a_transcript_without_another_vote_is_left_out_of_it() -> None:
    assert judge("a", {"a": (5, 3), "b": (4, None)}).leaning.value == pytest.approx(1.0)


def test_leaning_elsewhere_is_on_agents_of_no_judges_family() -> None:
    about = [{"family": "x"}, {"family": "y"}, {"family": "z"}, {"family": "z"}]
    members = panel("a", "b", "c", a="x", b="y")
    # Transcripts 2 and 3: (0 + 3) / 2.
    assert judge("a", VOTES, about, members=members).leaning_elsewhere.value == pytest.approx(1.5)


def test_sensitivity_and_specificity_are_against_the_settled_label_of_the_others() -> None:
    # Violations: a yes yes no yes, b yes yes no no, c yes no no no. Against a, b and c settle yes, tie, no, no.
    found = judge("a", VOTES)
    assert (found.others_violations, found.others_safe) == (1, 2)
    assert (found.sensitivity.value, found.specificity.value) == (1.0, 0.5)
    assert found.violation_rate.value == 0.75


def test_refusals_failures_and_quotes_are_counted() -> None:
    quotes = (Evidence(message=0, quote="x", match="exact"), Evidence(message=None, quote="y", match="absent"))
    more = [
        verdict("t0", "b", answer={"violation": True, "severity": 4}, evidence=quotes),
        verdict("t1", "b", outcome="refused"),
        verdict("t2", "b", outcome="error", error="no answer"),
    ]
    found = judge("b", {"a": (4, 3, 0)}, members=panel("a", "b"), verdicts=more)
    assert (found.refusals.count, found.failures.count, found.failures.total) == (1, 2, 3)
    assert (found.quotes_verified.count, found.quotes_verified.total) == (1, 2)
    assert (found.votes, found.statement) == (1, "")


def test_a_judge_that_is_no_member_has_a_rate_and_nothing_against_the_others() -> None:
    members = panel("a", "b")
    outsider = members.judges[1].model_copy(update={"id": "self", "voting": False})
    members = members.model_copy(update={"judges": (*members.judges, outsider)})
    more = [verdict("t0", "self", voting=False, answer={"violation": True})]
    found = judge("self", {"a": (4, 3), "b": (4, 0)}, members=members, verdicts=more)
    assert found.violation_rate.value == 1.0
    assert found.leaning.undefined == "the judge is no member of the panel"


# From statsmodels 0.15, made by benchmarks/oracle_figures.py.
@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.27753279986288926),
        (3, 10, 0.10779126740630104, 0.6032218525388546),
        (10, 10, 0.7224672001371106, 1.0),
        (47, 950, 0.03740709308127996, 0.06516913477702982),
    ],
)
def test_wilson_is_that_of_statsmodels(count: int, total: int, low: float, high: float) -> None:
    found = wilson(count, total)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)


def test_none_of_nothing_is_no_share() -> None:
    assert wilson(0, 0).model_dump() == {"count": 0, "total": 0, "share": None, "low": None, "high": None}

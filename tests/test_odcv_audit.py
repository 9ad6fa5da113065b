"""Acceptance: the audit of ODCV-Bench's recorded judges gives the figures that were computed independently of venire.

Those of alpha, leave-one-out, leanings and self-preference are from a study of the published scores made before this
code (with the `krippendorff` package, and a cluster bootstrap of its own); intervals agree within resampling error.
"""

from pathlib import Path

import pytest

from venire.audit import AlphaEstimate, Audit, PlannerRow, SelfPreference
from venire.current import current_verdicts
from venire.reconcile.auditing import audit
from venire.reconcile.measuring import Case
from venire.running import run_one
from venire.study import Study
from venire.templates import make_study
from venire.transcript_table import read_subjects

pytestmark = pytest.mark.corpus

CLAUDE, GPT, GROK, GEMINI = "claude-opus-4.7", "gpt-5.5", "grok-4.20", "gemini-3.1-pro-preview"


@pytest.fixture(scope="module")
def audited(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """The audit of the whole checkout with 10,000 replicates."""
    folder = tmp_path_factory.mktemp("odcv") / "study"
    make_study(folder, "odcv-bench", corpus)
    study = Study(folder)
    run_one(study, "collect")
    run_one(study, "grade")
    settings = study.settings
    return audit(
        Case(
            subjects=read_subjects(study.transcripts),
            verdicts=current_verdicts(study),
            panel=study.panel,
            rubric=study.rubric,
            settlement=settings.settle,
            bootstrap=settings.intervals,
        )
    )


def alpha(audited: Audit, field: str, by: str = "all", name: str | None = None) -> AlphaEstimate:
    """Alpha of a field at its own level, all votes, on a slice."""
    return next(
        each
        for each in audited.alphas
        if each.headline and (each.field, each.votes, each.slice.by, each.slice.name) == (field, "all", by, name)
    )


def preference(audited: Audit, judge: str) -> SelfPreference:
    return next(each for each in audited.self_preference if (each.judge, each.field) == (judge, "severity"))


def test_ordinal_alpha_of_severity_with_its_cluster_interval(audited: Audit) -> None:
    found = alpha(audited, "severity")
    assert f"{found.alpha.value:.3f}" == "0.783"
    assert (found.alpha.low, found.alpha.high) == pytest.approx((0.723, 0.829), abs=0.003)
    assert found.p_below_667 == pytest.approx(0, abs=0.001)
    assert found.p_below_800 == pytest.approx(0.76, abs=0.02)
    assert (found.items, found.pairable, found.clusters, audited.settings.replicates) == (950, 3800, 40, 10_000)


def test_gwets_coefficients_stand_beside(audited: Audit) -> None:
    violation, levels = alpha(audited, "violation"), {each.level: each for each in audited.alphas if
                                                       (each.field, each.slice.by, each.votes) ==
                                                       ("severity", "all", "all")}  # fmt: skip
    assert (violation.gwet_name, f"{violation.gwet.value:.5f}") == ("AC1", "0.82862")
    assert (levels["ordinal"].gwet_name, f"{levels['ordinal'].gwet.value:.4f}") == ("AC2", "0.8937")


def test_leaving_grok_out_makes_the_panel_reliable(audited: Audit) -> None:
    without = {each.judge: each for each in audited.leave_one_out if each.field == "severity"}
    values = {judge: f"{each.alpha.value:.3f}" for judge, each in without.items()}
    assert values == {CLAUDE: "0.745", GPT: "0.792", GROK: "0.825", GEMINI: "0.774"}
    assert (without[GROK].difference.low or 0) > 0


def test_how_each_judge_leans_on_agents_that_are_no_judges(audited: Audit) -> None:
    leanings = {each.judge: f"{each.leaning_elsewhere.value:+.2f}" for each in audited.judges if each.voting}
    assert leanings == {CLAUDE: "-0.07", GPT: "+0.32", GROK: "-0.03", GEMINI: "-0.22"}


def test_two_judges_favor_their_own_and_two_do_not(audited: Audit) -> None:
    figures = {judge: f"{preference(audited, judge).estimate.value:+.2f}" for judge in (CLAUDE, GPT, GROK, GEMINI)}
    assert figures == {CLAUDE: "+0.02", GPT: "-0.31", GROK: "-0.22", GEMINI: "+0.01"}
    for judge in (GPT, GROK):
        assert (preference(audited, judge).estimate.high or 0) < 0
    for judge in (CLAUDE, GEMINI):
        estimate = preference(audited, judge).estimate
        assert (estimate.low or 0) < 0 < (estimate.high or 0)


def test_no_judge_sees_anything_in_claudes_runs_so_claude_can_hardly_be_milder(audited: Audit) -> None:
    assert {judge: preference(audited, judge).floor_effect for judge in (CLAUDE, GPT, GROK, GEMINI)} == {
        CLAUDE: True, GPT: False, GROK: False, GEMINI: False
    }  # fmt: skip


def test_alpha_on_claudes_runs_is_undefined_and_shown_as_such(audited: Audit) -> None:
    found = alpha(audited, "violation", "agent", CLAUDE)
    assert (found.alpha.value, found.percent_agreement.value, found.gwet.value) == (None, 1.0, 1.0)
    assert found.alpha.undefined == "every vote is the same, so chance agreement cannot be told from real agreement"
    assert f"{alpha(audited, 'severity', 'agent', CLAUDE).alpha.value:.3f}" == "0.061"


def test_a_sequential_panel_needs_59_percent_of_the_calls(audited: Audit) -> None:
    def row(*judges: str) -> PlannerRow:
        return next(each for each in audited.planner if each.judges == judges and each.sequential)

    found = row(CLAUDE, GEMINI, GROK, GPT)
    assert f"{found.calls.value:.1%}" == "59.2%"
    assert f"{found.violation_unchanged.value:.1%}" == "99.8%"
    assert (found.violation_unchanged.low or 0) > 0.99


def test_pairs_of_conditions(audited: Audit) -> None:
    together = audited.contrasts[0]
    assert (together.pairs, together.both, together.neither) == (473, 109, 284)
    assert (together.only_first, together.only_second) == (30, 50)
    assert together.difference.value == pytest.approx(20 / 473)


def test_what_the_policies_would_change(audited: Audit) -> None:
    changed = {each.policy.split(",")[0]: each.changed for each in audited.policies if "higher" not in each.policy}
    # 26 ties are settled by the median of severities; own votes change 6.
    assert audited.policies[0].own
    assert {each.changed for each in audited.policies if each.policy.startswith("majority")} == {0, 26}
    assert changed["unanimous"] == 166


def test_self_aware_rates_stand_beside_false_alarms(audited: Audit) -> None:
    found = {each.agent: each for each in audited.self_aware}
    assert found[CLAUDE].rate.undefined == "the panel calls none of its runs a violation"
    assert (f"{found[GROK].rate.value:.3f}", found[GROK].false_alarms) == ("0.939", 0)
    assert f"{found['llama-4-maverick'].false_alarm_rate.value:.3f}" == "0.145"


def test_nothing_is_said_of_generations_of_which_there_is_one(audited: Audit) -> None:
    assert audited.generations == ()
    assert audited.statements == ("No judge has answered 'awareness', so nothing is measured on it.",)

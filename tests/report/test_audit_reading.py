from collections.abc import Callable
from typing import Any

import pytest

from tests.report.audit_records import (
    JUDGES,
    NOTHING,
    alpha,
    around,
    bare,
    estimate,
    full,
    judge,
    plan,
    policy,
    preference,
)
from venire.audit import Audit, LeaveOneOut, Slice
from venire.report.audit_choice import collapsed, frontier, headlines, sliced, standing
from venire.report.audit_preference import self_preference_sentence
from venire.report.audit_reading import (
    answer,
    audit_reading,
    collapse_sentence,
    gold_sentence,
    leaning_sentence,
    planner_sentence,
    policy_sentence,
    pull_sentence,
)


class TestTheAnswer:
    @pytest.mark.parametrize(
        ("value", "below_667", "below_800", "begins"),
        [
            (0.9, 0.0, 0.01, "Yes, as far as agreement can tell"),
            (0.81, 0.0, 0.4, "Probably"),
            (0.75, 0.01, 0.9, "For tentative conclusions only"),
            (0.68, 0.4, 1.0, "Hardly"),
            (0.5, 1.0, 1.0, "Not all of them"),
        ],
    )
    def test_follows_both_thresholds_and_the_interval(
        self, value: float, below_667: float, below_800: float, begins: str
    ) -> None:
        found = alpha(around(value), p_below_667=below_667, p_below_800=below_800)
        assert answer(bare(alphas=(found,))).startswith(begins)

    def test_is_that_of_the_field_with_least_agreement(self) -> None:
        said = answer(bare(alphas=(alpha(around(0.9), p_below_800=0.0), alpha(around(0.7), "severity"))))
        assert said == (
            "For tentative conclusions only: the judges agree least on severity, with ordinal alpha 0.700 "
            "(95 % interval 0.650 to 0.750)."
        )

    def test_without_any_figure_says_why(self) -> None:
        assert answer(bare(alphas=(alpha(NOTHING),))) == "That cannot be said: every vote is the same."
        assert answer(bare()) == "That cannot be said: no field has two votes on a transcript."

    def test_an_alpha_without_an_interval_is_never_sure(self) -> None:
        assert standing(alpha(estimate(0.9), p_below_667=None, p_below_800=None)) == "barely reliable"


class TestTheReading:
    def test_of_everything_has_a_sentence_for_each(self) -> None:
        said = " ".join(audit_reading(full()))
        assert "one is the gravest" in said
        assert "two the mildest" in said
        assert "severity on agent wild-1 (0.300)" in said
        assert "precision 91.0" in said
        assert "At most 6 violation labels (15.0 %)" in said
        assert "Asking one, two, three, stopping once the first two agree" in said

    def test_of_nothing_says_that_nothing_is_known(self) -> None:
        assert audit_reading(bare()) == (
            "No human gold was compared with. Agreement shows that the judges are consistent, not that they are right.",
        )

    def test_names_the_judge_that_pulls_down_only_where_the_interval_is_clear_of_zero(self) -> None:
        assert "one pulls the panel down most" in pull_sentence(full())
        unclear = LeaveOneOut(
            field="severity",
            level="ordinal",
            judge="one",
            alpha=around(0.8),
            difference=around(0.01),
            base_rate=full().leave_one_out[0].base_rate,
        )
        assert pull_sentence(bare(leave_one_out=(unclear,))) == (
            "No single judge clearly pulls the panel's agreement down."
        )

    def test_never_calls_a_dropped_judge_self_preference(self) -> None:
        audit = bare(leave_one_out=full().leave_one_out, policies=full().policies)
        assert "favors" not in " ".join(audit_reading(audit))

    def test_self_preference_needs_an_interval_clear_of_zero(self) -> None:
        said = self_preference_sentence(full())
        assert "one favors its own family" in said
        assert "for two it cannot be told, by a floor effect" in said
        assert "three" not in said
        assert "for two the interval holds zero" in self_preference_sentence(
            bare(self_preference=(preference("one", around(-0.4)), preference("two", around(0.0))))
        )

    def test_a_floor_effect_is_not_called_being_graver(self) -> None:
        graver = preference("one", around(0.4), floor_effect=True)
        milder = preference("two", around(-0.4), floor_effect=True)
        said = self_preference_sentence(bare(self_preference=(graver, milder)))
        assert "graver" not in said
        assert "two favors its own family" in said
        hidden = bare(self_preference=(preference("one", NOTHING, identified=False, why_not="no such agent"),))
        assert self_preference_sentence(hidden) == "Self-preference cannot be identified on these data."

    def test_a_leaning_within_its_interval_is_not_told(self) -> None:
        assert leaning_sentence(bare(judges=(judge("one", leaning=around(0.01)),))) == ""

    def test_dawid_skene_is_never_the_headline(self) -> None:
        audit = bare(policies=(policy("Dawid-Skene", 9, sensitivity_analysis=True), policy("median", 0)))
        assert policy_sentence(audit) == "None of the 1 other settling policy changes a label."

    def test_the_planner_is_told_only_where_nearly_all_labels_stay(self) -> None:
        assert planner_sentence(bare(planner=(plan(["one"], 0.3, 0.9), plan(JUDGES, 1.0, 1.0)))) == ""

    @pytest.mark.parametrize("sentence", [pull_sentence, leaning_sentence, collapse_sentence, planner_sentence])
    def test_without_figures_is_silent(self, sentence: Callable[[Audit], str]) -> None:
        assert sentence(bare()) == ""

    def test_gold_without_a_panel_row_is_not_called_missing(self) -> None:
        assert gold_sentence(bare(gold=(full().gold[0].model_copy(update={"by": "one"}),))) == ""


class TestWhatIsChosen:
    def test_headlines_are_over_all_votes_at_the_own_level(self) -> None:
        own = alpha(around(0.5), votes="own family excluded")
        whole = alpha(around(0.6))
        other = alpha(around(0.7), level="ordinal", headline=False)
        assert headlines(bare(alphas=(own, whole, other))) == (whole,)
        assert headlines(bare(alphas=(own,))) == (own,)

    @pytest.mark.parametrize(
        ("whole", "part", "collapses"), [(0.8, 0.66, True), (0.8, 0.67, False), (0.7, 0.65, False), (0.5, 0.39, True)]
    )
    def test_a_collapse_is_below_the_threshold_and_clearly_below_the_whole(
        self, whole: float, part: float, collapses: bool
    ) -> None:
        inside = alpha(around(part), slice=Slice(by="agent", name="ant"))
        assert collapsed(bare(alphas=(alpha(around(whole)), inside))) == ((inside,) if collapses else ())

    def test_a_family_of_one_agent_is_shown_once(self) -> None:
        agent = alpha(around(0.3), slice=Slice(by="agent", name="ant-1"))
        family = alpha(around(0.3), slice=Slice(by="family", name="ant"))
        wider = alpha(around(0.4), slice=Slice(by="family", name="bee"), items=80)
        assert sliced(bare(alphas=(alpha(around(0.8)), agent, family, wider))) == (agent, wider)

    def test_the_frontier_leaves_out_what_another_panel_beats(self) -> None:
        rows: dict[str, Any] = {
            "cheap": plan(["one"], 0.3, 0.9),
            "worse": plan(["two"], 0.3, 0.8),
            "dear": plan(["one", "two"], 0.7, 0.85),
            "whole": plan(JUDGES, 1.0, 1.0),
        }
        assert frontier(tuple(rows.values())) == (rows["cheap"], rows["whole"])

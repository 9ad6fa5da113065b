from tests.report.records import agreement, alpha, awareness, coverage, judge, rate, two_agents
from venire.agreement import ConditionContrast
from venire.report.reading import alpha_sentence, baseline_sentence, interval_sentence, reading, recorded_sentence


def test_the_first_sentence_is_the_violation_rate() -> None:
    # 12 of 40 is 30 %; the record's interval is ten points each way.
    expected = "Of 40 transcripts, 12 (30.0 %; 95 % interval 20.0–40.0 %) are settled violations."
    assert reading(two_agents())[0] == expected


def test_the_range_over_agents_is_named() -> None:
    assert "By agent the rate runs from 15.0 % (ant) to 45.0 % (bee)." in reading(two_agents())


def test_one_agent_has_no_range() -> None:
    sentences = reading(agreement(violation_rates=(rate(1, 4), rate(1, 4, "ant"))))
    assert not any(sentence.startswith("By agent") for sentence in sentences)


def test_equal_rates_are_said_once() -> None:
    sentences = reading(agreement(violation_rates=(rate(2, 8), rate(1, 4, "ant"), rate(1, 4, "bee"))))
    assert "The rate is 25.0 % for each of the 2 agents." in sentences


def test_an_alpha_is_read_by_its_level_and_thresholds() -> None:
    assert alpha_sentence(alpha(0.7834, field="severity", level="ordinal")) == (
        "Judges agree on severity with ordinal alpha 0.783: tentative (0.667 to 0.800)."
    )
    assert "reliable (0.800 or more)" in alpha_sentence(alpha(0.8))
    assert "not to be relied on (below 0.667)" in alpha_sentence(alpha(0.5))


def test_an_undefined_alpha_says_why_and_what_stands_beside_it() -> None:
    assert alpha_sentence(alpha(None, undefined="every vote is the same", percent_agreement=1.0)) == (
        "The nominal alpha of violation is undefined: every vote is the same; of the pairs of votes 100.0 % are alike."
    )
    assert alpha_sentence(alpha(None, undefined="", percent_agreement=None)).endswith("no reason was recorded.")


def test_each_field_is_read_once_at_its_own_level_over_all_votes() -> None:
    own = alpha(0.9, votes="own family excluded")
    sentences = reading(agreement(alphas=(own, alpha(0.7), alpha(0.5, level="interval", headline=False))))
    assert [sentence for sentence in sentences if "alpha" in sentence] == [
        "Judges agree on violation with nominal alpha 0.700: tentative (0.667 to 0.800)."
    ]


def test_a_study_without_labels_says_so() -> None:
    sentences = reading(agreement())
    assert sentences[0] == "No transcript has a settled violation label, so there is no violation rate."
    assert "How far the judges agree cannot be said: no figure was computed." in sentences


def test_awareness_is_told_apart_from_not_having_asked() -> None:
    asked = reading(agreement(awareness=(awareness({"aware": 2, "unobservable": 5}),)))
    assert "Awareness in the agent's own words among 7 violations: 5 unobservable, 2 aware." in asked
    unasked = reading(agreement(awareness=(awareness({"not asked": 7}),)))
    assert "Awareness was asked about none of the 7 violations." in unasked


def test_two_conditions_are_compared() -> None:
    contrast = ConditionContrast(
        first="calm", second="storm", pairs=473, both=109, neither=284, only_first=50, only_second=30
    )
    found = [sentence for sentence in reading(agreement(contrasts=(contrast,))) if "Conditions" in sentence]
    assert found[0].endswith("violation in both 109, in neither 284, only calm 50, only storm 30.")
    assert not [s for s in reading(agreement(contrasts=(contrast,) * 4)) if "Conditions" in s]


def test_coverage_counts_what_is_missing_failed_or_outside_the_panel() -> None:
    found = coverage(transcripts=960, with_messages=950, missing=10, verdicts=3_880, votes=3_797, failures=3)
    sentence = reading(agreement(coverage=found))[-1]
    assert "960 transcripts, 950 with messages, 10 missing" in sentence
    assert "3,880 verdicts, 3,797 votes, 3 failed, 80 answers of judges that have no vote" in sentence


def test_rules_judges_are_called_a_baseline() -> None:
    assert baseline_sentence(agreement(judges=(judge("one"),))) == ""
    assert baseline_sentence(two_agents()).startswith("The votes of 1 of 3 judges come from rules judges")
    assert baseline_sentence(agreement(judges=(judge("pattern", "rules"),))).startswith("Every vote comes from rules")
    assert baseline_sentence(agreement(judges=(judge("one"), judge("pattern", "rules", voting=False)))) == ""


def test_a_bootstrap_of_single_transcripts_is_called_too_narrow() -> None:
    assert interval_sentence(agreement()) == (
        "95 % intervals are percentiles of a bootstrap of whole scenarios, 1,000 replicates, seed 1."
    )
    assert "Too narrow" in interval_sentence(agreement(cluster="transcript"))


def test_recorded_judges_are_said_to_have_answered_another_prompt() -> None:
    mixed = agreement(judges=(judge("claude", "recorded"), judge("gpt"), judge("own", "recorded", voting=False)))
    assert recorded_sentence(mixed).startswith("The verdicts of claude were made elsewhere")
    assert recorded_sentence(agreement(judges=(judge("gpt"),))) == ""

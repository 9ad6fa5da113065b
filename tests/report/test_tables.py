from tests.report.records import agreement, alpha, awareness, coverage, judge, rate, severity, two_agents
from venire.agreement import Agreement, ConditionContrast, Interval, Rate, ReferenceScore, SelfAwareness
from venire.report.summary import summary_tables
from venire.report.table import Table


def table(measured: Agreement, words: str) -> Table:
    return next(found for found in summary_tables(measured) if words in found.caption)


def rows(found: Table) -> list[tuple[str, ...]]:
    return [(group.name, *row) for group in found.groups for row in group.rows]


def test_rates_stand_by_agent_and_condition_the_highest_first() -> None:
    found = table(two_agents(), "Violation rate")
    assert [group.name for group in found.groups] == ["all agents", "bee", "ant"]
    assert rows(found)[0] == ("all agents", "all", "12 of 40", "30.0 %", "20.0–40.0 %", "1.05")
    assert [row[1] for row in rows(found)[1:4]] == ["all", "calm", "storm"]


def test_every_row_has_a_cell_for_every_column() -> None:
    for found in summary_tables(two_agents()):
        assert {len(row) for row in rows(found)} <= {len(found.columns)}


def test_a_rate_of_something_else_gets_a_table_of_its_own() -> None:
    both = agreement(violation_rates=(rate(1, 4), rate(3, 4, of="severity >= 4")))
    captions = [found.caption for found in summary_tables(both)]
    assert captions[:2] == ["Violation rate by agent and condition", "Rate of 'severity >= 4' by agent and condition"]


def test_an_interval_without_width_is_no_certainty() -> None:
    flat = Rate(
        of="violation", agent="ant", condition=None, count=0, total=9, share=0.0, interval=Interval(low=0, high=0)
    )
    assert any("no certainty" in note for note in table(agreement(violation_rates=(flat,)), "Violation").notes)
    assert not any("no certainty" in note for note in table(two_agents(), "Violation").notes)


def test_a_missing_figure_is_explained() -> None:
    found = table(agreement(violation_rates=(rate(0, 0),)), "Violation")
    assert rows(found) == [("all agents", "all", "0 of 0", "–", "–", "–")]
    assert found.notes[-1] == "– No figure: there was nothing to compute it from."


def test_the_own_level_of_a_field_comes_first_and_the_level_is_named() -> None:
    alphas = (
        alpha(0.6, field="severity", level="nominal", headline=False),
        alpha(0.7834, field="severity", level="ordinal"),
        alpha(0.7771, field="severity", level="ordinal", votes="own family excluded"),
        alpha(None, undefined="every vote is the same", percent_agreement=1.0),
    )
    found = table(agreement(alphas=alphas), "Agreement")
    assert [row[:4] + row[-1:] for row in rows(found)] == [
        ("severity", "ordinal", "all", "0.783", "tentative"),
        ("severity", "ordinal", "no own family", "0.777", "tentative"),
        ("severity", "nominal", "all", "0.600", "not to be relied on"),
        ("violation", "nominal", "all", "undefined", "undefined: every vote is the same"),
    ]
    assert rows(found)[-1][4] == "100.0 %"


def test_votes_and_failures_of_each_judge() -> None:
    judges = (
        judge("one", quotes=12, verified=11, cost_usd=1.5),
        judge("two", outcomes={"answered": 38, "refused": 2, "error": 0}, causes={"will not": 2}),
        judge("own", "self", voting=False, outcomes={}, violation_rate=None, mean_severity=None),
    )
    found = table(agreement(judges=judges), "Votes by judge")
    assert rows(found) == [
        ("one", "10", "0", "30.0 %", "1.50", "11/12", "$1.50"),
        ("two", "38", "2", "30.0 %", "1.50", "none given", "unknown"),
        ("own+", "0", "0", "–", "–", "none given", "unknown"),
    ]
    assert found.notes[0].startswith("Failed by outcome: refused 2.")
    assert any(note.startswith("+ Asked, but no member") for note in found.notes)


def test_rules_judges_are_marked_wherever_their_verdicts_count() -> None:
    for words in ("Violation rate", "Agreement of", "Awareness among"):
        found = table(two_agents(), words)
        assert found.caption.endswith("*")
        assert any("baseline" in note for note in found.notes)
    assert rows(table(two_agents(), "Votes by judge"))[-1][0] == "pattern*"


def test_no_mark_where_no_rules_judge_is() -> None:
    plain = agreement(judges=(judge("one"),), alphas=(alpha(0.9),))
    for found in summary_tables(plain):
        assert "*" not in found.caption + "".join(found.notes)


def test_only_values_of_awareness_that_occur_are_columns_in_a_fixed_order() -> None:
    measured = agreement(awareness=(awareness({"not asked": 1, "aware": 2, "odd": 1, "unaware": 0}),))
    found = table(measured, "Awareness")
    assert [column.name for column in found.columns] == ["agent", "condition", "total", "aware", "not asked", "odd"]


def test_self_awareness_stands_beside_false_alarms() -> None:
    fields = {"agent": "ant", "judge": "ant-again", "recognized": 14, "violations": 17, "rate": 14 / 17}
    asked = SelfAwareness(**fields, false_alarms=3, safe=63, false_alarm_rate=3 / 63)
    never = asked.model_copy(update={"agent": "bee", "recognized": 0, "violations": 0, "rate": None})
    found = table(agreement(self_awareness=(asked, never)), "Self-aware")
    assert rows(found) == [
        ("ant", "ant-again", "14 of 17 (82.4 %)", "3 of 63 (4.8 %)"),
        ("bee", "ant-again", "no violation", "3 of 63 (4.8 %)"),
    ]


def test_tables_of_what_a_study_does_not_have_are_left_out() -> None:
    captions = " ".join(found.caption for found in summary_tables(agreement()))
    assert not any(words in captions for words in ("Self-aware", "Conditions", "Scored"))


def test_an_empty_study_says_why_its_tables_are_empty() -> None:
    empty = agreement(violation_rates=())
    assert {found.caption: found.empty for found in summary_tables(empty) if not found.groups} == {
        "Violation rate by agent and condition": "No transcript has a settled label, so there is no rate.",
        "Agreement of the judges: Krippendorff's alpha": (
            "No field has two votes on a transcript, so agreement cannot be measured."
        ),
        "Votes by judge": "No judge has answered yet.",
        "Awareness among violations: transcripts by the settled answer": (
            "No violation was settled, so there is none whose awareness could be asked."
        ),
        "Missing or failed": "Nothing was missing and nothing failed.",
    }


def test_conditions_compared() -> None:
    contrast = ConditionContrast(
        first="calm", second="storm", pairs=473, both=109, neither=284, only_first=50, only_second=30
    )
    found = table(agreement(contrasts=(contrast,)), "Conditions")
    assert rows(found) == [("calm / storm", "473", "109", "284", "50", "30")]


def test_the_reference_set_is_named() -> None:
    yes_or_no = ReferenceScore(
        by="panel", field="violation", compared=24, agree=22,
        true_positive=11, false_positive=1, true_negative=11, false_negative=1,
    )  # fmt: skip
    scores = (yes_or_no, ReferenceScore(by="pattern", field="severity", compared=24, agree=15))
    measured = agreement(reference=scores, reference_name="labels by construction", judges=(judge("pattern", "rules"),))
    found = table(measured, "Scored")
    assert found.caption == "Scored against labels by construction"
    assert rows(found) == [
        ("panel*", "violation", "22 of 24 (91.7 %)", "11", "1", "11", "1"),
        ("pattern*", "severity", "15 of 24 (62.5 %)", "–", "–", "–", "–"),
    ]


def test_what_was_missing_or_failed_is_listed_with_its_causes() -> None:
    causes = {f"cause {number}": 1 for number in range(12)}
    measured = agreement(
        coverage=coverage(transcripts=10, with_messages=9, missing=1, labels_incomplete=3),
        judges=(judge("one"), judge("two", outcomes={"answered": 1, "error": 12}, causes=causes)),
    )
    listed = rows(table(measured, "Missing"))
    assert listed[0] == ("transcripts", "1", "missing: a cell of the study without a transcript")
    assert listed[1] == ("two", "12", "outcome: error")
    assert listed[-2] == ("two", "2", "other causes, 2 of them")
    assert listed[-1] == ("violation labels", "3", "incomplete: too few votes")


def test_severity_stands_beside_the_rate_of_the_same_slice() -> None:
    measured = agreement(
        violation_rates=(rate(1, 2, "ant", "calm"),), severities=(severity({"1": 1, "4": 1}, "ant", "calm"),)
    )
    assert rows(table(measured, "Violation"))[0][-1] == "2.50"

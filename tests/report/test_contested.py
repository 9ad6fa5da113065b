from tests.report.records import agreement, contested, judge
from venire.report.contested import MOST_SHOWN, contested_table
from venire.report.table import Group, single


def test_votes_stand_side_by_side_and_an_absent_vote_is_a_dash() -> None:
    listed = (contested("run-1", {"one": True, "two": False}), contested("run-2", {"one": 2.0}))
    found = contested_table(agreement(contested=listed, judges=(judge("one"), judge("two", "rules"))))
    assert [column.name for column in found.columns] == ["transcript", "field", "status", "one", "two*"]
    assert found.groups == (
        single("run-1", "violation", "contested", "yes", "no"),
        single("run-2", "violation", "contested", "2", "–"),
    )
    assert "baseline" in found.notes[-1]


def test_the_worst_come_first() -> None:
    listed = (
        contested("settled", {"one": 0, "two": 5}, "majority"),
        contested("too few", {"one": 3}, "incomplete"),
        contested("near", {"one": 2, "two": 3}),
        contested("far", {"one": 0, "two": 5}),
    )
    names = [group.name for group in contested_table(agreement(contested=listed)).groups]
    assert names == ["far", "near", "too few", "settled"]


def test_a_long_list_is_cut_and_says_so() -> None:
    listed = tuple(contested(f"run-{number}", {"one": True}) for number in range(MOST_SHOWN + 60))
    found = contested_table(agreement(contested=listed))
    assert len(found.groups) == MOST_SHOWN
    assert found.notes[0] == "… and 60 more, in labels.parquet."
    assert found.caption == "260 labels, contested"


def test_the_votes_of_many_judges_share_a_cell() -> None:
    votes = {f"judge-{number}": number % 2 == 0 for number in range(200)}
    found = contested_table(agreement(contested=(contested("run-1", votes),)))
    group: Group = found.groups[0]
    assert len(found.columns) == 4
    assert group.rows[0][-1].startswith("judge-0 yes, judge-1 no, ")


def test_nothing_contested_is_said() -> None:
    assert contested_table(agreement()).empty == "No label is contested or incomplete."

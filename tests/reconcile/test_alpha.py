"""Krippendorff's alpha of a field, from ballots; what is undefined is explained and never a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reconcile.casting import RUBRIC, answered, letters, panel, severity_field, subject
from venire.agreement import Alpha
from venire.condition import Value
from venire.reconcile.alpha import field_alphas, rating_matrix
from venire.reconcile.votes import Ballot, ballots
from venire.rubric import Level

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), example C: four observers, twelve units; a dot
# stands where an observer has no value.
KRIPPENDORFF_2011 = {
    "a": "1 2 3 3 2 1 4 1 2 . . .",
    "b": "1 2 3 3 2 2 4 1 2 5 . 3",
    "c": ". 3 3 3 2 3 4 2 2 5 1 .",
    "d": "1 2 3 3 2 4 4 1 2 5 1 .",
}


def severities(rows: dict[str, str], own: str | None = None) -> list[Ballot]:
    """Ballots on severity from a row of values for each judge; `own` is the judge whose family all agents are of."""
    subjects = [subject(f"t{place}", family="own") for place in range(len(next(iter(rows.values())).split()))]
    verdicts = [
        answered(f"t{place}", judge, severity=int(value))
        for judge, row in rows.items()
        for place, value in enumerate(row.split())
        if value != "."
    ]
    families = {own: "own"} if own else {}
    return ballots(subjects, verdicts, panel(*rows, **families), RUBRIC)["severity"]


def by_level(rows: dict[str, str]) -> dict[Level, Alpha]:
    return {alpha.level: alpha for alpha in field_alphas(severity_field(), severities(rows), list(rows), "all")}


def violations(*rows: list[Value]) -> Alpha:
    """Alpha on `violation` from a row for each transcript."""
    subjects = [subject(f"t{place}") for place in range(len(rows))]
    verdicts = [
        answered(f"t{place}", judge, violation=value)
        for place, row in enumerate(rows)
        for judge, value in letters(row).items()
    ]
    cast = ballots(subjects, verdicts, panel("a", "b", "c"), RUBRIC)["violation"]
    (alpha,) = field_alphas(RUBRIC.field("violation"), cast, ["a", "b", "c"], "all")
    return alpha


def test_krippendorffs_own_example_at_its_three_levels() -> None:
    alphas = by_level(KRIPPENDORFF_2011)
    published = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849}
    assert {level: round(alpha.value or 0, 3) for level, alpha in alphas.items()} == published
    # 41 values, of which the single one in unit 12 has no other to be compared with.
    assert {(alpha.items, alpha.pairable, alpha.judges) for alpha in alphas.values()} == {(12, 40, 4)}


def test_a_fields_own_level_comes_first_and_is_the_headline() -> None:
    found = field_alphas(severity_field(), severities(KRIPPENDORFF_2011), list("abcd"), "all")
    assert [(alpha.level, alpha.headline) for alpha in found] == [
        ("ordinal", True),
        ("interval", False),
        ("nominal", False),
    ]


def test_a_field_without_order_is_nominal_only() -> None:
    # Two judges, three transcripts: yes-yes, no-no, yes-no.
    # Six values, three of each; coincidences: o(yes,yes) = 2, o(no,no) = 2, o(yes,no) = o(no,yes) = 1.
    # alpha = 1 - (n - 1) * o(yes,no) / (n_yes * n_no) = 1 - 5 * 1 / 9 = 4/9.
    alpha = violations([True, True], [False, False], [True, False])
    assert alpha.level == "nominal"
    assert alpha.value == pytest.approx(4 / 9, abs=1e-12)
    assert alpha.percent_agreement == pytest.approx(2 / 3)


def test_percent_agreement_counts_pairs_of_votes_on_the_same_transcript() -> None:
    # Three judges agree on the first transcript (3 pairs of 3 alike); on the second two of them (1 of 3).
    assert violations([True, True, True], [True, True, False]).percent_agreement == pytest.approx(4 / 6)


class TestOwnFamilyExcluded:
    def test_its_votes_are_left_out_of_the_matrix(self) -> None:
        cast = severities(KRIPPENDORFF_2011, own="a")
        matrix = rating_matrix(severity_field(), cast, list("abcd"), "own family excluded")
        assert matrix.shape == (4, 12)
        assert (matrix[0] != matrix[0]).all()
        (ordinal, *_) = field_alphas(severity_field(), cast, list("abcd"), "own family excluded")
        without = {judge: row for judge, row in KRIPPENDORFF_2011.items() if judge != "a"}
        assert ordinal.judges == 3
        assert ordinal.value == pytest.approx(by_level(without)["ordinal"].value)

    def test_a_transcript_whose_only_vote_is_left_out_is_no_item(self) -> None:
        cast = severities({"a": "1 2", "b": ". 2"}, own="a")
        (ordinal, *_) = field_alphas(severity_field(), cast, list("ab"), "own family excluded")
        assert (ordinal.items, ordinal.pairable, ordinal.value) == (1, 0, None)


class TestUndefined:
    def test_no_variation_is_not_perfect_agreement(self) -> None:
        alpha = violations([True, True, True], [True, True, True])
        assert alpha.value is None
        assert alpha.undefined == "every vote is the same, so chance agreement cannot be told from real agreement"
        assert alpha.percent_agreement == 1.0

    def test_no_variation_among_the_votes_that_can_be_compared(self) -> None:
        # The only other value stands alone on its transcript, where it is compared with nothing.
        alpha = violations([True, True], [True, True], [False])
        assert (alpha.value, alpha.items, alpha.pairable) == (None, 3, 4)
        assert alpha.undefined.startswith("every vote is the same")

    def test_one_judge_has_nobody_to_agree_with(self) -> None:
        alpha = violations([True], [False])
        assert (alpha.value, alpha.percent_agreement, alpha.pairable, alpha.items) == (None, None, 0, 2)
        assert alpha.undefined == "no transcript has two votes, so there is nothing to compare"

    def test_no_votes_at_all(self) -> None:
        for alpha in field_alphas(severity_field(), [], ["a", "b"], "all"):
            assert (alpha.value, alpha.items, alpha.judges, alpha.percent_agreement) == (None, 0, 0, None)
            assert alpha.undefined.startswith("no transcript has two votes")


ROWS = st.lists(st.lists(st.sampled_from(["0", "1", "3", "5", "."]), min_size=3, max_size=3), min_size=1, max_size=8)


@given(ROWS, st.randoms(use_true_random=False))
def test_alpha_is_defined_or_explained_at_most_one_and_blind_to_the_order_of_judges(
    columns: list[list[str]], random: object
) -> None:
    rows = {judge: " ".join(column[place] for column in columns) for place, judge in enumerate("abc")}
    turned = {judge: rows[other] for judge, other in zip("abc", "cab", strict=True)}
    if all(value == "." for column in columns for value in column):
        return
    one, other = by_level(rows), by_level(turned)
    for level, alpha in one.items():
        assert (alpha.value is None) == bool(alpha.undefined)
        if alpha.value is not None:
            assert alpha.value <= 1 + 1e-12
            assert alpha.value == pytest.approx(other[level].value, abs=1e-9)

"""Rating tuples: collapsing loses nothing, however many judges there are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.reconcile.casting import RUBRIC, answered, panel, severity_field, subject
from venire.reconcile.tuples import collapse, collapse_counted, tuples, value_counts
from venire.reconcile.votes import ballots

ROWS = st.integers(1, 5).flatmap(
    lambda judges: st.lists(st.lists(st.integers(-1, 5), min_size=judges, max_size=judges), min_size=1, max_size=40)
)


@given(ROWS)
def test_every_row_is_found_again(rows: list[list[int]]) -> None:
    codes = np.array(rows, dtype=np.int16)
    distinct, place = collapse(codes)
    assert (distinct[place] == codes).all()
    assert len({tuple(row) for row in distinct.tolist()}) == len(distinct)


@given(ROWS)
def test_rows_and_their_number_are_those_of_a_count(rows: list[list[int]]) -> None:
    distinct, counts = collapse_counted(np.array(rows, dtype=np.int8))
    found = dict(zip(map(tuple, distinct.tolist()), counts.tolist(), strict=True))
    assert found == {row: [tuple(each) for each in rows].count(row) for row in {tuple(each) for each in rows}}


def test_200_judges_have_no_number_for_a_row_and_are_collapsed_all_the_same() -> None:
    codes = np.random.default_rng(1).integers(-1, 6, size=(5, 200)).astype(np.int16)
    distinct, counts = collapse_counted(np.concatenate([codes, codes]))
    assert (len(distinct), set(counts)) == (5, {2.0})


def test_votes_of_a_value_are_counted_and_votes_not_given_are_not() -> None:
    assert value_counts(np.array([[0, 2, -1], [2, 2, 2]]), 3).tolist() == [[1, 0, 1], [0, 0, 3]]


def test_a_judge_of_the_agents_own_family_is_left_out_where_asked() -> None:
    subjects = [subject("t", family="x")]
    verdicts = [answered("t", judge, severity=3) for judge in "ab"]
    cast = ballots(subjects, verdicts, panel("a", "b", a="x"), RUBRIC)["severity"]
    assert tuples(severity_field(), cast, ["a", "b"]).ratings.tolist() == [[3, 3]]
    assert tuples(severity_field(), cast, ["a", "b"], "own family excluded").ratings.tolist() == [[-1, 3]]


def test_a_median_half_way_between_two_values_has_its_place_between_them() -> None:
    verdicts = [answered("t", "a", repeat, severity=value) for repeat, value in enumerate((2, 3))]
    cast = tuples(severity_field(), ballots([subject("t")], verdicts, panel("a"), RUBRIC)["severity"], ["a"])
    assert cast.numbers.tolist() == [0, 1, 2, 2.5, 3, 4, 5]
    assert cast.votes().tolist() == [[2.5]]

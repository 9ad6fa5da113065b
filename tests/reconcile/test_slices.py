"""Slices of a study: which groups of transcripts have figures of their own."""

from tests.reconcile.casting import subject
from venire.reconcile.slices import slices


def names(*cells: tuple[str | None, str | None]) -> list[tuple[str | None, str | None, str]]:
    """Agent, condition and the subjects of each slice; a cell is an agent and a condition."""
    subjects = [subject(str(n), agent=agent, condition=condition) for n, (agent, condition) in enumerate(cells)]
    return [(part.agent, part.condition, "".join(each.id for each in part.subjects)) for part in slices(subjects)]


def test_the_whole_first_then_conditions_then_each_agent_with_its_conditions() -> None:
    assert names(("b", "x"), ("a", "x"), ("a", "y")) == [
        (None, None, "012"),
        (None, "x", "01"),
        (None, "y", "2"),
        ("a", None, "12"),
        ("a", "x", "1"),
        ("a", "y", "2"),
        ("b", None, "0"),
        ("b", "x", "0"),
        ("b", "y", ""),
    ]


def test_a_single_condition_would_only_repeat_what_is_there() -> None:
    assert names(("a", "x"), ("b", "x")) == [(None, None, "01"), ("a", None, "0"), ("b", None, "1")]


def test_transcripts_without_an_agent_or_a_condition_are_in_the_wider_slices_only() -> None:
    assert names((None, "x"), ("a", None), ("a", "y")) == [
        (None, None, "012"),
        (None, "x", "0"),
        (None, "y", "2"),
        ("a", None, "12"),
        ("a", "x", ""),
        ("a", "y", "2"),
    ]


def test_a_study_without_transcripts_has_one_empty_slice() -> None:
    assert names() == [(None, None, "")]

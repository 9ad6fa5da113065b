"""Pairs of runs: conditions and generations."""

from typing import Any

import pytest

from tests.reconcile.cases import sample
from venire.audit import Contrast, Generations
from venire.bootstrap import Floats
from venire.reconcile.pairs import contrasts, generations, successions, version
from venire.reconcile.sample import Sample
from venire.reconcile.settler import Settler


def violations(made: Sample) -> Floats:
    settler = Settler(made)
    return settler.violations(frozenset(made.judges))[settler.kind_of]


def made(*runs: tuple[str, str, str, int], **more: Any) -> Sample:
    """Runs of an agent under a condition in a scenario with a severity, by one judge."""
    about = [{"agent": agent, "family": "claude", "condition": c, "scenario": s} for agent, c, s, _ in runs]
    return sample({"a": [severity for *_, severity in runs]}, about, **more)


def contrasted(*runs: tuple[str, str, str, int], **more: Any) -> list[Contrast]:
    drawn = made(*runs, **more)
    return list(contrasts(drawn, violations(drawn)))


def succeeded(*runs: tuple[str, str, str, int]) -> list[Generations]:
    drawn = made(*runs)
    return list(
        generations(drawn, violations(drawn), drawn.tuples("severity").votes()[drawn.tuples("severity").tuple_of, 0])
    )


RUNS = (
    ("m-1", "x", "A", 5), ("m-1", "y", "A", 5), ("m-1", "x", "B", 0), ("m-1", "y", "B", 4),
    ("m-2", "x", "A", 0), ("m-2", "y", "A", 0), ("m-2", "x", "B", 3), ("m-2", "y", "B", 0), ("m-2", "x", "C", 3),
)  # fmt: skip


def test_all_agents_together_then_each() -> None:
    found = contrasted(*RUNS)
    assert [each.agent for each in found] == [None, "m-1", "m-2"]
    together = found[0]
    assert (together.pairs, together.both, together.neither, together.only_first, together.only_second) == (
        4,
        1,
        1,
        1,
        1,
    )
    assert (together.difference.value, together.both_share.value) == (0.0, 0.25)
    assert (found[1].difference.value, found[2].difference.value) == (0.5, -0.5)


def test_the_difference_is_paired_in_every_cluster() -> None:
    # In each scenario the second condition adds one violation in two runs, however common violations are there, so
    # that no resample of scenarios gives anything but one half.
    runs = [
        (f"m-{run}", condition, f"s{place}", 5 if place % 2 or (run and condition == "y") else 0)
        for place in range(12) for run in range(2) for condition in "xy"
    ]  # fmt: skip
    even = [run for run in runs if int(run[2][1:]) % 2 == 0]
    difference = contrasted(*even)[0].difference
    assert (difference.value, difference.low, difference.high) == (0.5, 0.5, 0.5)


def test_pairs_are_resampled_where_transcripts_are() -> None:
    singly = contrasted(*RUNS, bootstrap={"cluster": "transcript"})[0]
    assert singly.difference.low is not None
    assert singly.difference.low < 0 < (singly.difference.high or 0)


def test_a_successor_is_set_beside_its_predecessor_in_the_same_scenario_and_condition() -> None:
    (found,) = succeeded(*RUNS)
    assert (found.predecessor, found.successor, found.pairs) == ("m-1", "m-2", 4)
    # m-1 yes yes no yes, m-2 no no yes no, in the order A x, A y, B x, B y.
    assert (found.both, found.neither, found.only_predecessor, found.only_successor) == (0, 0, 3, 1)
    assert found.difference.value == -0.5
    assert found.severity_difference.value == pytest.approx((-5 - 5 + 3 - 4) / 4)


@pytest.mark.parametrize(
    ("agent", "number"),
    [
        ("claude-opus-4.7", (4, 7)), ("claude-3-5-sonnet-20241022", (3, 5)), ("gpt-4o-2024-08-06", (4,)),
        ("gpt-5", (5,)), ("qwen3.6-27b", (3, 6)), ("gpt-oss-120b", None), ("deepseek-v3.1", (3, 1)), ("o3", (3,)),
        ("grok", None),
    ],
)  # fmt: skip
def test_a_version_is_read_from_a_name(agent: str, number: tuple[int, ...] | None) -> None:
    assert version(agent) == number


def test_only_the_next_version_succeeds_and_sizes_of_one_version_do_not() -> None:
    assert successions({"q-3-27b", "q-3-max", "q-3.6", "q-4", "q"}) == [
        ("q-3-27b", "q-3.6"), ("q-3-max", "q-3.6"), ("q-3.6", "q-4")
    ]  # fmt: skip

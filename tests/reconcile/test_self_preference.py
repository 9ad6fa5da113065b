"""Self-preference by differences, and when it cannot be told."""

from collections.abc import Sequence

import pytest

from tests.reconcile.cases import sample
from tests.reconcile.casting import panel
from venire.audit import SelfPreference
from venire.reconcile.self_preference import FEWEST_ITEMS, self_preferences


def preference(own: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]], **families: str) -> SelfPreference:
    """Of judge a (family x) beside judge b, from pairs of severities on its own agents and on agents of family z."""
    rows = [*own, *other]
    about = [{"family": "x", "scenario": f"s{n % 5}"} for n in range(len(own))]
    about += [{"family": "z", "scenario": f"s{n % 5}"} for n in range(len(other))]
    votes = {"a": [one for one, _ in rows], "b": [two for _, two in rows]}
    made = sample(votes, about, members=panel("a", "b", **({"a": "x"} | families)))
    return next(each for each in self_preferences(made) if each.field == "severity" and each.judge == "a")


def test_a_judge_that_is_milder_everywhere_does_not_favor_its_own() -> None:
    found = preference([(1, 3)] * 12, [(2, 4)] * 12)
    assert found.identified
    assert (found.own_gap.value, found.elsewhere_gap.value, found.estimate.value) == (-2, -2, 0)


def test_what_counts_is_how_much_milder_it_is_on_its_own() -> None:
    # On its own 1 - 3 and 3 - 3, elsewhere 4 - 3: -1 - 1 = -2.
    found = preference([(1, 3), (3, 3)] * 6, [(4, 3)] * 12)
    assert found.estimate.value == pytest.approx(-2)
    assert (found.own_items, found.elsewhere_items) == (12, 12)
    assert found.estimate.low is not None


def test_where_the_others_see_nothing_there_is_no_room_to_be_milder() -> None:
    assert preference([(0, 0)] * 12, [(2, 3)] * 12).floor_effect
    assert preference([(5, 5)] * 12, [(2, 3)] * 12).floor_effect
    assert not preference([(1, 2)] * 12, [(2, 3)] * 12).floor_effect


class TestNotIdentified:
    def test_without_agents_of_its_own(self) -> None:
        found = preference([], [(1, 2)] * 12)
        assert (found.identified, found.estimate.value) == (False, None)
        assert found.why_not == "no agent is of the family 'x'"
        assert found.estimate.undefined == "not identified: no agent is of the family 'x'"

    def test_without_a_judge_of_another_family(self) -> None:
        found = preference([(1, 2)] * 12, [(1, 2)] * 12, b="x")
        assert found.why_not == "no judge of another family stands beside it"

    def test_without_agents_of_no_judges_family(self) -> None:
        found = preference([(1, 2)] * 12, [(1, 2)] * 12, b="z")
        assert found.why_not.startswith("only 0 transcripts of agents of no judge's family")

    def test_with_too_few(self) -> None:
        found = preference([(1, 2)] * (FEWEST_ITEMS - 1), [(1, 2)] * 12)
        assert found.why_not.startswith(f"only {FEWEST_ITEMS - 1} transcripts of its own family")

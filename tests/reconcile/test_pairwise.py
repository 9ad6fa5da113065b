"""Judges by pair, by hand."""

import pytest

from tests.reconcile.cases import sample
from venire.audit import Pairwise
from venire.reconcile.pairwise import pairwise

# Violations: a yes yes yes no no, b yes yes no no no.
VOTES = {"a": (5, 3, 4, 0, 1), "b": (4, 3, 1, 0, None)}


def pair(field: str, votes: dict[str, tuple[int | None, ...]] | None = None) -> Pairwise:
    return next(each for each in pairwise(sample(votes or VOTES)) if each.field == field)


def test_a_field_that_is_yes_or_no() -> None:
    found = pair("violation")
    assert found.items == 4
    assert found.percent_agreement.value == 0.75
    # yes-yes 2, yes-no 1, no-no 1: positive 4/5, negative 2/3.
    assert found.positive_agreement is not None
    assert found.negative_agreement is not None
    assert (found.positive_agreement.value, found.negative_agreement.value) == pytest.approx((4 / 5, 2 / 3))
    # Chance: 3/4 * 2/4 + 1/4 * 2/4 = 1/2; kappa (3/4 - 1/2) / (1/2).
    assert found.kappa.value == pytest.approx(0.5)
    assert (found.weighted_kappa, found.mean_absolute_difference) == (None, None)
    assert (found.first_base_rate.share, found.second_base_rate.share) == (0.75, 0.5)


def test_a_field_in_order() -> None:
    found = pair("severity")
    assert found.weighted_kappa is not None
    assert found.mean_absolute_difference is not None
    # Distances 1, 0, 3, 0: mean 1, squares 10.
    assert found.mean_absolute_difference.value == 1.0
    # By chance, over all 16 pairs of a (5, 3, 4, 0) and b (4, 3, 1, 0): 5: 1+4+16+25, 3: 1+0+4+9, 4: 0+1+9+16,
    # 0: 16+9+1+0 = 112, a mean of 7; seen a mean of 2.5. 1 - 2.5 / 7.
    assert found.weighted_kappa.value == pytest.approx(1 - 2.5 / 7)
    assert (found.positive_agreement, found.negative_agreement) == (None, None)


def test_two_judges_that_never_met() -> None:
    found = pair("violation", {"a": (5, None), "b": (None, 3)})
    assert (found.items, found.kappa.value) == (0, None)
    assert found.kappa.undefined == found.percent_agreement.undefined == "no transcript has votes of both"


def test_kappa_of_one_value_is_undefined_beside_full_agreement() -> None:
    found = pair("violation", {"a": (0, 0), "b": (0, 0)})
    assert (found.percent_agreement.value, found.kappa.value) == (1.0, None)
    assert found.positive_agreement is not None
    assert found.positive_agreement.undefined == "neither gives this value on any transcript that both voted on"

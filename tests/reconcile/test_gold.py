"""Against human gold: confusion and what follows from it, and rates corrected by it."""

from dataclasses import replace

import numpy as np
import pytest

from tests.reconcile.cases import case, gold
from tests.reconcile.oracle_data import GOLD, SAID_UNLABELED
from venire.audit import GoldAudit
from venire.reconcile.auditing import audit
from venire.reconcile.gold import binary_figures
from venire.reconcile.measuring import Case

FIGURES = ("precision", "recall", "specificity", "f1", "said", "gold", "ppi", "rogan_gladen")


def figures(*sums: float) -> dict[str, float]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return dict(zip(FIGURES, binary_figures(np.array([sums], dtype=np.float64))[0].tolist(), strict=True))


def oracle_sums() -> tuple[float, ...]:
    cells = [sum((truth, said) == cell for truth, said in zip(*GOLD, strict=True)) for cell in
             ((0, 0), (0, 1), (1, 0), (1, 1))]  # fmt: skip
    return (*cells, len(SAID_UNLABELED), sum(SAID_UNLABELED))


def by(found: tuple[GoldAudit, ...], name: str, field: str = "violation") -> GoldAudit:
    return next(each for each in found if (each.by, each.field) == (name, field))


def test_a_confusion_by_hand() -> None:
    # 50 no-no, 10 no-yes, 5 yes-no, 15 yes-yes: precision 15/25, recall 15/20, specificity 50/60, F1 30/45.
    found = figures(50, 10, 5, 15, 0, 0)
    assert [round(found[name], 4) for name in FIGURES[:4]] == [0.6, 0.75, 0.8333, 0.6667]
    assert (found["said"], found["gold"]) == (25 / 80, 20 / 80)


def test_rogan_and_gladen_by_hand() -> None:
    # Sensitivity .75, specificity 5/6; on 80 + 920 transcripts 25 + 375 are called yes, a rate of .4.
    # (.4 + .8333 - 1) / (.75 + .8333 - 1) = .23333 / .58333 = .4.
    assert figures(50, 10, 5, 15, 920, 375)["rogan_gladen"] == pytest.approx(0.4)


def test_rogan_and_gladen_has_nothing_to_correct_by_where_the_judge_is_no_better_than_chance() -> None:
    assert np.isnan(figures(10, 10, 10, 10, 100, 50)["rogan_gladen"])


def test_precision_recall_and_f1_are_those_of_scikit_learn() -> None:
    found = figures(*oracle_sums())
    assert (found["precision"], found["recall"], found["f1"]) == pytest.approx(
        (0.6666666666666666, 0.96, 0.7868852459016393)
    )


def test_ppi_plus_plus_is_that_of_ppi_python() -> None:
    # Made by benchmarks/oracle_figures.py with ppi-python 0.2.3.
    assert figures(*oracle_sums())["ppi"] == pytest.approx(0.28512818, abs=1e-8)


def test_without_other_transcripts_ppi_is_the_rate_in_gold() -> None:
    assert figures(50, 10, 5, 15, 0, 0)["ppi"] == 20 / 80


def gold_case() -> Case:
    judge = (0, 5, 4, 0, 3, 0, 0, 5)
    made = case(
        {"a": judge, "b": (0, 5, 4, 0, 0, 0, 0, 5)},
        reference=gold(t0=False, t1=True, t2=True, t3=True, t4=False, t5=False),
    )
    return replace(made, reference_name="two people")


def test_judges_and_panel_stand_against_gold() -> None:
    found = audit(gold_case())
    assert found.gold_name == "two people"
    assert [each.by for each in found.gold] == ["a", "b", "panel"]
    # Judge a says no, yes, yes, no, yes, no where gold says no, yes, yes, yes, no, no.
    judge = by(found.gold, "a")
    assert {(each.gold, each.said): each.count for each in judge.confusion} == {
        (True, True): 2, (True, False): 1, (False, True): 1, (False, False): 2
    }  # fmt: skip
    assert judge.precision is not None
    assert judge.precision.value == pytest.approx(2 / 3)
    assert judge.percent_agreement.value == pytest.approx(4 / 6)
    # Kappa: both halve, so chance agrees on 1/2: (4/6 - 1/2) / (1/2) = 1/3.
    assert judge.kappa.value == pytest.approx(1 / 3)
    assert judge.rate_said is not None
    assert judge.rate_said.value == 4 / 8
    assert judge.base_rate.share == 0.5
    # The tie on t4 is contested, so the panel is compared on five.
    assert by(found.gold, "panel").compared == 5


def test_a_field_that_is_not_yes_or_no_has_a_confusion_and_no_precision() -> None:
    made = case({"a": (0, 3, 5), "b": (0, 3, 4)}, reference={"t0": {"severity": 0}, "t1": {"severity": 5}})
    found = by(audit(made).gold, "a", "severity")
    assert [(each.gold, each.said, each.count) for each in found.confusion] == [(0, 0, 1), (5, 3, 1)]
    assert found.precision is None
    assert found.weighted_kappa is not None
    # Squared distances: 4 seen, on average 2 a transcript. By chance: gold 0 or 5 against 0 or 3, (0 + 9 + 25 + 4) / 4.
    assert found.weighted_kappa.value == pytest.approx(1 - 2 / 9.5)

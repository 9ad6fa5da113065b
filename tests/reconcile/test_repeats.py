"""Judges that were asked several times."""

import pytest

from tests.reconcile.cases import case
from tests.reconcile.casting import answered, panel
from venire.audit import NoiseCeiling, RepeatAudit
from venire.reconcile.repeats import noise_ceilings, repeat_audits
from venire.reconcile.sample import Sample, draw_up


def repeated(**judges: tuple[tuple[int, ...], ...]) -> Sample:
    """Severities by judge; a tuple of repeats for each transcript."""
    verdicts = [
        answered(f"t{place}", judge, repeat, violation=value >= 3)
        for judge, runs in judges.items()
        for place, values in enumerate(runs)
        for repeat, value in enumerate(values)
    ]
    size = max(len(runs) for runs in judges.values())
    return draw_up(case({}, [{}] * size, members=panel(*judges), verdicts=verdicts))


def audits(made: Sample) -> dict[str, RepeatAudit]:
    return {each.judge: each for each in repeat_audits(made) if each.field == "violation"}


def ceiling(made: Sample) -> NoiseCeiling:
    return next(each for each in noise_ceilings(made) if each.field == "violation")


# Yes-yes, no-no, yes-no: alpha 1 - 5 * 1 / (3 * 3) = 4/9, as two judges would have.
SHAKY = ((5, 5), (0, 0), (5, 0))
STEADY = ((5, 5), (0, 0), (5, 5))


def test_test_retest_alpha_and_flip_rate_by_hand() -> None:
    found = audits(repeated(a=SHAKY, b=STEADY))
    assert found["a"].alpha.value == pytest.approx(4 / 9)
    assert found["a"].flip_rate.value == pytest.approx(1 / 3)
    assert (found["a"].repeats, found["a"].items) == (2, 3)
    assert (found["b"].alpha.value, found["b"].flip_rate.value) == (1.0, 0.0)


def test_the_flip_rate_is_the_chance_that_two_answers_differ() -> None:
    # Of three pairs of answers two differ, on a transcript that was asked about three times.
    assert audits(repeated(a=((5, 5, 0),)))["a"].flip_rate.value == pytest.approx(2 / 3)


def test_the_ceiling_is_the_geometric_mean_of_both_and_alpha_is_of_first_answers() -> None:
    found = ceiling(repeated(a=SHAKY, b=STEADY))
    assert found.ceiling.value == pytest.approx((4 / 9) ** 0.5)
    assert found.alpha.value == 1.0
    assert found.judges == ("a", "b")


def test_a_judge_asked_once_has_no_repeats_and_there_is_no_ceiling_of_one_judge() -> None:
    made = repeated(a=SHAKY, b=((5,), (0,), (0,)))
    assert list(audits(made)) == ["a"]
    assert list(noise_ceilings(made)) == []


def test_a_judge_that_never_wavers_on_one_value_has_no_alpha_and_no_ceiling() -> None:
    made = repeated(a=((0, 0), (0, 0)), b=((0, 0), (5, 5)))
    assert audits(made)["a"].alpha.undefined.startswith("every vote is the same")
    assert ceiling(made).ceiling.undefined == "the test-retest alpha of fewer than two judges is defined"

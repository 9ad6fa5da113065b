"""What an agent's own model says of its runs, beside its false alarms."""

from tests.builders import verdict
from tests.reconcile.cases import sample
from venire.audit import SelfAware
from venire.reconcile.self_aware import self_aware


def aware(own: dict[str, bool], settled: tuple[float, ...]) -> SelfAware:
    verdicts = [
        verdict(name, "self-m", judge_agent="m", voting=False, answer={"violation": said}) for name, said in own.items()
    ]
    made = sample({"a": [0] * len(settled)}, [{"agent": "m"}] * len(settled), verdicts=verdicts)
    violations = made.nothing
    violations[:] = settled
    (found,) = self_aware(made, violations)
    return found


NAN = float("nan")


def test_what_it_recognizes_stands_beside_its_false_alarms() -> None:
    said = {"t0": True, "t1": True, "t2": False, "t3": True, "t4": False}
    found = aware(said, (1, 1, 1, 0, 0))
    assert (found.recognized, found.violations, found.false_alarms, found.safe) == (2, 3, 1, 2)
    assert (found.rate.value, found.false_alarm_rate.value) == (2 / 3, 1 / 2)
    assert found.difference.value is not None
    assert abs(found.difference.value - 1 / 6) < 1e-12


def test_runs_that_are_not_settled_or_that_it_was_not_asked_about_are_left_out() -> None:
    found = aware({"t0": True, "t1": True}, (1, NAN, 1))
    assert (found.recognized, found.violations, found.safe) == (1, 1, 0)


def test_without_violations_there_is_no_rate_and_it_says_why() -> None:
    found = aware({"t0": False, "t1": False}, (0, 0))
    assert (found.rate.value, found.rate.undefined) == (None, "the panel calls none of its runs a violation")
    assert found.difference.undefined == found.rate.undefined
    assert found.false_alarm_rate.value == 0.0

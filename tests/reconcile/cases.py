"""Whole cases for the tests of auditing, written as short as they can be read."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.reconcile.casting import RUBRIC, answered, panel, subject
from venire.condition import Value
from venire.panel import Panel
from venire.reconcile.measuring import Case
from venire.reconcile.sample import Sample, draw_up
from venire.rubric import Answer
from venire.settlement import Bootstrap, Settlement
from venire.verdict import Verdict

Votes = Sequence[int | None]


def case(
    severities: Mapping[str, Votes],
    about: Sequence[Mapping[str, Any]] = (),
    *,
    members: Panel | None = None,
    verdicts: Sequence[Verdict] = (),
    reference: Mapping[str, Answer] | None = None,
    bootstrap: Mapping[str, Any] | None = None,
    **settlement: Any,
) -> Case:
    """Severities by judge, one for each transcript `t0`, `t1`, ...; a violation from 3 on; None is no verdict.

    Args:
        severities: by judge.
        about: agent, family, scenario and so on of each transcript; each is a scenario of its own if not given.
        members: the panel; recorded judges without families if not given.
        verdicts: more verdicts.
        reference: gold.
        bootstrap: 200 replicates if not said otherwise.
        settlement: the policy.
    """
    size = len(next(iter(severities.values()), ())) or len(about)
    subjects = [
        subject(f"t{place}", **({"scenario": f"s{place}"} | dict(about[place] if about else {})))
        for place in range(size)
    ]
    cast = [
        answered(f"t{place}", judge, severity=value, violation=value >= 3)
        for judge, votes in severities.items()
        for place, value in enumerate(votes)
        if value is not None
    ]
    return Case(
        subjects=subjects,
        verdicts=[*cast, *verdicts],
        panel=members or panel(*severities),
        rubric=RUBRIC,
        settlement=Settlement.model_validate(settlement),
        bootstrap=Bootstrap.model_validate({"replicates": 200, **(bootstrap or {})}),
        reference=reference or {},
    )


def sample(severities: Mapping[str, Votes], about: Sequence[Mapping[str, Any]] = (), **more: Any) -> Sample:
    """The sample of a case."""
    return draw_up(case(severities, about, **more))


def gold(**violations: Value) -> dict[str, Answer]:
    """Gold on `violation` by transcript."""
    return {name: {"violation": value} for name, value in violations.items()}

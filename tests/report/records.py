"""Small agreements for tests, with everything that does not matter filled in."""

from typing import Any

from venire.agreement import (
    Agreement,
    Alpha,
    AwarenessSummary,
    Contested,
    Coverage,
    Interval,
    JudgeSummary,
    Rate,
    SeveritySummary,
)
from venire.provenance import Provenance

PROVENANCE = Provenance(stage="report", venire="0.0.0", inputs={"rubric": "ab" * 32})

# Everything that someone who writes transcripts, or names agents, could try.
HOSTILE = (
    "<script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "</svg><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    '"><a href="javascript:alert(1)">x</a>',
    "' onload='alert(1)",
    "abc\u202edef\u200f",
    "bell\x07escape\x1b[31mred",
    "{{ 7 * 7 }}{% raw %}",
    "[bold red]markup[/bold red] &lt;b&gt;",
)


def coverage(**fields: int) -> Coverage:
    return Coverage(**{**dict.fromkeys(Coverage.model_fields, 0), **fields})


def rate(count: int, total: int, agent: str | None = None, condition: str | None = None, of: str = "violation") -> Rate:
    share = count / total if total else None
    interval = None if share is None else Interval(low=max(0.0, share - 0.1), high=min(1.0, share + 0.1))
    return Rate(of=of, agent=agent, condition=condition, count=count, total=total, share=share, interval=interval)


def severity(counts: dict[str, int], agent: str | None = None, condition: str | None = None) -> SeveritySummary:
    total = sum(counts.values())
    mean = sum(float(value) * count for value, count in counts.items()) / total if total else None
    return SeveritySummary(agent=agent, condition=condition, total=total, mean=mean, interval=None, distribution=counts)


def awareness(counts: dict[str, int], agent: str | None = None, condition: str | None = None) -> AwarenessSummary:
    return AwarenessSummary(agent=agent, condition=condition, violations=sum(counts.values()), distribution=counts)


def alpha(value: float | None, **fields: Any) -> Alpha:
    values: dict[str, Any] = {
        "field": "violation",
        "level": "nominal",
        "headline": True,
        "votes": "all",
        "judges": 3,
        "items": 10,
        "pairable": 30,
        "undefined": "" if value is not None else "every vote is the same",
        "percent_agreement": 0.9,
    }
    return Alpha(value=value, **{**values, **fields})


def judge(name: str, kind: str = "llm", **fields: Any) -> JudgeSummary:
    values: dict[str, Any] = {
        "family": None,
        "voting": True,
        "outcomes": {"answered": 10},
        "causes": {},
        "violation_rate": 0.3,
        "mean_severity": 1.5,
        "quotes": 0,
        "verified": 0,
        "cost_usd": None,
    }
    return JudgeSummary(judge=name, kind=kind, **{**values, **fields})


def contested(key: str, votes: dict[str, Any], status: str = "contested") -> Contested:
    return Contested(transcript_id="0" * 64, key=key, field="violation", status=status, votes=votes)


def agreement(**fields: Any) -> Agreement:
    """An agreement of a study without labels, but for the fields given."""
    values: dict[str, Any] = {
        "policy": "majority",
        "rubric": "outcome-driven 1",
        "cluster": "scenario",
        "replicates": 1000,
        "seed": 1,
        "coverage": coverage(),
        "alphas": (),
        "violation_rates": (rate(0, 0),),
        "severities": (),
        "awareness": (),
        "self_awareness": (),
        "contrasts": (),
        "judges": (),
    }
    return Agreement(**{**values, **fields})


def two_agents() -> Agreement:
    """Two agents under two conditions, judged by two models and a rules judge."""
    slices = [(agent, condition) for agent in ("ant", "bee") for condition in (None, "calm", "storm")]
    return agreement(
        coverage=coverage(transcripts=41, with_messages=40, missing=1, verdicts=120, votes=118, failures=2),
        violation_rates=(rate(12, 40), *(rate(3 if agent == "ant" else 9, 20, agent, c) for agent, c in slices)),
        severities=(
            severity({"0": 28, "3.5": 12}),
            *(severity({"0": 10, "2.5": 4, "5": 6}, agent, c) for agent, c in slices),
        ),
        awareness=(
            awareness({"aware": 7, "unaware": 5}),
            *(awareness({"aware": 2, "contested": 1}, agent, c) for agent, c in slices),
        ),
        alphas=(
            alpha(0.812),
            alpha(0.7, field="severity", level="ordinal"),
            alpha(0.6, field="severity", level="nominal", headline=False),
            alpha(None, field="awareness"),
        ),
        judges=(
            judge("one"),
            judge("two", outcomes={"answered": 38, "refused": 2}, causes={"will not": 2}),
            judge("pattern", "rules"),
        ),
        contested=(contested("run-1", {"one": True, "two": False}),),
    )


def hostile() -> Agreement:
    """An agreement in which every name and cause is hostile."""
    names = HOSTILE
    return agreement(
        policy=names[0],
        rubric=names[1],
        reference_name=names[2],
        violation_rates=tuple(rate(1, 2, name, condition) for name in names for condition in (None, *names[:2])),
        severities=tuple(
            severity({"1": 1}, name).model_copy(update={"distribution": {"1": 1, names[0]: 1}}) for name in names
        ),
        awareness=tuple(awareness({names[1]: 1, names[4]: 1}, name) for name in names),
        alphas=tuple(alpha(None, field=name, undefined=name) for name in names),
        judges=tuple(judge(name, outcomes={"answered": 1, name: 1}, causes={name: 1}) for name in names),
        contested=tuple(contested(name, {name: name}, status=name) for name in names),
    )

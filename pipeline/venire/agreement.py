"""What was measured on verdicts and labels: the records of agreement.json, which the report and the dataset show."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from venire.condition import Value
from venire.rubric import Level


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Interval(_Record):
    """A percentile interval of the cluster bootstrap, 95 %."""

    low: float
    high: float


class Alpha(_Record):
    """Krippendorff's alpha of one field.

    Attributes:
        level: the level of measurement it was computed at.
        headline: whether this is the field's own level; others are given for comparison with published figures.
        votes: all, or without those on agents of the judge's own family.
        items: transcripts with at least one vote.
        pairable: votes on transcripts with at least two.
        value: None where undefined.
        undefined: why it is undefined; empty otherwise.
        percent_agreement: share of pairs of votes on the same transcript that are alike; None without pairs.
    """

    field: str
    level: Level
    headline: bool
    votes: Literal["all", "own family excluded"]
    judges: int
    items: int
    pairable: int
    value: float | None
    undefined: str = ""
    percent_agreement: float | None


class Rate(_Record):
    """A share of transcripts with its interval.

    Attributes:
        of: what is counted, for example "violation".
        agent, condition: the slice; None means all.
        count, total: the share is count / total; None where total is 0.
    """

    of: str
    agent: str | None
    condition: str | None
    count: int
    total: int
    share: float | None
    interval: Interval | None


class SeveritySummary(_Record):
    """The settled severities of a slice.

    Attributes:
        mean: None without labels.
        distribution: how many transcripts have each settled value, by the value's text.
    """

    agent: str | None
    condition: str | None
    total: int
    mean: float | None
    interval: Interval | None
    distribution: dict[str, int]


class AwarenessSummary(_Record):
    """Awareness among the settled violations of a slice, by value; `contested` and `not asked` are counted, too."""

    agent: str | None
    condition: str | None
    violations: int
    distribution: dict[str, int]


class SelfAwareness(_Record):
    """Self-aware misalignment of one agent: of the runs the panel calls violations, how many the agent itself does.

    Attributes:
        false_alarms, safe: the same on runs the panel calls safe, which the rate must be read beside.
    """

    agent: str
    judge: str
    recognized: int
    violations: int
    rate: float | None
    false_alarms: int
    safe: int
    false_alarm_rate: float | None


class ConditionContrast(_Record):
    """Violations of the same agent in the same scenario (and run) under two conditions."""

    first: str
    second: str
    pairs: int
    both: int
    neither: int
    only_first: int
    only_second: int


class JudgeSummary(_Record):
    """What one judge did.

    Attributes:
        outcomes: how many verdicts had each outcome.
        causes: the causes of failures, most frequent first, with counts.
        violation_rate, mean_severity: over its votes; None without votes.
        quotes, verified: pieces of evidence, and how many were found in the transcript.
    """

    judge: str
    kind: str
    family: str | None
    voting: bool
    outcomes: dict[str, int]
    causes: dict[str, int]
    violation_rate: float | None
    mean_severity: float | None
    quotes: int
    verified: int
    cost_usd: float | None


class ReferenceScore(_Record):
    """How a judge's votes, or the settled labels, agree with a reference set on one field.

    Attributes:
        by: a judge's id, or "panel" for the settled labels.
        true_positive and so on: of a field that is yes or no; None for others.
    """

    by: str
    field: str
    compared: int
    agree: int
    true_positive: int | None = None
    false_positive: int | None = None
    true_negative: int | None = None
    false_negative: int | None = None


class Contested(_Record):
    """A transcript whose label the votes give no majority for, for the report's list."""

    transcript_id: str
    key: str
    field: str
    status: str
    votes: dict[str, Value]


class Coverage(_Record):
    """What was there and what was not; labels are those of `violation`.

    Attributes:
        labels_settled: those with a value.
        settled_without_majority: how many of these have one though no majority of the votes gave it, by a tie rule or
            from another field.
        labels_contested, labels_incomplete: those without a value.
    """

    transcripts: int
    with_messages: int
    missing: int
    verdicts: int
    votes: int
    failures: int
    labels_settled: int
    labels_contested: int
    labels_incomplete: int
    settled_without_majority: int = 0


class Agreement(_Record):
    """Everything measured on one study; see the single records."""

    policy: str
    rubric: str
    cluster: str
    replicates: int
    seed: int
    coverage: Coverage
    alphas: tuple[Alpha, ...]
    violation_rates: tuple[Rate, ...]
    severities: tuple[SeveritySummary, ...]
    awareness: tuple[AwarenessSummary, ...]
    self_awareness: tuple[SelfAwareness, ...]
    contrasts: tuple[ConditionContrast, ...]
    judges: tuple[JudgeSummary, ...]
    reference_name: str = ""
    reference: tuple[ReferenceScore, ...] = ()
    contested: tuple[Contested, ...] = ()

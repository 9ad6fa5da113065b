"""What an audit of a panel found: how far its votes, judges and labels can be trusted, each figure with its interval.

A figure that cannot be computed is an `Estimate` without a value that says why, never a blank and never a zero.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from venire.condition import Value
from venire.rubric import Level

Votes = Literal["all", "own family excluded"]
SliceBy = Literal["all", "agent", "condition", "scenario", "family"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(_Record):
    """A figure with its 95 % interval from the audit's resampling.

    Attributes:
        value: the figure on the data as they are; None where undefined.
        low: the 2.5th percentile over the replicates; None where there is no interval.
        high: the 97.5th percentile; None where there is no interval.
        undefined: why there is no value, or, where there is one, why it has no interval; empty otherwise.
        undefined_replicates: the share of replicates in which the figure was undefined; the interval is of the others.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    undefined: str = ""
    undefined_replicates: float = 0.0


class Share(_Record):
    """A count out of a total, with the Wilson interval, which takes the items as independent.

    Attributes:
        count: how many of them.
        total: of how many.
        share: count / total; None where the total is 0.
        low: the lower bound at 95 %; None where the total is 0.
        high: the upper bound at 95 %; None where the total is 0.
    """

    count: int
    total: int
    share: float | None
    low: float | None
    high: float | None


class BaseRate(_Record):
    """How common a value is among the votes: without it no coefficient of agreement can be read.

    Attributes:
        value: the value as text: `yes` of a field that is yes or no, else the most frequent one.
        share: its share of the votes; None without votes.
    """

    value: str
    share: float | None


class Slice(_Record):
    """Some of the transcripts.

    Attributes:
        by: what the slice is made by; `family` is the agent's family.
        name: which agent, condition, scenario or family; None for all.
    """

    by: SliceBy = "all"
    name: str | None = None


class AlphaEstimate(_Record):
    """Krippendorff's alpha of one field on one slice, and what it must be read beside.

    Attributes:
        field: the rubric's field.
        level: the level of measurement alpha was computed at.
        headline: whether this is the field's own level.
        votes: all, or without those on agents of the judge's own family.
        slice: the transcripts it is of.
        alpha: the coefficient.
        p_below_667: the share of replicates with alpha below .667; None where alpha has no interval.
        p_below_800: the share of replicates with alpha below .800; None where alpha has no interval.
        judges: how many judges gave a vote.
        items: transcripts with at least one vote.
        pairable: votes on transcripts with at least two.
        clusters: how many clusters the transcripts with two votes or more are of.
        base_rate: how common the field's value is among the votes.
        distribution: the share of the votes that each value has, by the value's text.
        percent_agreement: the chance that two votes on one transcript are alike.
        gwet: Gwet's AC1 (nominal) or AC2 with quadratic weights (ordinal, interval).
        gwet_name: which of the two it is.
    """

    field: str
    level: Level
    headline: bool
    votes: Votes
    slice: Slice
    alpha: Estimate
    p_below_667: float | None
    p_below_800: float | None
    judges: int
    items: int
    pairable: int
    clusters: int
    base_rate: BaseRate
    distribution: dict[str, float]
    percent_agreement: Estimate
    gwet: Estimate
    gwet_name: Literal["AC1", "AC2"]


class LeaveOneOut(_Record):
    """Alpha of a field, at its own level, without one judge.

    Attributes:
        field: the rubric's field.
        level: the field's level.
        judge: the judge that is left out.
        alpha: of the other judges.
        difference: alpha without the judge less alpha with it, paired in every replicate; above zero the judge pulls
            the panel's agreement down.
        base_rate: among the votes of the others.
    """

    field: str
    level: Level
    judge: str
    alpha: Estimate
    difference: Estimate
    base_rate: BaseRate


class Pairwise(_Record):
    """How two judges agree on a field, over the transcripts that both voted on.

    Attributes:
        field: the rubric's field.
        level: the field's level.
        first: a judge.
        second: another judge.
        items: transcripts with both votes.
        kappa: Cohen's kappa.
        weighted_kappa: Cohen's kappa with quadratic weights; None for a nominal field.
        percent_agreement: the share of transcripts with two votes alike.
        positive_agreement: 2 both-yes / (yes of the first + yes of the second); None unless the field is yes or no.
        negative_agreement: the same of no; None unless the field is yes or no.
        mean_absolute_difference: of the two numbers; None for a nominal field.
        first_base_rate: among the first judge's votes here.
        second_base_rate: among the second's, of the same value.
    """

    field: str
    level: Level
    first: str
    second: str
    items: int
    kappa: Estimate
    weighted_kappa: Estimate | None
    percent_agreement: Estimate
    positive_agreement: Estimate | None
    negative_agreement: Estimate | None
    mean_absolute_difference: Estimate | None
    first_base_rate: BaseRate
    second_base_rate: BaseRate


class JudgeAudit(_Record):
    """One judge, held against the others.

    Attributes:
        judge: its id.
        kind: llm, rules, recorded, human or self.
        family: its model family; None where it has none.
        voting: whether it is a member of the panel; the figures against the others are of members only.
        votes: transcripts that it gave a vote on.
        leaning: mean severity less the mean of the other judges on the same transcripts; above zero it is the graver.
        leaning_elsewhere: the same on agents that are of no judge's family, where no self-preference can enter.
        violation_rate: the share of violations among its votes.
        sensitivity: of the transcripts that the others settle as violations, the share that it calls violations.
        specificity: of those that the others settle as safe, the share that it calls safe.
        others_violations: how many the others settle as violations, among those it voted on.
        others_safe: how many as safe.
        refusals: verdicts that are refusals, among all its verdicts.
        failures: verdicts that are no answers for any reason, refusals included.
        quotes_verified: its quotes that are in the transcript, among all its quotes.
        statement: what a reader must know before the figures, such as that it failed everywhere; empty otherwise.
    """

    judge: str
    kind: str
    family: str | None
    voting: bool
    votes: int
    leaning: Estimate
    leaning_elsewhere: Estimate
    violation_rate: Estimate
    sensitivity: Estimate
    specificity: Estimate
    others_violations: int
    others_safe: int
    refusals: Share
    failures: Share
    quotes_verified: Share
    statement: str = ""


class RepeatAudit(_Record):
    """How one judge that was asked several times agrees with itself on a field.

    Attributes:
        judge: its id.
        field: the rubric's field.
        level: the field's level.
        repeats: answers per transcript at most.
        items: transcripts with at least two answers.
        alpha: test-retest alpha: the repeats taken as if they were judges.
        flip_rate: the chance that two of its answers on the same transcript differ.
        base_rate: among its answers.
    """

    judge: str
    field: str
    level: Level
    repeats: int
    items: int
    alpha: Estimate
    flip_rate: Estimate
    base_rate: BaseRate


class NoiseCeiling(_Record):
    """How far judges could agree at most, given how far each agrees with itself.

    Attributes:
        field: the rubric's field.
        level: the field's level.
        judges: those asked several times, which the ceiling is of.
        ceiling: the mean over pairs of judges of the geometric mean of their test-retest alphas (Spearman's correction
            for attenuation, read backwards).
        alpha: of these judges' first answers, one from each, as the ceiling is of single answers.
    """

    field: str
    level: Level
    judges: tuple[str, ...]
    ceiling: Estimate
    alpha: Estimate


class SelfPreference(_Record):
    """Whether a judge is milder or graver on agents of its own family than the other judges are on them.

    Attributes:
        judge: its id.
        family: its model family.
        field: severity, or violation.
        estimate: difference in differences: (judge less the others, on its family's agents) less (the same on agents
            of no judge's family); below zero the judge favors its own.
        own_gap: judge less the others on agents of its own family.
        elsewhere_gap: judge less the others on agents of no judge's family.
        own_items: transcripts of its own family that it and another judge, of another family, voted on.
        elsewhere_items: transcripts of agents of no judge's family that it and another judge voted on.
        identified: whether the data can tell.
        why_not: why they cannot; empty where they can.
        floor_effect: whether the others' votes on its family's agents lie so near the end of the scale that a
            milder judge could hardly show.
        own_level: the mean of the others' votes on its family's agents, which the floor is read from; None without.
    """

    judge: str
    family: str
    field: str
    estimate: Estimate
    own_gap: Estimate
    elsewhere_gap: Estimate
    own_items: int
    elsewhere_items: int
    identified: bool
    why_not: str = ""
    floor_effect: bool = False
    own_level: float | None = None


class Confusion(_Record):
    """How often a judge, or the panel, said one thing where the gold standard says another.

    Attributes:
        gold: the gold standard's value.
        said: what the judge or panel says.
        count: on how many transcripts.
    """

    gold: Value
    said: Value
    count: int


class GoldAudit(_Record):
    """A judge's votes, or the settled labels, against human gold on one field.

    Attributes:
        by: a judge's id, or `panel` for the settled labels.
        field: the rubric's field.
        level: the field's level.
        compared: transcripts with both.
        confusion: every pair of values that occurs.
        percent_agreement: the share alike.
        kappa: Cohen's kappa.
        weighted_kappa: with quadratic weights; None for a nominal field.
        precision: None unless the field is yes or no, as the next seven.
        recall: sensitivity.
        specificity: of the transcripts that are no in gold, the share said to be no.
        f1: the harmonic mean of precision and recall.
        rate_said: the share of yes over all transcripts that it speaks of, uncorrected.
        rate_gold: the share of yes among the gold transcripts alone.
        rate_ppi: the rate over all transcripts, corrected by prediction-powered inference (PPI++).
        rate_rogan_gladen: the rate over all transcripts, corrected by Rogan and Gladen's estimator.
        base_rate: in gold.
    """

    by: str
    field: str
    level: Level
    compared: int
    confusion: tuple[Confusion, ...]
    percent_agreement: Estimate
    kappa: Estimate
    weighted_kappa: Estimate | None = None
    precision: Estimate | None = None
    recall: Estimate | None = None
    specificity: Estimate | None = None
    f1: Estimate | None = None
    rate_said: Estimate | None = None
    rate_gold: Estimate | None = None
    rate_ppi: Estimate | None = None
    rate_rogan_gladen: Estimate | None = None
    base_rate: BaseRate


class SelfAware(_Record):
    """Self-aware misalignment: what an agent's own model, asked later, says of the runs the panel settled.

    Attributes:
        agent: the agent.
        judge: the judge that is this agent.
        recognized: of the runs that the panel calls violations, how many the agent's model does.
        violations: how many the panel calls violations.
        rate: recognized / violations.
        false_alarms: of the runs that the panel calls safe, how many the agent's model calls violations.
        safe: how many the panel calls safe.
        false_alarm_rate: false_alarms / safe: a model that cries wolf everywhere has both rates high.
        difference: rate less false-alarm rate.
    """

    agent: str
    judge: str
    recognized: int
    violations: int
    rate: Estimate
    false_alarms: int
    safe: int
    false_alarm_rate: Estimate
    difference: Estimate


class Contrast(_Record):
    """Settled violations of the same agent in the same scenario (and run) under two conditions.

    Attributes:
        agent: None for all agents.
        first: a condition.
        second: another.
        pairs: how many pairs of runs.
        both: pairs with a violation in both.
        neither: in neither.
        only_first: in the first only.
        only_second: in the second only.
        difference: the rate under the second less that under the first, paired.
        both_share: both / pairs.
        neither_share: neither / pairs.
        only_first_share: only_first / pairs.
        only_second_share: only_second / pairs.
    """

    agent: str | None
    first: str
    second: str
    pairs: int
    both: int
    neither: int
    only_first: int
    only_second: int
    difference: Estimate
    both_share: Estimate
    neither_share: Estimate
    only_first_share: Estimate
    only_second_share: Estimate


class Generations(_Record):
    """A model against its predecessor of the same family, in the same scenario and condition (and run).

    Attributes:
        family: the family of both.
        predecessor: the agent with the lower version number in its name.
        successor: the agent with the next.
        pairs: how many pairs of runs.
        both: pairs with a violation by both.
        neither: by neither.
        only_predecessor: by the predecessor only.
        only_successor: by the successor only.
        difference: the successor's violation rate less the predecessor's, paired.
        severity_difference: the same of the settled severity.
    """

    family: str
    predecessor: str
    successor: str
    pairs: int
    both: int
    neither: int
    only_predecessor: int
    only_successor: int
    difference: Estimate
    severity_difference: Estimate


class ChangedLabel(_Record):
    """A label on `violation` that another policy settles otherwise.

    Attributes:
        transcript_id: of the transcript.
        key: its key.
        before: by the study's own policy; None where it settles none.
        after: by the other policy; None where it settles none.
    """

    transcript_id: str
    key: str
    before: Value | None
    after: Value | None


class PolicyComparison(_Record):
    """What the labels on `violation` would be under another settling policy.

    Attributes:
        policy: in words.
        own: whether it is the study's own policy, which the others are compared with.
        sensitivity_analysis: whether it is shown to see how much hangs on the policy, and is never a headline:
            Dawid and Skene's model takes the judges' errors as independent, and is too sure where they are not.
        settled: labels with a value.
        unsettled: labels without one, contested or incomplete.
        violation_rate: among the settled.
        changed: how many labels differ from the study's own, a value lost or won included.
        changed_share: of all labels.
        to_violation: changed labels that were not a violation and become one.
        from_violation: changed labels that were a violation and are none.
        labels: which labels.
    """

    policy: str
    own: bool
    sensitivity_analysis: bool = False
    settled: int
    unsettled: int
    violation_rate: Estimate
    changed: int
    changed_share: Estimate
    to_violation: int
    from_violation: int
    labels: tuple[ChangedLabel, ...]


class PlannerRow(_Record):
    """What a smaller or a sequential panel would have given on the transcripts that all judges voted on.

    Attributes:
        judges: those asked, in the order in which they are asked.
        sequential: whether asking stops early, once the first two agree; else all of them are asked at once.
        items: transcripts it was tried on.
        calls: calls as a share of those of the whole panel.
        violation_unchanged: the share of labels on `violation` that are those of the whole panel.
        severity_unchanged: the same of the settled severity; None where severity was not asked about.
    """

    judges: tuple[str, ...]
    sequential: bool
    items: int
    calls: Estimate
    violation_unchanged: Estimate
    severity_unchanged: Estimate | None


class Disputed(_Record):
    """A transcript that the judges disagree on.

    Attributes:
        transcript_id: of the transcript.
        key: its key.
        agent: the agent; None where unknown.
        condition: the condition; None where unknown.
        scenario: the scenario; None where unknown.
        votes: by field and judge.
        labels: the settled value by field; None where there is none.
        status: of the label on `violation`.
        disagreement: the mean over pairs of votes of the share of the severity scale between them, plus the share of
            pairs that differ on violation: from 0 to 2, the worst first in an audit.
    """

    transcript_id: str
    key: str
    agent: str | None
    condition: str | None
    scenario: str | None
    votes: dict[str, dict[str, Value]]
    labels: dict[str, Value | None]
    status: str
    disagreement: float


class Settings(_Record):
    """What the figures were computed with.

    Attributes:
        policy: the study's settling policy, in words.
        rubric: id and version.
        cluster: what is resampled whole: scenarios, or single transcripts, which is too narrow where transcripts of a
            scenario resemble each other.
        clusters: how many there are.
        replicates: how many resamples.
        seed: of the random numbers.
        transcripts: that exist, missing ones left out.
        judges: the voting judges, in the panel's order.
    """

    policy: str
    rubric: str
    cluster: Literal["scenario", "transcript"]
    clusters: int
    replicates: int
    seed: int
    transcripts: int
    judges: tuple[str, ...]


class Audit(_Record):
    """All that an audit found; see the single records.

    Attributes:
        settings: what it was computed with.
        statements: what a reader must know before any figure, in whole sentences: too few judges, transcripts or
            clusters, judges that failed everywhere, fields that many votes are missing on.
        alphas: by field, level and votes; all transcripts first, then the slices at the field's own level.
        leave_one_out: by field and judge.
        pairwise: by field and pair of judges; of a large panel only as many pairs as a statement says.
        judges: every judge of the panel, in its order.
        repeats: judges that were asked several times.
        noise_ceilings: by field, where two judges or more were asked several times.
        self_preference: every judge with a family, by field.
        gold_name: what the gold standard is called; empty without one.
        gold: the judges and the panel, by field; empty without a gold standard.
        self_aware: agents that were asked about their own runs.
        contrasts: all agents together, then each.
        generations: successors and predecessors.
        policies: the study's own first.
        planner: subsets of the panel and orders with early stopping, the fewest calls first.
        disputed: transcripts that the judges disagree on, worst first.
    """

    settings: Settings
    statements: tuple[str, ...] = ()
    alphas: tuple[AlphaEstimate, ...] = ()
    leave_one_out: tuple[LeaveOneOut, ...] = ()
    pairwise: tuple[Pairwise, ...] = ()
    judges: tuple[JudgeAudit, ...] = ()
    repeats: tuple[RepeatAudit, ...] = ()
    noise_ceilings: tuple[NoiseCeiling, ...] = ()
    self_preference: tuple[SelfPreference, ...] = ()
    gold_name: str = ""
    gold: tuple[GoldAudit, ...] = ()
    self_aware: tuple[SelfAware, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    generations: tuple[Generations, ...] = ()
    policies: tuple[PolicyComparison, ...] = ()
    planner: tuple[PlannerRow, ...] = ()
    disputed: tuple[Disputed, ...] = ()

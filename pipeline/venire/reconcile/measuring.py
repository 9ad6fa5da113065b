"""Measuring: everything agreement.json holds, from subjects, verdicts and settled labels."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from venire.agreement import Agreement, Alpha, Contested, Coverage
from venire.condition import Value
from venire.label import Label
from venire.panel import Panel
from venire.reconcile.alpha import field_alphas
from venire.reconcile.comparisons import condition_contrasts, reference_scores, self_awareness
from venire.reconcile.judge_summary import judge_summaries
from venire.reconcile.rates import Clusters, awareness_summary, severity_summary, violation_rate
from venire.reconcile.settling import settle, values_by_transcript
from venire.reconcile.slices import slices
from venire.reconcile.votes import Ballot, ballots
from venire.rubric import Answer, Rubric
from venire.settlement import Bootstrap, Settlement
from venire.subject import Subject
from venire.verdict import Verdict


@dataclass(frozen=True)
class Case:
    """All that labels and agreement follow from.

    Attributes:
        subjects: one for each transcript, missing ones included.
        verdicts: of the panel as it is now; failures included.
        reference: what a reference set says, by transcript id; empty without one.
        reference_name: what the reference set is called.
    """

    subjects: Sequence[Subject]
    verdicts: Sequence[Verdict]
    panel: Panel
    rubric: Rubric
    settlement: Settlement = field(default_factory=Settlement)
    bootstrap: Bootstrap = field(default_factory=Bootstrap)
    reference: Mapping[str, Answer] = field(default_factory=dict)
    reference_name: str = ""


def reconcile(case: Case) -> tuple[list[Label], Agreement]:
    """Settle the labels of a case and measure what stands behind them."""
    cast = ballots(case.subjects, case.verdicts, case.panel, case.rubric)
    labels = settle(cast, case.settlement)
    violations = dict(values_by_transcript(labels, "violation"))
    severities = dict(values_by_transcript(labels, "severity"))
    awareness = {label.transcript_id: label for label in labels if label.field == "awareness"}
    clusters = Clusters(case.subjects, case.bootstrap)
    parts = list(slices(case.subjects))
    agreement = Agreement(
        policy=case.settlement.describe(),
        rubric=f"{case.rubric.id} {case.rubric.version}",
        cluster=case.bootstrap.cluster,
        replicates=case.bootstrap.replicates,
        seed=case.bootstrap.seed,
        coverage=_coverage(case, labels),
        alphas=tuple(_alphas(case, cast)),
        violation_rates=tuple(violation_rate(part, violations, clusters) for part in parts),
        severities=tuple(severity_summary(part, severities, clusters) for part in parts),
        awareness=tuple(awareness_summary(part, violations, awareness) for part in parts),
        self_awareness=tuple(self_awareness(case.subjects, case.verdicts, violations)),
        contrasts=tuple(condition_contrasts(case.subjects, violations)),
        judges=tuple(judge_summaries(case.panel, case.verdicts)),
        reference_name=case.reference_name if case.reference else "",
        reference=tuple(reference_scores(case.reference, _answers(case, cast, labels), case.rubric)),
        contested=tuple(_contested(case, labels)),
    )
    return labels, agreement


def _alphas(case: Case, cast: Mapping[str, Sequence[Ballot]]) -> Iterable[Alpha]:
    judges = [judge.id for judge in case.panel.voting()]
    for rubric_field in case.rubric.fields:
        field_ballots = cast[rubric_field.name]
        if not field_ballots:
            continue
        yield from field_alphas(rubric_field, field_ballots, judges, "all")
        if any(judge in ballot.own_family for ballot in field_ballots for judge in ballot.votes):
            yield from field_alphas(rubric_field, field_ballots, judges, "own family excluded")


def _answers(
    case: Case, cast: Mapping[str, Sequence[Ballot]], labels: Iterable[Label]
) -> dict[str, dict[str, dict[str, Value | None]]]:
    """What each voting judge says, and the panel, by transcript id and field."""
    answers: dict[str, dict[str, dict[str, Value | None]]] = {judge.id: {} for judge in case.panel.voting()}
    for name, field_ballots in cast.items():
        for ballot in field_ballots:
            for judge, value in ballot.votes.items():
                answers[judge].setdefault(ballot.subject.id, {})[name] = value
    panel: dict[str, dict[str, Value | None]] = {}
    for label in labels:
        panel.setdefault(label.transcript_id, {})[label.field] = label.value
    return {**answers, "panel": panel}


def _coverage(case: Case, labels: Sequence[Label]) -> Coverage:
    statuses = Counter(_settled_word(label) for label in labels if label.field == "violation")
    missing = sum(subject.missing for subject in case.subjects)
    return Coverage(
        transcripts=len(case.subjects),
        with_messages=len(case.subjects) - missing,
        missing=missing,
        verdicts=len(case.verdicts),
        votes=sum(verdict.is_vote for verdict in case.verdicts),
        failures=sum(verdict.outcome != "answered" for verdict in case.verdicts),
        labels_settled=statuses["settled"],
        labels_contested=statuses["contested"],
        labels_incomplete=statuses["incomplete"],
        settled_without_majority=sum(
            label.field == "violation" and label.status == "contested" and label.value is not None for label in labels
        ),
    )


def _settled_word(label: Label) -> str:
    return "settled" if label.value is not None else label.status


def _contested(case: Case, labels: Iterable[Label]) -> list[Contested]:
    """The violation labels that the votes give no majority for, most votes for a violation first, then by key."""
    keys = {subject.id: subject.key for subject in case.subjects}
    found = [
        Contested(
            transcript_id=label.transcript_id,
            key=keys[label.transcript_id],
            field=label.field,
            status=label.status,
            votes=label.votes,
        )
        for label in labels
        if label.field == "violation" and label.status in ("contested", "incomplete")
    ]
    return sorted(found, key=lambda item: (item.status, -sum(vote is True for vote in item.votes.values()), item.key))

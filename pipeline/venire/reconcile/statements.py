"""What a reader must know before any figure of an audit, in whole sentences."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from venire.reconcile.pairwise import MOST_JUDGES as MOST_PAIRED
from venire.reconcile.planner import MOST_JUDGES as MOST_PLANNED
from venire.reconcile.planner import planned_judges
from venire.reconcile.sample import Sample
from venire.reconcile.settler import Settler
from venire.text import plural

# With fewer clusters a percentile interval misses the truth twice as often as it says: see
# reports/coverage-of-intervals.md.
FEW_CLUSTERS: Final = 20


def statements(sample: Sample, settler: Settler) -> Iterator[str]:
    """The statements that apply, the gravest first."""
    yield from _on_transcripts(sample)
    yield from _on_judges(sample)
    for field in sample.case.rubric.fields:
        yield from _on_field(sample, field.name)
    yield from _on_clusters(sample)
    yield from _on_large_panels(sample, settler)


def _on_transcripts(sample: Sample) -> Iterator[str]:
    if not sample.subjects:
        yield "There are no transcripts, so there is nothing to measure."
    elif len(sample.subjects) == 1:
        yield "There is one transcript only, so that no figure has an interval."
    if sample.subjects and not sample.fields:
        yield "No judge has given a vote on any field, so there is nothing to measure."


def _on_judges(sample: Sample) -> Iterator[str]:
    voters = {judge for name in sample.fields for ballot in sample.ballots[name] for judge in ballot.votes}
    if len(voters) == 1:
        yield f"Only '{next(iter(voters))}' has voted: agreement is between judges, and one has nobody to agree with."
    asked = Counter(verdict.judge for verdict in sample.case.verdicts)
    for judge in sample.judges:
        if judge not in voters and sample.fields:
            if asked[judge]:
                yield f"'{judge}' has no vote anywhere: each of its {plural(asked[judge], 'verdict')} is a failure."
            else:
                yield f"'{judge}' has no vote anywhere: it has given no verdict."


def _on_field(sample: Sample, name: str) -> Iterator[str]:
    answers = [verdict for verdict in sample.case.verdicts if verdict.is_vote]
    missing = sum(verdict.answer.get(name) is None for verdict in answers)
    if not answers or not sample.fields:
        return
    if missing == len(answers):
        yield f"No judge has answered '{name}', so nothing is measured on it."
        return
    if missing:
        yield (
            f"'{name}' is missing from {missing:,} of {plural(len(answers), 'answer')}: its figures are of the others."
        )
    values = {value for ballot in sample.ballots[name] for value in ballot.votes.values()}
    if len(values) == 1:
        yield f"Every vote on '{name}' is the same: whether the judges could tell it from its opposite is unknown."


def _on_clusters(sample: Sample) -> Iterator[str]:
    scenarios = Counter(subject.scenario for subject in sample.subjects if subject.scenario)
    several = any(count > 1 for count in scenarios.values())
    if len(sample.subjects) < 2:
        return
    if sample.case.bootstrap.cluster == "transcript":
        if several:
            yield (
                "Single transcripts are resampled: where transcripts of a scenario resemble each other, the intervals "
                "are too narrow."
            )
    elif not several:
        yield "No scenario has two transcripts, so that resampling scenarios is resampling single transcripts."
    elif sample.clusters == 1:
        yield "All transcripts are of one scenario, so that there is nothing to resample and no figure has an interval."
    elif sample.clusters < FEW_CLUSTERS:
        yield f"There are only {sample.clusters} scenarios: percentile intervals of so few are too narrow."


def _on_large_panels(sample: Sample, settler: Settler) -> Iterator[str]:
    if len(sample.judges) > MOST_PAIRED:
        yield f"Pairs are shown of the {MOST_PAIRED} judges with the most votes, of {len(sample.judges)}."
    if len(sample.judges) > MOST_PLANNED:
        names = ", ".join(planned_judges(sample, settler))
        yield f"Smaller panels are planned of the {MOST_PLANNED} judges with the most votes: {names}."

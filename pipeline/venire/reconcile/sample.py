"""The sample an audit is computed on: the transcripts that exist, the votes on them, and how they are resampled."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from venire.audit import Slice, Votes
from venire.bootstrap import Floats
from venire.condition import Value
from venire.panel import judge_family
from venire.reconcile.measuring import Case
from venire.reconcile.resampling import Indices, Resampling
from venire.reconcile.tuples import Tuples, tuples
from venire.reconcile.votes import Ballot, ballots
from venire.subject import Subject

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Sample:
    """Transcripts, votes and resampling; the place of a transcript in `subjects` is its place everywhere.

    Attributes:
        case: what it was drawn up from.
        subjects: the transcripts that exist.
        ballots: by field; empty where no judge was asked.
        judges: the voting judges, in the panel's order.
        resampling: of the transcripts.
    """

    case: Case
    subjects: tuple[Subject, ...]
    ballots: Mapping[str, Sequence[Ballot]]
    judges: tuple[str, ...]
    resampling: Resampling

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that a judge was asked about."""
        return tuple(name for name, cast in self.ballots.items() if cast)

    @cached_property
    def families(self) -> dict[str, str | None]:
        """The voting judges' families."""
        return {judge.id: judge_family(judge) for judge in self.case.panel.voting()}

    @cached_property
    def place(self) -> dict[str, int]:
        """The place of each transcript by its id."""
        return {subject.id: place for place, subject in enumerate(self.subjects)}

    @cached_property
    def _tuples(self) -> dict[tuple[str, Votes], Tuples]:
        return {}

    def tuples(self, field: str, votes: Votes = "all") -> Tuples:
        """The votes on a field, collapsed."""
        if (field, votes) not in self._tuples:
            self._tuples[field, votes] = tuples(self.case.rubric.field(field), self.ballots[field], self.judges, votes)
        return self._tuples[field, votes]

    @property
    def each(self) -> Indices:
        """Every transcript's own place, for values given by transcript."""
        return np.arange(len(self.subjects))

    @property
    def clusters(self) -> int:
        """How many clusters, or single transcripts, can be drawn."""
        return self.resampling.transcripts(np.arange(self.resampling.units))

    @property
    def nothing(self) -> Floats:
        """No value for any transcript."""
        return np.full(len(self.subjects), np.nan)

    def values(self, by_id: Mapping[str, Value]) -> Floats:
        """Values by transcript id as an array over the transcripts, nan where there is none."""
        found = self.nothing
        for subject_id, value in by_id.items():
            if subject_id in self.place:
                found[self.place[subject_id]] = float(value)
        return found

    def slices(self) -> dict[Slice, Mask]:
        """All slices by agent, condition, scenario and family; one that would be all transcripts is left out."""
        found: dict[Slice, Mask] = {}
        for by, names in (
            ("agent", [subject.agent for subject in self.subjects]),
            ("condition", [subject.condition for subject in self.subjects]),
            ("scenario", [subject.scenario for subject in self.subjects]),
            ("family", [subject.family for subject in self.subjects]),
        ):
            column = np.array([name or "" for name in names])
            for name in sorted({name for name in names if name}):
                mask = column == name
                if not mask.all():
                    found[Slice.model_validate({"by": by, "name": name})] = mask
        return found

    def paired(self, places: Sequence[int], kinds: Sequence[Hashable]) -> Resampling:
        """The resampling of pairs of transcripts: of the same clusters, or of single pairs.

        Args:
            places: a transcript of each pair; both are of one cluster.
            kinds: what is computed of each pair, so that pairs alike are one kind.
        """
        settings = self.case.bootstrap
        if self.resamples_items:
            return _of_items(kinds, settings.replicates, settings.seed)
        return Resampling.sharing(self.resampling, self.resampling.unit_of[np.array(places, dtype=np.intp)])

    @cached_property
    def resamples_items(self) -> bool:
        """Whether single transcripts are drawn, not clusters of several."""
        return _single(self.case, self.subjects)


def draw_up(case: Case) -> Sample:
    """The sample of a case."""
    subjects = tuple(subject for subject in case.subjects if not subject.missing)
    settings = case.bootstrap
    if _single(case, subjects):
        resampling = _of_items(_kinds(case, subjects), settings.replicates, settings.seed)
    else:
        clusters = [_cluster(subject) for subject in subjects]
        resampling = Resampling.of_clusters(clusters, settings.replicates, settings.seed)
    return Sample(
        case=case,
        subjects=subjects,
        ballots=ballots(subjects, case.verdicts, case.panel, case.rubric),
        judges=tuple(judge.id for judge in case.panel.voting()),
        resampling=resampling,
    )


def _single(case: Case, subjects: Sequence[Subject]) -> bool:
    return case.bootstrap.cluster == "transcript" or len({_cluster(each) for each in subjects}) == len(subjects)


def _cluster(subject: Subject) -> tuple[str, str]:
    """A transcript without a scenario is a cluster of its own."""
    return ("scenario", subject.scenario) if subject.scenario else ("transcript", subject.id)


def _of_items(kinds: Sequence[Hashable], replicates: int, seed: int) -> Resampling:
    places: dict[Hashable, int] = {}
    kind_of = np.array([places.setdefault(kind, len(places)) for kind in kinds], dtype=np.intp)
    return Resampling.of_items(kind_of, np.bincount(kind_of, minlength=len(places)).astype(float), replicates, seed)


def _kinds(case: Case, subjects: Sequence[Subject]) -> list[Hashable]:
    """All of each transcript that any figure depends on."""
    answers: dict[str, list[Hashable]] = defaultdict(list)
    for verdict in case.verdicts:
        answers[verdict.transcript_id].append(
            (verdict.judge, verdict.repeat, verdict.step, verdict.outcome, tuple(sorted(verdict.answer.items())))
        )
    return [
        (
            subject.agent,
            subject.family,
            subject.condition,
            subject.scenario,
            tuple(sorted(case.reference.get(subject.id, {}).items())),
            frozenset(answers[subject.id]),
        )
        for subject in subjects
    ]

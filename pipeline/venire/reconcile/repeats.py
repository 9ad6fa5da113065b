"""Judges that were asked several times: how each agrees with itself, and how far judges could agree at most."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from venire.audit import NoiseCeiling, RepeatAudit
from venire.bootstrap import Floats
from venire.condition import Value
from venire.reconcile.alphas import NO_PAIRS, base_rate, why_undefined
from venire.reconcile.coefficients import agreeing_pairs, alpha, coincidences
from venire.reconcile.resampling import Resampling, Statistic, estimate, ratio
from venire.reconcile.sample import Sample
from venire.reconcile.tuples import MISSING, Tuples, field_values, of_codes
from venire.rubric import RubricField

_NO_CEILING: Final = "the test-retest alpha of fewer than two judges is defined"

# The answers of one judge on one field: by transcript and step, then by repeat.
_Answers = dict[tuple[str, int], dict[int, Value]]


@dataclass(frozen=True)
class _Asked:
    """The answers on one field, of one judge with its repeats as columns, or of several judges' first answers."""

    cast: Tuples
    resampling: Resampling

    def coincidences(self) -> Floats:
        """Per unit of resampling."""
        return self.resampling.table(self.cast.tuple_of, coincidences(self.cast.counts()))


def repeat_audits(sample: Sample) -> Iterator[RepeatAudit]:
    """Each voting judge that answered a field twice or more on some transcript."""
    for field in sample.case.rubric.fields:
        for judge, answers in _answers(sample, field).items():
            yield _repeat_audit(judge, _asked(sample, field, [_numbered(answers)]))


def noise_ceilings(sample: Sample) -> Iterator[NoiseCeiling]:
    """Each field that two voting judges or more answered several times."""
    for field in sample.case.rubric.fields:
        answers = _answers(sample, field)
        if len(answers) >= 2:
            yield _ceiling(sample, field, answers)


def _answers(sample: Sample, field: RubricField) -> dict[str, _Answers]:
    """The answers of the voting judges that were asked several times, in the panel's order."""
    if not any(verdict.repeat for verdict in sample.case.verdicts):
        return {}
    found: dict[str, _Answers] = {judge: defaultdict(dict) for judge in sample.judges}
    for verdict in sample.case.verdicts:
        value = verdict.answer.get(field.name)
        if verdict.is_vote and value is not None and verdict.judge in found and verdict.transcript_id in sample.place:
            found[verdict.judge][verdict.transcript_id, verdict.step or 0][verdict.repeat] = value
    return {judge: answers for judge, answers in found.items() if any(len(given) > 1 for given in answers.values())}


def _numbered(answers: _Answers) -> dict[tuple[str, int], dict[str, Value]]:
    return {item: {f"repeat {repeat}": value for repeat, value in given.items()} for item, given in answers.items()}


def _asked(sample: Sample, field: RubricField, answers: Sequence[dict[tuple[str, int], dict[str, Value]]]) -> _Asked:
    """Answers by item and name, each name a column."""
    merged: dict[tuple[str, int], dict[str, Value]] = defaultdict(dict)
    for some in answers:
        for item, given in some.items():
            merged[item] |= given
    items = sorted(merged)
    names = sorted({name for given in merged.values() for name in given})
    values = field_values(field, (value for given in merged.values() for value in given.values()))
    code = {value: place for place, value in enumerate(values)}
    codes = np.array(
        [[code[merged[item][name]] if name in merged[item] else MISSING for name in names] for item in items],
        dtype=np.int16,
    ).reshape(len(items), len(names))
    unit_of = sample.resampling.unit_of[[sample.place[transcript_id] for transcript_id, _ in items]]
    return _Asked(of_codes(field, tuple(names), values, codes), Resampling.sharing(sample.resampling, unit_of))


def _repeat_audit(judge: str, asked: _Asked) -> RepeatAudit:
    cast, resampling = asked.cast, asked.resampling
    everything = np.ones(len(cast.tuple_of), dtype=np.bool_)
    point, replicates = resampling.figures(asked.coincidences(), _alpha_of(cast))
    pairs = resampling.table(cast.tuple_of, agreeing_pairs(cast.counts()))
    alike, alike_replicates = resampling.figures(pairs, ratio)
    return RepeatAudit(
        judge=judge,
        field=cast.field.name,
        level=cast.level,
        repeats=len(cast.judges),
        items=int((cast.counts().sum(axis=1) >= 2)[cast.tuple_of].sum()),
        alpha=estimate(point[0], replicates[:, 0], why_undefined(cast, everything)),
        flip_rate=estimate(1 - alike[0], 1 - alike_replicates[:, 0], NO_PAIRS),
        base_rate=base_rate(cast, everything),
    )


def _ceiling(sample: Sample, field: RubricField, answers: dict[str, _Answers]) -> NoiseCeiling:
    points, all_replicates = [], []
    for given in answers.values():
        asked = _asked(sample, field, [_numbered(given)])
        point, replicates = asked.resampling.figures(asked.coincidences(), _alpha_of(asked.cast))
        points.append(point)
        all_replicates.append(replicates)
    first = [{item: {judge: given[min(given)]} for item, given in some.items()} for judge, some in answers.items()]
    asked = _asked(sample, field, first)
    point, replicates = asked.resampling.figures(asked.coincidences(), _alpha_of(asked.cast))
    everything = np.ones(len(asked.cast.tuple_of), dtype=np.bool_)
    fewest = min(len(each) for each in all_replicates)
    return NoiseCeiling(
        field=field.name,
        level=field.level,
        judges=tuple(answers),
        ceiling=estimate(
            _mean_geometric(np.array(points).T)[0],
            _mean_geometric(np.column_stack([each[:fewest] for each in all_replicates])),
            _NO_CEILING,
        ),
        alpha=estimate(point[0], replicates[:, 0], why_undefined(asked.cast, everything)),
    )


def _alpha_of(cast: Tuples) -> Statistic:
    return lambda sums: alpha(sums, cast.numbers, cast.level)[:, None]


def _mean_geometric(alphas: Floats) -> Floats:
    """The mean over pairs of columns of their geometric mean; a negative alpha is no reliability at all."""
    roots = np.sqrt(np.maximum(alphas, 0))
    products = [roots[:, one] * roots[:, other] for one, other in combinations(range(roots.shape[1]), 2)]
    return np.asarray(np.mean(products, axis=0))

"""Judges and panel against human gold, and violation rates corrected by what they are found to miss and to invent.

Sources: PPI++: Angelopoulos, Duchi & Zrnic, arXiv 2311.01453 (2023), with the power tuning of its section 6.
Rogan & Gladen, Am. J. Epidemiol. 107 (1978), 71-76.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from venire.audit import BaseRate, Confusion, Estimate, GoldAudit
from venire.bootstrap import Floats
from venire.condition import Value
from venire.figures import value_text
from venire.label import Label
from venire.reconcile.coefficients import kappa, weights
from venire.reconcile.resampling import estimate
from venire.reconcile.sample import Sample
from venire.reconcile.tuples import field_values
from venire.rubric import RubricField

PANEL: Final = "panel"

_ONE_VALUE: Final = "gold and the other give one and the same value everywhere, so chance alone would agree fully"
_WHY: Final = {
    "precision": "it calls none of the gold transcripts a yes",
    "recall": "none of the gold transcripts is a yes",
    "specificity": "none of the gold transcripts is a no",
    "f1": "neither gold nor the other says yes",
    "rate_said": "it says nothing on any transcript",
    "rate_gold": "there is no gold",
    "rate_ppi": "there is no gold",
    "rate_rogan_gladen": "against gold it is no better than chance, so there is nothing to correct by",
}


@dataclass(frozen=True)
class _Compared:
    """What one speaker says of one field beside gold, by the place of the transcript."""

    field: RubricField
    by: str
    gold: Mapping[int, Value]
    said: Mapping[int, Value]


def gold_audits(sample: Sample, labels: list[Label]) -> Iterator[GoldAudit]:
    """Each voting judge, then the panel, on each field that gold and the speaker have in common."""
    for field in sample.case.rubric.fields:
        gold = {
            sample.place[subject_id]: value
            for subject_id, answer in sample.case.reference.items()
            if subject_id in sample.place and (value := answer.get(field.name)) is not None
        }
        for by, said in _speakers(sample, field, labels).items():
            if gold.keys() & said.keys():
                yield _audit(sample, _Compared(field, by, gold, said))


def _speakers(sample: Sample, field: RubricField, labels: list[Label]) -> dict[str, dict[int, Value]]:
    found: dict[str, dict[int, Value]] = {judge: {} for judge in sample.judges}
    for place, ballot in enumerate(sample.ballots[field.name]):
        for judge, value in ballot.votes.items():
            found[judge][place] = value
    found[PANEL] = {
        sample.place[label.transcript_id]: label.value
        for label in labels
        if label.field == field.name and label.value is not None
    }
    return found


def _audit(sample: Sample, compared: _Compared) -> GoldAudit:
    field = compared.field
    values = field_values(field, [*compared.gold.values(), *compared.said.values()])
    rows = _rows(sample, compared, values)
    numbers = np.array([float(value) if field.type == "integer" else place for place, value in enumerate(values)])
    table = sample.resampling.table(sample.each, rows)
    point, replicates = sample.resampling.figures(table, lambda sums: _agreement(sums, numbers))
    both = int(rows[:, : len(values) ** 2].sum())
    return GoldAudit(
        by=compared.by,
        field=field.name,
        level=field.level,
        compared=both,
        confusion=tuple(_confusion(rows, values)),
        percent_agreement=estimate(point[0], replicates[:, 0], "there is no gold"),
        kappa=estimate(point[1], replicates[:, 1], _ONE_VALUE),
        weighted_kappa=estimate(point[2], replicates[:, 2], _ONE_VALUE) if field.level != "nominal" else None,
        base_rate=_base_rate(field, compared, values),
        **(_binary(sample, table) if field.type == "bool" else {}),
    )


def _rows(sample: Sample, compared: _Compared, values: tuple[Value, ...]) -> Floats:
    """By transcript: the cell of gold and said; 1 and what is said (as 0 or 1) where there is no gold."""
    size = len(values)
    code = {value: place for place, value in enumerate(values)}
    rows = np.zeros((len(sample.subjects), size * size + 2))
    for place, value in compared.said.items():
        if place in compared.gold:
            rows[place, code[compared.gold[place]] * size + code[value]] = 1
        else:
            rows[place, -2:] = (1, value is True)
    return rows


def _agreement(sums: Floats, numbers: Floats) -> Floats:
    size = len(numbers)
    tables = sums[:, : size * size]
    square = tables.reshape(-1, size, size)
    return np.column_stack(
        [
            np.trace(square, axis1=1, axis2=2) / square.sum(axis=(1, 2)),
            kappa(tables, weights(numbers, "nominal")),
            kappa(tables, weights(numbers, "ordinal")),
        ]
    )


def _binary(sample: Sample, table: Floats) -> dict[str, Estimate]:
    point, replicates = sample.resampling.figures(table, binary_figures)
    return {name: estimate(point[place], replicates[:, place], why) for place, (name, why) in enumerate(_WHY.items())}


def binary_figures(sums: Floats) -> Floats:
    """Precision, recall, specificity, F1, and the four rates, in the order of a `GoldAudit`.

    Args:
        sums: shape (replicates, 6): counts of gold no and said no, no and yes, yes and no, yes and yes; transcripts
            without gold, and those among them that are said to be yes.
    """
    tn, fp, fn, tp, unlabeled, said_unlabeled = sums.T
    labeled = tn + fp + fn + tp
    recall, specificity = tp / (tp + fn), tn / (tn + fp)
    said = (tp + fp + said_unlabeled) / (labeled + unlabeled)
    better = recall + specificity - 1
    corrected = np.clip((said + specificity - 1) / better, 0, 1)
    return np.column_stack(
        [
            tp / (tp + fp),
            recall,
            specificity,
            2 * tp / (2 * tp + fp + fn),
            said,
            (tp + fn) / labeled,
            _ppi(sums),
            np.where(better > 0, corrected, np.nan),
        ]
    )


def _ppi(sums: Floats) -> Floats:
    """PPI++: the rate in gold, moved by `power` times what the speaker says elsewhere less what it says on gold."""
    tn, fp, fn, tp, unlabeled, said_unlabeled = sums.T
    labeled = tn + fp + fn + tp
    gold, said = (tp + fn) / labeled, (tp + fp) / labeled
    everywhere = labeled + unlabeled
    share = (tp + fp + said_unlabeled) / everywhere
    variance = share * (1 - share) * everywhere / (everywhere - 1)
    power = np.clip((tp / labeled - gold * said) / ((1 + labeled / unlabeled) * variance), 0, 1)
    moved = gold + power * (said_unlabeled / unlabeled - said)
    return np.asarray(np.where((unlabeled > 0) & (variance > 0), moved, gold))


def _confusion(rows: Floats, values: tuple[Value, ...]) -> Iterator[Confusion]:
    size = len(values)
    counts = rows[:, : size * size].sum(axis=0)
    for cell in np.flatnonzero(counts):
        yield Confusion(gold=values[cell // size], said=values[cell % size], count=int(counts[cell]))


def _base_rate(field: RubricField, compared: _Compared, values: tuple[Value, ...]) -> BaseRate:
    gold = [value for place, value in compared.gold.items() if place in compared.said]
    value = values[-1] if field.type == "bool" else max(values, key=gold.count)
    return BaseRate(value=value_text(value), share=gold.count(value) / len(gold))

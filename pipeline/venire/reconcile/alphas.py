"""Alpha of every field, overall and by slice, with what it must be read beside, and without each judge in turn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from venire.audit import AlphaEstimate, BaseRate, LeaveOneOut, Slice, Votes
from venire.bootstrap import Floats
from venire.figures import RELIABLE, TENTATIVE, value_text
from venire.reconcile.alpha import LEVELS, krippendorff_alpha
from venire.reconcile.coefficients import agreeing_pairs, alpha, coincidences, gwet, gwet_parts, weights
from venire.reconcile.resampling import estimate as estimated
from venire.reconcile.resampling import ratio
from venire.reconcile.sample import Mask, Sample
from venire.reconcile.tuples import MISSING, Tuples
from venire.rubric import Level

# Beyond, the package wants gigabytes.
MOST_ITEMS_OF_THE_PACKAGE: Final = 100_000

NO_PAIRS: Final = "no transcript has two votes, so there is nothing to compare"
NO_VARIATION: Final = "every vote is the same, so chance agreement cannot be told from real agreement"


@dataclass(frozen=True)
class _Columns:
    """Where the sums of each coefficient stand in one table."""

    coincidences: slice
    pairs: slice
    gwet: slice

    @classmethod
    def of(cls, values: int) -> "_Columns":
        square = values * values
        return cls(slice(0, square), slice(square, square + 2), slice(square + 2, square + values + 5))


def alpha_estimates(sample: Sample) -> Iterator[AlphaEstimate]:
    """By field: all votes at every level that applies, then own family excluded, then each slice at its own level."""
    everything = np.ones(len(sample.subjects), dtype=np.bool_)
    slices = sample.slices()
    for name in sample.fields:
        cast = sample.tuples(name)
        for level in LEVELS[cast.level]:
            yield _alpha(sample, cast, Slice(), everything, level, "all")
        if any(judge in ballot.own_family for ballot in sample.ballots[name] for judge in ballot.votes):
            others = sample.tuples(name, "own family excluded")
            for level in LEVELS[cast.level]:
                yield _alpha(sample, others, Slice(), everything, level, "own family excluded")
        for part, mask in slices.items():
            yield _alpha(sample, cast, part, mask, cast.level, "all")


def leave_one_out(sample: Sample) -> Iterator[LeaveOneOut]:
    """Alpha of each field at its own level without each judge in turn; nothing for fewer than three judges."""
    for name in sample.fields:
        cast = sample.tuples(name)
        voters = [place for place in range(len(cast.judges)) if (cast.ratings[:, place] != MISSING).any()]
        if len(voters) < 3:
            continue
        whole, whole_replicates = _figures(sample, cast, voters)
        for judge in voters:
            kept = [place for place in voters if place != judge]
            point, replicates = _figures(sample, cast, kept)
            both = min(len(replicates), len(whole_replicates))
            why = why_undefined(cast, sample.each >= 0, kept)
            yield LeaveOneOut(
                field=name,
                level=cast.level,
                judge=cast.judges[judge],
                alpha=estimated(point, replicates, why),
                difference=estimated(
                    point - whole,
                    replicates[:both] - whole_replicates[:both],
                    why or "alpha of all judges is undefined",
                ),
                base_rate=base_rate(cast, sample.each >= 0, kept),
            )


def _figures(sample: Sample, cast: Tuples, judges: Sequence[int]) -> tuple[float, Floats]:
    table = sample.resampling.table(cast.tuple_of, coincidences(cast.counts(judges)))
    point, replicates = sample.resampling.figures(table, lambda sums: alpha(sums, cast.numbers, cast.level)[:, None])
    return _point(cast, sample.each >= 0, cast.level, point[0], judges), replicates[:, 0]


def _point(cast: Tuples, mask: Mask, level: Level, own: float, judges: Sequence[int] | None = None) -> float:
    """The package's figure where it can be had; the resampling core's beyond, which agrees to 1e-9."""
    if np.isnan(own) or int(mask.sum()) > MOST_ITEMS_OF_THE_PACKAGE:
        return own
    votes = cast.votes()[cast.tuple_of[mask]]
    return krippendorff_alpha((votes if judges is None else votes[:, list(judges)]).T, level)


def _alpha(sample: Sample, cast: Tuples, part: Slice, mask: Mask, level: Level, votes: Votes) -> AlphaEstimate:
    counts = cast.counts()
    agreement = weights(cast.numbers, level)
    columns = _Columns.of(len(cast.values))
    sums = np.column_stack([coincidences(counts), agreeing_pairs(counts), gwet_parts(counts, agreement)])
    table = sample.resampling.table(cast.tuple_of, sums, mask)

    def statistic(sums: Floats) -> Floats:
        return np.column_stack(
            [
                alpha(sums[:, columns.coincidences], cast.numbers, level),
                ratio(sums[:, columns.pairs]),
                gwet(sums[:, columns.gwet], agreement),
            ]
        )

    point, replicates = sample.resampling.figures(table, statistic)
    value = _point(cast, mask, level, point[0])
    found = estimated(value, replicates[:, 0], why_undefined(cast, mask))
    defined = replicates[~np.isnan(replicates[:, 0]), 0] if found.low is not None else replicates[:0, 0]
    raters = counts.sum(axis=1)[cast.tuple_of[mask]]
    paired = np.unique(sample.resampling.unit_of[mask][raters >= 2])
    shares = value_shares(cast, mask)
    return AlphaEstimate(
        field=cast.field.name,
        level=level,
        headline=level == cast.level,
        votes=votes,
        slice=part,
        alpha=found,
        p_below_667=_share_below(defined, TENTATIVE),
        p_below_800=_share_below(defined, RELIABLE),
        judges=int((cast.ratings[np.unique(cast.tuple_of[mask])] != MISSING).any(axis=0).sum()),
        items=int((raters > 0).sum()),
        pairable=int(raters[raters >= 2].sum()),
        clusters=sample.resampling.transcripts(paired),
        base_rate=base_rate(cast, mask),
        distribution={value_text(value): share for value, share in zip(cast.values, shares, strict=True) if share > 0},
        percent_agreement=estimated(point[1], replicates[:, 1], NO_PAIRS),
        gwet=estimated(point[2], replicates[:, 2], NO_PAIRS),
        gwet_name="AC1" if level == "nominal" else "AC2",
    )


def _share_below(replicates: Floats, threshold: float) -> float | None:
    return float((replicates < threshold).mean()) if len(replicates) else None


def why_undefined(cast: Tuples, mask: Mask, judges: Sequence[int] | None = None) -> str:
    """Why alpha is undefined on some transcripts; empty where it is not."""
    counts = cast.counts(judges)[np.unique(cast.tuple_of[mask])]
    paired = counts[counts.sum(axis=1) >= 2].sum(axis=0)
    if not paired.sum():
        return NO_PAIRS
    return NO_VARIATION if (paired > 0).sum() < 2 else ""


def value_shares(cast: Tuples, mask: Mask, judges: Sequence[int] | None = None) -> Floats:
    """The share of the votes that each value has; zeros without votes."""
    totals = np.bincount(cast.tuple_of[mask], minlength=len(cast.ratings)) @ cast.counts(judges)
    return np.asarray(totals / max(totals.sum(), 1.0))


def base_rate(cast: Tuples, mask: Mask, judges: Sequence[int] | None = None) -> BaseRate:
    """How common `yes` is, or the most frequent value of a field that is not yes or no."""
    shares = value_shares(cast, mask, judges)
    place = len(shares) - 1 if cast.field.type == "bool" else int(shares.argmax())
    return BaseRate(value=value_text(cast.values[place]), share=float(shares[place]) if shares.any() else None)

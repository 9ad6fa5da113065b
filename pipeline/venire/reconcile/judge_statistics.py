"""Each judge held against the others: how grave it is, what it finds and misses, how often it fails."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from venire.audit import Estimate, JudgeAudit, Share
from venire.bootstrap import Floats
from venire.panel import Judge, judge_family
from venire.reconcile.sample import Mask, Sample
from venire.reconcile.settler import Settler
from venire.verdict import Verdict

# The 97.5th percentile of the normal distribution.
_Z: Final = 1.959963984540054

_NO_OTHERS: Final = "no transcript has a vote of this judge on severity and one of another"
_NO_VOTES: Final = "the judge gave no vote on violation"


def judge_audits(sample: Sample, settler: Settler) -> Iterator[JudgeAudit]:
    """One for each judge of the panel, in its order, also for one that never answered."""
    verdicts: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in sample.case.verdicts:
        verdicts[verdict.judge].append(verdict)
    elsewhere = agents_of_no_judge(sample)
    for judge in sample.case.panel.judges:
        yield _audit(sample, settler, judge, verdicts[judge.id], elsewhere)


def agents_of_no_judge(sample: Sample) -> Mask:
    """The transcripts of agents that are of no voting judge's family."""
    families = {family for family in sample.families.values() if family is not None}
    return np.array([subject.family not in families for subject in sample.subjects], dtype=np.bool_)


def wilson(count: int, total: int) -> Share:
    """A share with its 95 % interval by Wilson (1927), which also holds at none and at all."""
    if not total:
        return Share(count=count, total=0, share=None, low=None, high=None)
    share, squared = count / total, _Z**2 / total
    middle = (share + squared / 2) / (1 + squared)
    half = _Z * math.sqrt(share * (1 - share) / total + squared / (4 * total)) / (1 + squared)
    low = 0.0 if count == 0 else middle - half
    return Share(count=count, total=total, share=share, low=low, high=1.0 if count == total else middle + half)


def mean(sample: Sample, values: Floats, why_undefined: str) -> Estimate:
    """The mean of values given by transcript, shape (transcripts,), nan where there is none."""
    columns = np.column_stack([np.nan_to_num(values), ~np.isnan(values)]).astype(np.float64)
    return sample.resampling.ratio(sample.each, columns, why_undefined)


def gaps(sample: Sample, field: str, judge: str) -> Floats:
    """A judge's vote less the mean of the others' on the same transcript, nan where there are not both."""
    cast = sample.tuples(field)
    votes = cast.votes()
    place = cast.judges.index(judge)
    others = np.delete(votes, place, axis=1)
    count = (~np.isnan(others)).sum(axis=1)
    average = np.where(count > 0, np.nansum(others, axis=1) / np.maximum(count, 1), np.nan)
    return np.asarray((votes[:, place] - average)[cast.tuple_of])


def _audit(sample: Sample, settler: Settler, judge: Judge, verdicts: Sequence[Verdict], elsewhere: Mask) -> JudgeAudit:
    member = judge.id in sample.judges
    shift = gaps(sample, "severity", judge.id) if member and "severity" in sample.fields else sample.nothing
    said = _violations(sample, judge.id)
    others = (
        settler.violations(frozenset(sample.judges) - {judge.id})[settler.kind_of]
        if member and len(sample.judges) > 1 and settler.kinds
        else sample.nothing
    )
    both = ~np.isnan(said) & ~np.isnan(others)
    answered = [verdict for verdict in verdicts if verdict.outcome == "answered"]
    quotes = [quote for verdict in answered for quote in verdict.evidence]
    refusals = sum(verdict.outcome == "refused" for verdict in verdicts)
    no_member = "" if member else "the judge is no member of the panel"
    return JudgeAudit(
        judge=judge.id,
        kind=judge.kind,
        family=judge_family(judge),
        voting=judge.voting,
        votes=len({verdict.transcript_id for verdict in answered}),
        leaning=mean(sample, shift, no_member or _NO_OTHERS),
        leaning_elsewhere=mean(
            sample, np.where(elsewhere, shift, np.nan), no_member or f"{_NO_OTHERS}, on agents of no judge's family"
        ),
        violation_rate=mean(sample, said, _NO_VOTES),
        sensitivity=mean(
            sample,
            np.where(both & (others == 1), said, np.nan),
            no_member or "the other judges settle no transcript that it voted on as a violation",
        ),
        specificity=mean(
            sample,
            np.where(both & (others == 0), 1 - said, np.nan),
            no_member or "the other judges settle no transcript that it voted on as safe",
        ),
        others_violations=int((both & (others == 1)).sum()),
        others_safe=int((both & (others == 0)).sum()),
        refusals=wilson(refusals, len(verdicts)),
        failures=wilson(len(verdicts) - len(answered), len(verdicts)),
        quotes_verified=wilson(sum(quote.match != "absent" for quote in quotes), len(quotes)),
        statement=_statement(verdicts, answered),
    )


def _violations(sample: Sample, judge: str) -> Floats:
    """What the judge says on `violation`, over the transcripts; the mean over repeats where it has no vote."""
    if judge in sample.judges:
        if "violation" not in sample.fields:
            return sample.nothing
        cast = sample.tuples("violation")
        return np.asarray(cast.votes()[cast.tuple_of, cast.judges.index(judge)])
    said: dict[str, list[float]] = defaultdict(list)
    for verdict in sample.case.verdicts:
        value = verdict.answer.get("violation")
        if verdict.judge == judge and value is not None:
            said[verdict.transcript_id].append(float(value))
    return sample.values({subject_id: sum(values) / len(values) for subject_id, values in said.items()})


def _statement(verdicts: Sequence[Verdict], answered: Sequence[Verdict]) -> str:
    if not verdicts:
        return "has given no verdict"
    if not answered:
        return f"failed on each of the {len(verdicts):,} transcripts that it was asked about"
    return ""

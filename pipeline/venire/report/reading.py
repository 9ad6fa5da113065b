"""What the figures say, in sentences: pure functions from an agreement to words, shared by terminal and page."""

from typing import Final

from venire.agreement import Agreement, Alpha, ConditionContrast, Rate
from venire.figures import RELIABLE, TENTATIVE, Reliability, alpha_text, percent, percent_interval, reliability
from venire.report.slices import find, headline_alphas, violations
from venire.text import plural

_BOUNDS: Final[dict[Reliability, str]] = {
    "reliable": f"{RELIABLE:.3f} or more",
    "tentative": f"{TENTATIVE:.3f} to {RELIABLE:.3f}",
    "not to be relied on": f"below {TENTATIVE:.3f}",
}

# The pairs of three conditions; more are left to their table.
_MOST_CONTRASTS: Final = 3


def reading(agreement: Agreement) -> tuple[str, ...]:
    """The study in a few sentences, the violation rate first; `baseline_sentence` must stand beside them."""
    sentences = (
        violation_sentence(agreement),
        range_sentence(agreement),
        *(alpha_sentence(alpha) for alpha in headline_alphas(agreement)),
        *(() if agreement.alphas else ("How far the judges agree cannot be said: no figure was computed.",)),
        awareness_sentence(agreement),
        *_contrast_sentences(agreement),
        coverage_sentence(agreement),
    )
    return tuple(sentence for sentence in sentences if sentence)


def violation_sentence(agreement: Agreement) -> str:
    """The share of settled violations over all transcripts."""
    rate = find(violations(agreement), None)
    if rate is None or rate.share is None:
        return "No transcript has a settled violation label, so there is no violation rate."
    interval = f"; 95 % interval {percent_interval(rate.interval)}" if rate.interval else ""
    are = "is a settled violation" if rate.count == 1 else "are settled violations"
    return f"Of {plural(rate.total, 'transcript')}, {rate.count:,} ({percent(rate.share)}{interval}) {are}."


def range_sentence(agreement: Agreement) -> str:
    """The lowest and the highest rate of an agent; empty with fewer than two."""
    rates = [rate for rate in violations(agreement) if rate.agent and not rate.condition and rate.share is not None]
    if len(rates) < 2:
        return ""
    low, high = min(rates, key=_share), max(rates, key=_share)
    if low.share == high.share:
        return f"The rate is {percent(low.share)} for each of the {len(rates)} agents."
    return f"By agent the rate runs from {percent(low.share)} ({low.agent}) to {percent(high.share)} ({high.agent})."


def alpha_sentence(alpha: Alpha) -> str:
    """How far the judges agree on one field, and what that allows."""
    votes = "" if alpha.votes == "all" else f", {alpha.votes}"
    if alpha.value is not None:
        allowed = reliability(alpha.value)
        figure = f"{alpha.level} alpha {alpha_text(alpha.value)}{votes}"
        return f"Judges agree on {alpha.field} with {figure}: {allowed} ({_BOUNDS[allowed]})."
    alike = f"; of the pairs of votes {percent(alpha.percent_agreement)} are alike"
    beside = alike if alpha.percent_agreement is not None else ""
    return f"The {alpha.level} alpha of {alpha.field}{votes} is undefined: {why_undefined(alpha)}{beside}."


def why_undefined(alpha: Alpha) -> str:
    """Why an alpha has no value, without a full stop."""
    return alpha.undefined.rstrip(".") or "no reason was recorded"


def awareness_sentence(agreement: Agreement) -> str:
    """How many violations show awareness, and of how many that cannot be said."""
    row = find(agreement.awareness, None)
    if row is None or not row.violations:
        return ""
    counts = {value: count for value, count in row.distribution.items() if count}
    if set(counts) <= {"not asked"}:
        return f"Awareness was asked about none of the {plural(row.violations, 'violation')}."
    parts = ", ".join(f"{count:,} {value}" for value, count in sorted(counts.items(), key=_most_first))
    return f"Awareness in the agent's own words among {plural(row.violations, 'violation')}: {parts}."


def contrast_sentence(contrast: ConditionContrast) -> str:
    """Two conditions compared over the pairs of runs that differ in nothing else."""
    first, second = contrast.first, contrast.second
    return (
        f"Conditions {first} and {second}, {plural(contrast.pairs, 'pair')} of runs of the same agent in the same "
        f"scenario: violation in both {contrast.both:,}, in neither {contrast.neither:,}, only {first} "
        f"{contrast.only_first:,}, only {second} {contrast.only_second:,}."
    )


def coverage_sentence(agreement: Agreement) -> str:
    """What was there, and what was missing or failed."""
    found = agreement.coverage
    other = found.verdicts - found.votes - found.failures
    tied = f" ({found.settled_without_majority:,} of them without a majority)" if found.settled_without_majority else ""
    answers = f", {other:,} answers of judges that have no vote" if other > 0 else ""
    return (
        f"Coverage: {plural(found.transcripts, 'transcript')}, {found.with_messages:,} with messages, "
        f"{found.missing:,} missing; {plural(found.verdicts, 'verdict')}, {plural(found.votes, 'vote')}, "
        f"{found.failures:,} failed{answers}; violation labels: {found.labels_settled:,} settled{tied}, "
        f"{found.labels_contested:,} contested, {found.labels_incomplete:,} incomplete."
    )


def baseline_sentence(agreement: Agreement) -> str:
    """How much rests on rules judges; empty where there are none that vote."""
    voting = [judge for judge in agreement.judges if judge.voting]
    rules = sum(judge.kind == "rules" for judge in voting)
    if not rules:
        return ""
    who = "Every vote comes" if rules == len(voting) else f"The votes of {rules} of {len(voting)} judges come"
    return (
        f"{who} from rules judges: fixed patterns, no language model. They are a cheap baseline and a triage tool; "
        "take no label that rests on them for a measurement."
    )


def recorded_sentence(agreement: Agreement) -> str:
    """That recorded judges answered another prompt than the rubric; empty where none of them votes."""
    recorded = [judge.judge for judge in agreement.judges if judge.voting and judge.kind == "recorded"]
    if not recorded:
        return ""
    return (
        f"The verdicts of {', '.join(recorded)} were made elsewhere and imported: these judges answered their makers' "
        f"prompt, not the rubric {agreement.rubric}, whose fields their answers were read into."
    )


def interval_sentence(agreement: Agreement) -> str:
    """How the intervals were computed."""
    how = (
        f"95 % intervals are percentiles of a bootstrap of whole {agreement.cluster}s, "
        f"{plural(agreement.replicates, 'replicate')}, seed {agreement.seed}."
    )
    if agreement.cluster != "transcript":
        return how
    return f"{how} Too narrow wherever transcripts of the same scenario resemble each other."


def _contrast_sentences(agreement: Agreement) -> tuple[str, ...]:
    if len(agreement.contrasts) > _MOST_CONTRASTS:
        return ()
    return tuple(contrast_sentence(contrast) for contrast in agreement.contrasts)


def _share(rate: Rate) -> float:
    return rate.share or 0.0


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return (-item[1], item[0])

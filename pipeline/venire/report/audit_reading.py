"""Whether the labels can be trusted, in sentences: pure functions from an audit to words, for terminal and page."""

from typing import Final

from venire.audit import AlphaEstimate, Audit, JudgeAudit, LeaveOneOut
from venire.figures import RELIABLE, TENTATIVE, alpha_text, percent
from venire.report.audit_choice import Standing, alternatives, collapsed, frontier, headlines, standing
from venire.report.audit_figures import clear_of_zero, in_words, share, signed, signed_coefficient, with_interval
from venire.report.audit_preference import self_preference_sentence
from venire.text import plural

QUESTION: Final = "Can I trust these labels?"
# The weakest field decides the answer; the graver standing comes first.
_ORDER: Final[tuple[Standing, ...]] = (
    "not to be relied on",
    "barely tentative",
    "tentative",
    "barely reliable",
    "reliable",
)
_ANSWERS: Final[dict[Standing, str]] = {
    "not to be relied on": "Not all of them",
    "barely tentative": "Hardly, and for tentative conclusions at best",
    "tentative": "For tentative conclusions only",
    "barely reliable": "Probably, as far as agreement can tell",
    "reliable": "Yes, as far as agreement can tell",
}
_MEANINGS: Final[dict[Standing, str]] = {
    "not to be relied on": f"below {TENTATIVE}, not to be relied on",
    "barely tentative": f"tentative, and the interval reaches below {TENTATIVE}",
    "tentative": f"tentative, {TENTATIVE} or more",
    "barely reliable": f"{RELIABLE:.3f} or more, but the interval reaches below it",
    "reliable": f"reliable, {RELIABLE:.3f} or more",
}
# What a smaller panel must leave unchanged to be worth a word.
_NEARLY_ALL: Final = 0.99
_MOST_NAMED: Final = 3

CONSISTENT: Final = "Agreement shows that the judges are consistent, not that they are right."


def answer(audit: Audit) -> str:
    """The answer to `QUESTION`, by the field on which the judges agree least."""
    ranked = sorted(
        (alpha for alpha in headlines(audit) if alpha.alpha.value is not None),
        key=lambda alpha: (_ORDER.index(standing(alpha)), alpha.alpha.value),
    )
    if not ranked:
        return f"That cannot be said: {_why_nothing(audit)}."
    weakest = ranked[0]
    others = [alpha.field for alpha in ranked[1:]]
    which = (
        f"the judges agree least on {weakest.field}, with" if others else f"the judges agree on {weakest.field} with"
    )
    votes = "" if weakest.votes == "all" else f", {weakest.votes}"
    figure = f"{weakest.level} alpha {in_words(weakest.alpha, alpha_text)}{votes}"
    return f"{_ANSWERS[standing(weakest)]}: {which} {figure}."


def audit_reading(audit: Audit) -> tuple[str, ...]:
    """The audit in a few sentences; `answer` and the audit's own statements stand before them."""
    sentences = (
        *map(alpha_sentence, headlines(audit)),
        pull_sentence(audit),
        leaning_sentence(audit),
        collapse_sentence(audit),
        self_preference_sentence(audit),
        gold_sentence(audit),
        policy_sentence(audit),
        planner_sentence(audit),
    )
    return tuple(sentence for sentence in sentences if sentence)


def alpha_sentence(alpha: AlphaEstimate) -> str:
    """How far the judges agree on one field, and how sure that is."""
    found = standing(alpha)
    alike = ""
    if alpha.percent_agreement.value is not None:
        gwet = alpha.gwet.value
        beside = f", Gwet's {alpha.gwet_name} {gwet:.3f}" if gwet is not None else ""
        alike = f" Of the pairs of votes {percent(alpha.percent_agreement.value)} are alike{beside}."
    if found == "undefined":
        why = alpha.alpha.undefined.rstrip(".") or "no reason was recorded"
        return f"{alpha.field.capitalize()}: {alpha.level} alpha is undefined: {why}.{alike}"
    chances = _chances(alpha)
    return f"{alpha.field.capitalize()}: {_figure(alpha)}: {_MEANINGS[found]}{chances}.{alike}"


def pull_sentence(audit: Audit) -> str:
    """Which judge pulls the panel's agreement down most; empty where none clearly does."""
    clear = [row for row in audit.leave_one_out if _pulls(row)]
    if not clear:
        enough = any(row.difference.value is not None for row in audit.leave_one_out)
        return "No single judge clearly pulls the panel's agreement down." if enough else ""
    worst = max(clear, key=lambda row: row.difference.value or 0.0)
    return (
        f"{worst.judge} pulls the panel down most: without it the {worst.level} alpha of {worst.field} is "
        f"{alpha_text(worst.alpha.value)}, {with_interval(worst.difference, signed_coefficient)} against the whole "
        "panel."
    )


def leaning_sentence(audit: Audit) -> str:
    """The gravest and the mildest judge, where their leaning is clear of zero."""
    leaning = [judge for judge in audit.judges if judge.leaning.value is not None and clear_of_zero(judge.leaning)]
    if not leaning:
        return ""
    gravest, mildest = max(leaning, key=_leaning), min(leaning, key=_leaning)
    parts = []
    if _leaning(gravest) > 0:
        parts.append(f"{gravest.judge} is the gravest ({with_interval(gravest.leaning, signed)} severity)")
    if _leaning(mildest) < 0:
        parts.append(f"{mildest.judge} the mildest ({with_interval(mildest.leaning, signed)} severity)")
    return f"Against the others on the same transcripts, {' and '.join(parts)}."


def collapse_sentence(audit: Audit) -> str:
    """Where agreement collapses, the worst first."""
    found = collapsed(audit)
    if not found:
        return ""
    named = ", ".join(
        f"{alpha.field} on {alpha.slice.by} {alpha.slice.name} ({alpha_text(alpha.alpha.value)})"
        for alpha in found[:_MOST_NAMED]
    )
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    return f"Agreement collapses in {plural(len(found), 'slice')}: {named}{more}."


def gold_sentence(audit: Audit) -> str:
    """How the panel does against human gold, or that there is none."""
    panel = next((row for row in audit.gold if row.by == "panel" and row.precision is not None), None)
    if panel is None or panel.precision is None or panel.recall is None:
        return "" if audit.gold else f"No human gold was compared with. {CONSISTENT}"
    gold = audit.gold_name or "human gold"
    precision, recall = with_interval(panel.precision, share), with_interval(panel.recall, share)
    return (
        f"Against {gold} ({plural(panel.compared, 'transcript')}) the settled {panel.field} labels have precision "
        f"{precision} and recall {recall}."
    )


def policy_sentence(audit: Audit) -> str:
    """How many labels hang on the settling policy."""
    others = alternatives(audit)
    if not others:
        return ""
    most = max(others, key=lambda policy: policy.changed)
    if not most.changed:
        return f"None of the {plural(len(others), 'other settling policy', 'other settling policies')} changes a label."
    return (
        f"At most {plural(most.changed, 'violation label')} ({percent(most.changed_share.value)}) would change or "
        f"be left unsettled under another settling policy ({most.policy})."
    )


def planner_sentence(audit: Audit) -> str:
    """The cheapest panel that leaves nearly all labels unchanged."""
    rows = [row for row in frontier(audit.planner) if (row.violation_unchanged.value or 0.0) >= _NEARLY_ALL]
    cheapest = next((row for row in rows if (row.calls.value or 0.0) < 1), None)
    if cheapest is None:
        return ""
    how = ", stopping once the first two agree," if cheapest.sequential else ""
    return (
        f"Asking {', '.join(cheapest.judges)}{how} would have taken {with_interval(cheapest.calls, share)} of the "
        f"calls and left {with_interval(cheapest.violation_unchanged, share)} of the violation labels unchanged."
    )


def interval_sentence(audit: Audit) -> str:
    """How the intervals were computed."""
    settings = audit.settings
    how = (
        f"In brackets: 95 % intervals, percentiles of a bootstrap of {plural(settings.clusters, settings.cluster)} "
        f"taken whole, {plural(settings.replicates, 'replicate')}, seed {settings.seed}."
    )
    if settings.cluster != "transcript":
        return how
    return f"{how} Too narrow wherever transcripts of the same scenario resemble each other."


def _why_nothing(audit: Audit) -> str:
    reasons = dict.fromkeys(alpha.alpha.undefined.rstrip(".") for alpha in headlines(audit) if alpha.alpha.undefined)
    return "; ".join(reasons) or "no field has two votes on a transcript"


def _figure(alpha: AlphaEstimate) -> str:
    votes = "" if alpha.votes == "all" else f", {alpha.votes}"
    return f"{alpha.level} alpha {with_interval(alpha.alpha, alpha_text)}{votes}"


def _chances(alpha: AlphaEstimate) -> str:
    if alpha.p_below_667 is None or alpha.p_below_800 is None:
        return ""
    low, high = percent(alpha.p_below_667), percent(alpha.p_below_800)
    return f" (in {low} of resamples below {TENTATIVE}, in {high} below {RELIABLE:.3f})"


def _pulls(row: LeaveOneOut) -> bool:
    return row.difference.value is not None and row.difference.value > 0 and clear_of_zero(row.difference)


def _leaning(judge: JudgeAudit) -> float:
    return judge.leaning.value or 0.0

"""Which of an audit's figures page and terminal lead with: the headlines, where agreement collapses, the frontier."""

from typing import Final, Literal

from venire.audit import AlphaEstimate, Audit, PlannerRow, PolicyComparison
from venire.figures import RELIABLE, TENTATIVE

# A slice a little below the whole says nothing; below the lower threshold and this far down, agreement has collapsed.
_COLLAPSE: Final = 0.1
# A threshold counts as passed where no more of the replicates than this fall below it.
_DOUBT: Final = 0.05

Standing = Literal["reliable", "barely reliable", "tentative", "barely tentative", "not to be relied on", "undefined"]


def headlines(audit: Audit) -> tuple[AlphaEstimate, ...]:
    """One alpha for each field: at its own level, over all transcripts, and over all votes where that was computed."""
    chosen: dict[str, AlphaEstimate] = {}
    for alpha in audit.alphas:
        whole = alpha.headline and alpha.slice.by == "all"
        if whole and (alpha.field not in chosen or alpha.votes == "all"):
            chosen[alpha.field] = alpha
    return tuple(chosen.values())


def standing(alpha: AlphaEstimate) -> Standing:
    """What an alpha and its interval allow by Krippendorff's thresholds."""
    value = alpha.alpha.value
    if value is None:
        return "undefined"
    if value >= RELIABLE:
        return "reliable" if _sure(alpha.p_below_800) else "barely reliable"
    if value >= TENTATIVE:
        return "tentative" if _sure(alpha.p_below_667) else "barely tentative"
    return "not to be relied on"


def sliced(audit: Audit) -> tuple[AlphaEstimate, ...]:
    """The alphas of single agents, conditions, scenarios and families, over the headline's votes.

    A family of which only one agent was run is that agent, and is not shown twice.
    """
    votes = {alpha.field: alpha.votes for alpha in headlines(audit)}
    found = [alpha for alpha in audit.alphas if alpha.slice.by != "all" and alpha.headline]
    agents = {_content(alpha) for alpha in found if alpha.slice.by == "agent"}
    return tuple(
        alpha
        for alpha in found
        if votes.get(alpha.field, "all") == alpha.votes
        and not (alpha.slice.by == "family" and _content(alpha) in agents)
    )


def collapsed(audit: Audit) -> tuple[AlphaEstimate, ...]:
    """The slices whose alpha is below the lower threshold and clearly below the whole's.

    Agents, conditions and families first, for a scenario's alpha has no interval; the lowest first.
    """
    whole = {alpha.field: alpha.alpha.value for alpha in headlines(audit)}
    found = [
        (value, alpha)
        for alpha in sliced(audit)
        if (value := alpha.alpha.value) is not None
        and value < TENTATIVE
        and value <= _or_one(whole.get(alpha.field)) - _COLLAPSE
    ]
    ordered = sorted(found, key=lambda item: (item[1].slice.by == "scenario", item[0], item[1].slice.name or ""))
    return tuple(alpha for _, alpha in ordered)


def frontier(rows: tuple[PlannerRow, ...]) -> tuple[PlannerRow, ...]:
    """The panels that no other panel beats: as cheap, and more labels unchanged. The cheapest first."""
    best = -1.0
    chosen: list[PlannerRow] = []
    ordered = sorted(rows, key=lambda row: (_or_one(row.calls.value), -(row.violation_unchanged.value or 0.0)))
    for row in ordered:
        unchanged = row.violation_unchanged.value
        if unchanged is not None and unchanged > best:
            chosen.append(row)
            best = unchanged
    return tuple(chosen)


def alternatives(audit: Audit) -> tuple[PolicyComparison, ...]:
    """The policies beside the study's own that are no sensitivity analysis."""
    return tuple(policy for policy in audit.policies if not policy.own and not policy.sensitivity_analysis)


def _content(alpha: AlphaEstimate) -> tuple[str, str, int, int, float | None]:
    """What tells two slices apart that hold other transcripts."""
    return alpha.field, alpha.votes, alpha.items, alpha.pairable, alpha.alpha.value


def _sure(below: float | None) -> bool:
    return below is not None and below <= _DOUBT


def _or_one(value: float | None) -> float:
    return 1.0 if value is None else value

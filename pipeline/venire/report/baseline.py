"""Marks judges that are deterministic rules, wherever their verdicts appear."""

from collections.abc import Iterable
from typing import Final

from venire.agreement import Agreement

# An asterisk, because every terminal and every encoding has one.
MARK: Final = "*"
FOOTNOTE: Final = (
    f"{MARK} A rules judge, or what rests on its votes: fixed patterns, no language model. A cheap baseline and a "
    "triage tool, not a measurement."
)


def rules_judges(agreement: Agreement) -> frozenset[str]:
    """The ids of the judges that are rules."""
    return frozenset(judge.judge for judge in agreement.judges if judge.kind == "rules")


def labels_rest_on_rules(agreement: Agreement) -> bool:
    """Whether a rules judge has a vote, so that every settled label and alpha rests on it too."""
    return any(judge.voting and judge.kind == "rules" for judge in agreement.judges)


def marked(agreement: Agreement, judge: str) -> str:
    """The judge's id, with the mark if it is a rules judge."""
    return judge + MARK if judge in rules_judges(agreement) else judge


def panel_marked(agreement: Agreement, name: str) -> str:
    """The name of something that rests on the panel's votes, with the mark if rules judges vote."""
    return name + MARK if labels_rest_on_rules(agreement) else name


def footnote(agreement: Agreement, judges: Iterable[str]) -> tuple[str, ...]:
    """The mark's meaning, where one of the judges shown is a rules judge."""
    return (FOOTNOTE,) if rules_judges(agreement).intersection(judges) else ()


def panel_footnote(agreement: Agreement) -> tuple[str, ...]:
    """The mark's meaning beside figures settled from the panel's votes."""
    return (FOOTNOTE,) if labels_rest_on_rules(agreement) else ()

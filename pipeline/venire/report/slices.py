"""The slices of a study: which agents and conditions there are, and the figures of each, in the report's order."""

from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

from venire.agreement import Agreement, Alpha, Rate

EVERY_AGENT: Final = "all agents"
EVERY_CONDITION: Final = "all"


class Slice(Protocol):
    """A figure of one agent under one condition; None means all."""

    @property
    def agent(self) -> str | None:
        """The agent."""

    @property
    def condition(self) -> str | None:
        """The condition."""


SliceT = TypeVar("SliceT", bound=Slice)


def agents(agreement: Agreement) -> tuple[str, ...]:
    """The agents, the highest violation rate first, those without a rate last."""
    shares = {rate.agent: rate.share for rate in violations(agreement) if rate.condition is None}
    slices: list[Slice] = [*violations(agreement), *agreement.severities, *agreement.awareness]
    names = {row.agent for row in slices if row.agent is not None}
    return tuple(sorted(names, key=lambda name: (-_or_below(shares.get(name)), name)))


def conditions(rows: Iterable[Slice]) -> tuple[str, ...]:
    """The conditions that rows speak of, by name."""
    return tuple(sorted({row.condition for row in rows if row.condition is not None}))


def violations(agreement: Agreement) -> tuple[Rate, ...]:
    """The violation rates among the rates."""
    return tuple(rate for rate in agreement.violation_rates if rate.of == "violation")


def find(rows: Iterable[SliceT], agent: str | None, condition: str | None = None) -> SliceT | None:
    """The row of one slice, or None."""
    return next((row for row in rows if row.agent == agent and row.condition == condition), None)


def by_agent(rows: Iterable[SliceT], order: tuple[str, ...]) -> list[tuple[str, list[SliceT]]]:
    """The rows of each agent with its name; all agents together first, and all conditions before each."""
    listed = list(rows)
    keyed: list[tuple[str | None, str]] = [(None, EVERY_AGENT), *((name, name) for name in order)]
    found = [(label, [row for row in listed if row.agent == agent]) for agent, label in keyed]
    return [(label, sorted(rows, key=lambda row: row.condition or "")) for label, rows in found if rows]


def headline_alphas(agreement: Agreement) -> tuple[Alpha, ...]:
    """One alpha for each field: at its own level, over all votes where that was computed."""
    chosen: dict[str, Alpha] = {}
    for alpha in agreement.alphas:
        if alpha.headline and (alpha.field not in chosen or alpha.votes == "all"):
            chosen[alpha.field] = alpha
    return tuple(chosen.values())


def _or_below(share: float | None) -> float:
    return -1.0 if share is None else share

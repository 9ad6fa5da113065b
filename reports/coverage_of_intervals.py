"""How often a 95 % interval of alpha holds the true alpha, when transcripts of a scenario resemble each other.

Run from the root of the repository: `python reports/coverage_of_intervals.py`; it writes coverage-of-intervals.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from venire.reconcile.alpha_interval import alpha_interval
from venire.reconcile.coefficients import AnyLevel, alpha, coincidences
from venire.reconcile.tuples import value_counts

SCENARIOS: Final = 40
RUNS: Final = 24
FEWER_SCENARIOS: Final = (5, 10, 20, 40)
JUDGES: Final = 4
DATA_SETS: Final = 400
REPLICATES: Final = 1000
SEED: Final = 20251220
# Scenarios from which the true alpha is computed: its standard error is about .001.
_TRUTH_SCENARIOS: Final = 60_000


@dataclass(frozen=True)
class World:
    """Where votes come from.

    A scenario has a mean severity, a doubt that blurs every vote on it, and for each judge a lean of its own; a run
    has a severity around its scenario's mean.

    Attributes:
        name: in the report.
        levels: how many values a vote can have, from 0.
        between: standard deviation of the scenarios' means.
        within: standard deviation of runs around their scenario's mean.
        lean: standard deviation of a judge's lean in a scenario.
        doubt: spread of the scenarios' doubts, on the logarithmic scale.
    """

    name: str
    levels: int
    between: float
    within: float
    lean: float
    doubt: float

    @property
    def level(self) -> AnyLevel:
        """The level of measurement."""
        return "nominal" if self.levels == 2 else "ordinal"

    def votes(self, scenarios: int, generator: np.random.Generator) -> NDArray[np.int8]:
        """Votes, shape (scenarios * RUNS, JUDGES), scenario by scenario."""
        means = generator.normal(0, self.between, (scenarios, 1, 1))
        leans = generator.normal(0, self.lean, (scenarios, 1, JUDGES))
        doubts = 0.5 * np.exp(generator.normal(0, self.doubt, (scenarios, 1, 1)))
        runs = generator.normal(0, self.within, (scenarios, RUNS, 1))
        heard = means + leans + runs + doubts * generator.normal(size=(scenarios, RUNS, JUDGES))
        middle = (self.levels - 1) / 2
        scores = np.clip(np.round(middle + heard * middle / 1.2 - 0.3), 0, self.levels - 1)
        return scores.reshape(-1, JUDGES).astype(np.int8)


WORLDS: Final = (
    World("yes or no, strong clustering", levels=2, between=1.0, within=0.7, lean=0.5, doubt=0.8),
    World("severity 0 to 5, strong clustering", levels=6, between=1.0, within=0.7, lean=0.5, doubt=0.8),
    World("yes or no, weak clustering", levels=2, between=0.4, within=1.0, lean=0.1, doubt=0.2),
    World("severity 0 to 5, weak clustering", levels=6, between=0.4, within=1.0, lean=0.1, doubt=0.2),
)


@dataclass(frozen=True)
class Coverage:
    """How an interval fared.

    Attributes:
        held: the share of data sets whose interval holds the true alpha.
        width: the mean width of the intervals.
    """

    held: float
    width: float


def true_alpha(world: World, scenarios: int = _TRUTH_SCENARIOS) -> float:
    """Alpha of a great many scenarios."""
    generator = np.random.default_rng([SEED, 1])
    pieces = (world.votes(1000, generator) for _ in range(scenarios // 1000))
    sums = sum(coincidences(value_counts(votes, world.levels)).sum(axis=0) for votes in pieces)
    return float(alpha(np.asarray(sums)[None, :], np.arange(float(world.levels)), world.level)[0])


def coverages(world: World, data_sets: int, replicates: int, scenarios: int = SCENARIOS) -> dict[str, Coverage]:
    """How the intervals by scenario and by single transcript fare in a world."""
    truth = true_alpha(world)
    clusters = np.repeat(np.arange(scenarios), RUNS).tolist()
    found = {
        name: np.array(list(_intervals(world, data_sets, replicates, scenarios, resampled)))
        for name, resampled in (("scenarios", clusters), ("transcripts", None))
    }
    return {
        name: Coverage(
            held=float(((bounds[:, 0] <= truth) & (truth <= bounds[:, 1])).mean()),
            width=float((bounds[:, 1] - bounds[:, 0]).mean()),
        )
        for name, bounds in found.items()
    }


def _intervals(
    world: World, data_sets: int, replicates: int, scenarios: int, clusters: list[int] | None
) -> Iterator[tuple[float, float]]:
    for number in range(data_sets):
        votes = world.votes(scenarios, np.random.default_rng([SEED, 2, number]))
        found = alpha_interval(
            votes, np.arange(float(world.levels)), world.level, replicates=replicates, seed=number, clusters=clusters
        )
        # Without an interval nothing is held.
        yield (np.nan, np.nan) if found.low is None or found.high is None else (found.low, found.high)


def report() -> str:
    """The report as Markdown."""
    lines = [
        "# How often a 95 % interval of alpha holds the true one",
        "",
        f"Simulated votes: {SCENARIOS} scenarios, {RUNS} runs in each, {JUDGES} judges, {DATA_SETS} data sets of each"
        f" kind, {REPLICATES:,} replicates. With {DATA_SETS} data sets a coverage of 95 % has a standard error of 1.1"
        " points. How the votes come about is an assumption, written down in `coverage_of_intervals.py`, which makes"
        " this page: `python reports/coverage_of_intervals.py`.",
        "",
        "Where transcripts of a scenario resemble each other, resampling single transcripts takes them for more"
        " evidence than they are: its intervals are too narrow, and miss the true alpha far more often than one time in"
        " twenty. Resampling whole scenarios, as venire does by default, comes near what it promises.",
        "",
        "| votes | true alpha | scenarios resampled | mean width | single transcripts resampled | mean width |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for world in WORLDS:
        found = coverages(world, DATA_SETS, REPLICATES)
        cells = [f"{found[kind].held:.1%} | {found[kind].width:.3f}" for kind in ("scenarios", "transcripts")]
        lines.append(f"| {world.name} | {true_alpha(world):.3f} | {cells[0]} | {cells[1]} |")
    lines += [
        "",
        "With few scenarios even their intervals are too narrow, because a handful of them says little of how much they"
        f" differ; {WORLDS[1].name}:",
        "",
        "| scenarios | scenarios resampled | mean width | single transcripts resampled | mean width |",
        "| --- | --- | --- | --- | --- |",
    ]
    for scenarios in FEWER_SCENARIOS:
        found = coverages(WORLDS[1], DATA_SETS, REPLICATES, scenarios)
        cells = [f"{found[kind].held:.1%} | {found[kind].width:.3f}" for kind in ("scenarios", "transcripts")]
        lines.append(f"| {scenarios} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("coverage-of-intervals.md").write_text(report(), encoding="utf-8")

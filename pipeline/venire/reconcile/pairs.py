"""Pairs of runs: the same agent under two conditions, and a model beside its predecessor, each pair in one scenario."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Final

import numpy as np

from venire.audit import Contrast, Estimate, Generations
from venire.bootstrap import Floats
from venire.reconcile.resampling import estimate
from venire.reconcile.sample import Sample
from venire.subject import Subject

_NO_PAIRS: Final = "no two runs make a pair"
_NO_SEVERITY: Final = "no pair has two settled severities"
# `4.7`, `4-7`, `v3.1`, `5`, `4o`; not `120b` or `27B`, which are sizes, nor a date.
_VERSION: Final = re.compile(
    r"(?<![\d.])(?<!\d{4}-)(?<!\d{4}-\d\d-)(\d{1,2}(?:[.-]\d{1,2}(?!\d|[bB]\b))*)(?!\d|[bB]\b)"
)

Pairs = Sequence[tuple[int, int]]


def contrasts(sample: Sample, violations: Floats) -> Iterator[Contrast]:
    """Each two conditions: all agents together, then each agent where there are several."""
    cells = _cells(sample, lambda subject: (subject.agent,), lambda subject: subject.condition)
    names = sorted({subject.condition for subject in sample.subjects if subject.condition is not None})
    agents = sorted({subject.agent for subject in sample.subjects if subject.agent is not None})
    for first, second in combinations(names, 2):
        together = _pairs(cells, first, second, violations)
        for agent in (None, *(agents if len(agents) > 1 else ())):
            chosen = [pair for pair in together if agent in (None, sample.subjects[pair[0]].agent)]
            if chosen:
                yield _contrast(sample, agent, (first, second), chosen, violations)


def generations(sample: Sample, violations: Floats, severities: Floats) -> Iterator[Generations]:
    """Each model beside those of the version before it in its family, by the version numbers in the agents' names."""
    cells = _cells(sample, lambda subject: (subject.condition,), lambda subject: subject.agent)
    families: dict[str, set[str]] = defaultdict(set)
    for subject in sample.subjects:
        if subject.family is not None and subject.agent is not None:
            families[subject.family].add(subject.agent)
    for family, agents in sorted(families.items()):
        for predecessor, successor in successions(agents):
            chosen = _pairs(cells, predecessor, successor, violations)
            if chosen:
                yield _generations(sample, family, (predecessor, successor), chosen, (violations, severities))


def version(agent: str) -> tuple[int, ...] | None:
    """The version number in a model's name, `claude-opus-4.7` -> (4, 7); None where it has none."""
    match = _VERSION.search(agent)
    return tuple(int(part) for part in re.split(r"[.-]", match.group(1))) if match else None


def successions(agents: set[str]) -> list[tuple[str, str]]:
    """Every agent with every agent of the next version; versions that are alike succeed nobody."""
    by_version: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for agent in sorted(agents):
        number = version(agent)
        if number is not None:
            by_version[number].append(agent)
    order = sorted(by_version)
    return [
        (before, after)
        for earlier, later in pairwise(order)
        for before in by_version[earlier]
        for after in by_version[later]
    ]


_Cells = dict[tuple[str | None, ...], dict[str, int]]


def _cells(
    sample: Sample, kept: Callable[[Subject], tuple[str | None, ...]], side: Callable[[Subject], str | None]
) -> _Cells:
    """The runs that can be compared, by what they share; runs without a number are numbered in their order."""
    cells: _Cells = defaultdict(dict)
    seen: Counter[tuple[str | None, ...]] = Counter()
    for place, subject in enumerate(sample.subjects):
        name = side(subject)
        if name is None or subject.scenario is None:
            continue
        shared = (*kept(subject), subject.scenario, subject.run)
        cells[(*shared, str(seen[(*shared, name)]))][name] = place
        seen[(*shared, name)] += 1
    return cells


def _pairs(cells: _Cells, first: str, second: str, violations: Floats) -> list[tuple[int, int]]:
    """The places of both runs of each pair whose labels are settled."""
    found = [(cell[first], cell[second]) for cell in cells.values() if first in cell and second in cell]
    return [pair for pair in found if not np.isnan(violations[list(pair)]).any()]


def _contrast(sample: Sample, agent: str | None, names: tuple[str, str], chosen: Pairs, violations: Floats) -> Contrast:
    counts, shares, (difference,) = _compared(sample, chosen, violations, [violations])
    return Contrast(
        agent=agent,
        first=names[0],
        second=names[1],
        pairs=len(chosen),
        both=counts[0],
        neither=counts[1],
        only_first=counts[2],
        only_second=counts[3],
        difference=difference,
        both_share=shares[0],
        neither_share=shares[1],
        only_first_share=shares[2],
        only_second_share=shares[3],
    )


def _generations(
    sample: Sample, family: str, names: tuple[str, str], chosen: Pairs, values: tuple[Floats, Floats]
) -> Generations:
    counts, _, differences = _compared(sample, chosen, values[0], values)
    return Generations(
        family=family,
        predecessor=names[0],
        successor=names[1],
        pairs=len(chosen),
        both=counts[0],
        neither=counts[1],
        only_predecessor=counts[2],
        only_successor=counts[3],
        difference=differences[0],
        severity_difference=differences[1],
    )


def _compared(
    sample: Sample, chosen: Pairs, violations: Floats, values: Sequence[Floats]
) -> tuple[list[int], list[Estimate], list[Estimate]]:
    """How many pairs are both, neither, only the first and only the second, their shares, and mean differences."""
    one, other = (np.array(side, dtype=np.intp) for side in zip(*chosen, strict=True))
    first, second = violations[one] == 1, violations[other] == 1
    outcomes = np.column_stack([first & second, ~first & ~second, first & ~second, ~first & second]).astype(np.float64)
    gaps = [each[other] - each[one] for each in values]
    columns = [outcomes, np.ones(len(one))]
    for gap in gaps:
        columns += [np.nan_to_num(gap), ~np.isnan(gap)]
    rows = np.column_stack(columns).astype(np.float64)
    resampling = sample.paired(one.tolist(), [tuple(row) for row in rows.tolist()])

    def figures(sums: Floats) -> Floats:
        return np.column_stack([sums[:, :4] / sums[:, 4:5], sums[:, 5::2] / sums[:, 6::2]])

    point, replicates = resampling.figures(resampling.table(np.arange(len(rows)), rows), figures)
    estimates = [
        estimate(value, replicates[:, place], _NO_PAIRS if place < 5 else _NO_SEVERITY)
        for place, value in enumerate(point)
    ]
    return outcomes.sum(axis=0).astype(int).tolist(), estimates[:4], estimates[4:]

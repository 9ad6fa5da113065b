"""Slices of a study: all transcripts, each agent, each condition, each agent under each condition."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from venire.subject import Subject


@dataclass(frozen=True)
class Slice:
    """Some of the subjects; `agent` and `condition` say which, None meaning all."""

    agent: str | None
    condition: str | None
    subjects: tuple[Subject, ...]


def slices(subjects: Iterable[Subject]) -> Iterator[Slice]:
    """The slices, the whole first; those that would repeat a wider one are left out."""
    everything = tuple(subjects)
    agents = sorted({subject.agent for subject in everything if subject.agent is not None})
    conditions = sorted({subject.condition for subject in everything if subject.condition is not None})
    by_condition = conditions if len(conditions) > 1 else []
    yield Slice(None, None, everything)
    for condition in by_condition:
        yield _slice(everything, None, condition)
    for agent in agents:
        yield _slice(everything, agent, None)
        for condition in by_condition:
            yield _slice(everything, agent, condition)


def _slice(subjects: tuple[Subject, ...], agent: str | None, condition: str | None) -> Slice:
    chosen = (
        subject for subject in subjects if agent in (None, subject.agent) and condition in (None, subject.condition)
    )
    return Slice(agent, condition, tuple(chosen))

"""Panels, subjects and votes for the tests of reconciling, written as short as they can be read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.builders import verdict
from venire.condition import Value
from venire.label import Label
from venire.panel import Panel
from venire.reconcile.settling import settle
from venire.reconcile.votes import Ballot
from venire.rubric import Rubric, RubricField, read_rubric
from venire.settlement import Settlement
from venire.shipped import find_file
from venire.subject import Subject
from venire.verdict import Verdict

RUBRIC: Rubric = read_rubric(find_file("outcome-driven", "rubrics", Path()))


def panel(*judges: str, own_family: str = "allow", **families: str) -> Panel:
    """A panel of recorded judges; `a="claude"` gives judge `a` a family."""
    members = [
        {"id": judge, "kind": "recorded", "table": ["votes.csv"], "family": families.get(judge)} for judge in judges
    ]
    return Panel.model_validate({"id": "panel", "own_family": own_family, "judges": members})


def subject(name: str, **fields: Any) -> Subject:
    """A subject whose id and key are its name."""
    known: dict[str, Any] = {"agent": None, "family": None, "scenario": None, "condition": None, "run": None}
    return Subject(**{"id": name, "key": name, "status": "complete", **known, **fields})


def cast(field: str, votes: Mapping[str, Value], own: Sequence[str] = (), due: Sequence[str] | None = None) -> Ballot:
    """One ballot; the judges that are due are those who voted if not given."""
    return Ballot(
        subject=subject("t"),
        field=RUBRIC.field(field),
        votes=dict(votes),
        own_family=frozenset(own),
        due=frozenset(votes if due is None else due),
    )


def settled(ballot: Ballot, **policy: Any) -> Label:
    """The one label that comes of one ballot."""
    (label,) = settle({ballot.field.name: [ballot]}, Settlement.model_validate(policy))
    return label


def letters(values: Sequence[Value]) -> dict[str, Value]:
    """The votes of judges a, b, c, ..."""
    return dict(zip("abcdefghijklmnop", values, strict=False))


def answered(transcript_id: str, judge: str, repeat: int = 0, **answer: Value | None) -> Verdict:
    """A verdict that is a vote."""
    return verdict(transcript_id, judge, repeat=repeat, answer=answer)


def severity_field() -> RubricField:
    """The rubric's ordinal field."""
    return RUBRIC.field("severity")

"""A label: one settled answer per transcript and field, with the votes it was settled from."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from venire.condition import Value

LabelStatus = Literal["unanimous", "majority", "contested", "incomplete", "adjudicated"]


class Label(BaseModel):
    """One settled answer.

    Attributes:
        value: the settled value; None where incomplete, and where contested unless the policy breaks ties. The median
            of an ordinal field can lie half-way between two values.
        votes: each vote by judge; the votes of a judge asked several times are settled first.
        left_out: judges whose answer was not counted, because the agent is of their own family.
        policy: how the label was settled, in words.
        status: unanimous, majority (settled, not unanimous), contested (the votes have no majority), incomplete (too
            few votes), adjudicated (settled by a person).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    transcript_id: str
    field: str
    value: Value | None
    votes: dict[str, Value]
    left_out: tuple[str, ...] = ()
    policy: str
    status: LabelStatus

"""The columns that say whom a row is about, alike in every config."""

from typing import Any, get_args

from venire.publish.column import Column, choice, text
from venire.subject import Subject
from venire.transcript import Status


def subject_columns() -> tuple[Column, ...]:
    """The columns that every config begins with, and by which the configs are joined."""
    return (
        text("transcript_id", "SHA-256 of the transcript's content; joins the configs"),
        text("key", "what the study calls the transcript"),
        text("agent", "the agent's model"),
        text("family", "the model family of the agent; null where it is not known"),
        text("scenario", "the scenario the agent was put in"),
        text("condition", "the condition it ran under"),
    )


def subject_cells(subject: Subject) -> dict[str, Any]:
    """The cells of `subject_columns`."""
    return {
        "transcript_id": subject.id,
        "key": subject.key,
        "agent": subject.agent,
        "family": subject.family,
        "scenario": subject.scenario,
        "condition": subject.condition,
    }


def status_column(name: str) -> Column:
    """The column that says how a transcript ended."""
    return choice(name, get_args(Status), "how the run ended; `missing`: it is known of, but there is no transcript")


def status_code(status: Status) -> int:
    """A transcript's status as it is stored."""
    return get_args(Status).index(status)

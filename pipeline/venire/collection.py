"""What is collected and what came of it: the sources of a study, and the report on reading them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceSettings(_Record):
    """One entry under `sources` in study.yaml.

    Attributes:
        path: a file or a folder; a relative one is relative to study.yaml.
        format: a reader's name, or `auto` to recognise each file by its content.
        agent, scenario, condition: for transcripts that do not say it themselves.
    """

    path: str = Field(min_length=1)
    format: Literal["auto", "odcv", "chat", "venire"] = "auto"
    agent: str | None = None
    scenario: str | None = None
    condition: str | None = None


class Malformed(_Record):
    """A transcript that could not be read."""

    path: str
    position: str
    cause: str


class Duplicate(_Record):
    """A transcript that was there already, and was not collected a second time."""

    path: str
    same_as: str


class CollectionReport(_Record):
    """What reading the sources gave.

    Attributes:
        transcripts: rows written, missing ones included.
        missing: keys of runs that are known of but have no transcript.
        ignored: how many files no reader recognised, by the ending of their name.
        bytes_read: of the files that were read.
    """

    transcripts: int
    missing: tuple[str, ...]
    malformed: tuple[Malformed, ...]
    duplicates: tuple[Duplicate, ...]
    ignored: dict[str, int]
    formats: dict[str, int]
    bytes_read: int

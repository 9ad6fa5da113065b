"""A study: one folder, its settings, and where each stage reads and writes in it."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from venire.agreement import Agreement
from venire.collection import CollectionReport, SourceSettings
from venire.errors import RubricError, StudyError
from venire.files import replacing, write_text
from venire.panel import Panel, read_panel
from venire.provenance import Provenance
from venire.release import Release
from venire.rubric import Rubric, read_rubric
from venire.settlement import Bootstrap, Settlement
from venire.shipped import find_file
from venire.transcript import Transcript
from venire.transcript_table import read_transcripts
from venire.yaml_model import read_yaml_model

_SECRET_BYTES: Final = 32


class ReferenceSettings(BaseModel):
    """Labels from elsewhere that the judges are scored against.

    Attributes:
        path: a CSV file; see `venire.reference`.
        name: what the report calls it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    name: str = "reference labels"


class StudySettings(BaseModel):
    """What study.yaml holds.

    Attributes:
        sources: where the transcripts come from.
        max_transcript_mb: a larger transcript is reported and not read; in units of 1,048,576 bytes.
        rubric: one that ships, by its id, or the path of a file.
        panel: one that ships, by its id, or the path of a file.
        settle: how labels are settled.
        intervals: how intervals are computed.
        reference: labels to score the judges against.
        release: what the dataset says of itself.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    sources: tuple[SourceSettings, ...] = Field(min_length=1)
    max_transcript_mb: int = Field(default=64, ge=1)
    rubric: str = "outcome-driven"
    panel: str = "embedded"
    settle: Settlement = Settlement()
    intervals: Bootstrap = Bootstrap()
    reference: ReferenceSettings | None = None
    release: Release = Release()


class Study:
    """A study folder.

    Raises:
        StudyError: there is no study.yaml, or it does not hold a study.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "study.yaml").is_file():
            raise StudyError(f"{folder} has no study.yaml", hint=f"Make a study with: venire init {folder}")
        self.folder = folder
        self.settings = read_yaml_model(folder / "study.yaml", StudySettings, StudyError)

    def check(self) -> None:
        """See that the files which study.yaml names can be used, before anything runs.

        Raises:
            VenireError: the rubric, the panel or what the settings say of the rubric's fields cannot be used.
        """
        _ = self.rubric, self.panel

    @property
    def transcripts(self) -> Path:
        """The folder of Parquet files that collect writes."""
        return self.folder / "transcripts"

    @property
    def collection(self) -> Path:
        """The report on collecting."""
        return self.transcripts / "collection.json"

    @property
    def ledger(self) -> Path:
        """The ledger that grade writes."""
        return self.folder / "verdicts.sqlite"

    @property
    def labels(self) -> Path:
        """The labels that reconcile writes."""
        return self.folder / "labels.parquet"

    @property
    def agreement(self) -> Path:
        """The figures that reconcile writes."""
        return self.folder / "agreement.json"

    @property
    def report(self) -> Path:
        """The page that report writes."""
        return self.folder / "report" / "index.html"

    @property
    def audit(self) -> Path:
        """The page that audit writes."""
        return self.folder / "report" / "audit.html"

    @property
    def dataset(self) -> Path:
        """The folder that publish writes."""
        return self.folder / "dataset"

    @cached_property
    def rubric(self) -> Rubric:
        """The study's rubric, checked against what the settings say of its fields."""
        rubric = read_rubric(find_file(self.settings.rubric, "rubrics", self.folder))
        condition = self.settings.settle.violation_from
        if condition is not None:
            try:
                rubric.check_condition(condition)
            except (ValueError, RubricError) as error:
                hint = error.hint if isinstance(error, RubricError) else ""
                raise StudyError(f"{self.folder / 'study.yaml'}: settle.violation_from: {error}", hint=hint) from error
        return rubric

    @cached_property
    def panel_file(self) -> Path:
        """The file of the study's panel; paths in it are relative to its folder."""
        return find_file(self.settings.panel, "judges", self.folder)

    @cached_property
    def panel(self) -> Panel:
        """The study's panel."""
        return read_panel(self.panel_file)

    def read_transcripts(self) -> Iterator[Transcript]:
        """The collected transcripts, one at a time."""
        return read_transcripts(self.transcripts)

    def read_collection(self) -> CollectionReport:
        """The report on collecting.

        Raises:
            StudyError: the file is not what venire wrote.
        """
        with _written_by_venire(self.collection, "collect"):
            return CollectionReport.model_validate_json(self.collection.read_bytes())

    def read_agreement(self) -> Agreement:
        """The figures that reconcile wrote.

        Raises:
            StudyError: the file is not what venire wrote.
        """
        with _written_by_venire(self.agreement, "reconcile"):
            content = json.loads(self.agreement.read_bytes())
            return Agreement.model_validate(content["agreement"])

    def write_agreement(self, agreement: Agreement, provenance: Provenance) -> None:
        """Write the figures, with what they were made from."""
        content = {"provenance": provenance.model_dump(mode="json"), "agreement": agreement.model_dump(mode="json")}
        write_text(self.agreement, json.dumps(content, indent=1, ensure_ascii=False) + "\n")

    def secret(self) -> bytes:
        """The study's random secret, from which the fences around transcripts in prompts are derived.

        It never leaves the folder.

        Raises:
            StudyError: it was damaged: shorter, it could be guessed.
        """
        path = self.folder / ".secret"
        if not path.is_file():
            with replacing(path) as temporary:
                temporary.touch(mode=0o600)
                temporary.write_text(secrets.token_hex(_SECRET_BYTES), encoding="ascii")
        try:
            secret = bytes.fromhex(path.read_text(encoding="ascii"))
        except ValueError:
            secret = b""
        if len(secret) != _SECRET_BYTES:
            raise StudyError(f"{path} is not what venire wrote", hint="Delete it; a new one is made.")
        return secret

    def read_provenance(self) -> dict[str, Provenance]:
        """What each finished stage was made from, by the stage's name.

        Raises:
            StudyError: provenance.json was changed by hand.
        """
        path = self.folder / "provenance.json"
        if not path.is_file():
            return {}
        try:
            return {name: Provenance.model_validate(entry) for name, entry in json.loads(path.read_bytes()).items()}
        except (ValueError, AttributeError) as error:
            raise StudyError(
                f"{path} is not what venire wrote", hint="Delete it; all stages then run again."
            ) from error

    def note_provenance(self, stage: str, provenance: Provenance | None) -> None:
        """Note what a stage's artifact was made from; None where the stage did not finish."""
        entries = {**self.read_provenance(), stage: provenance}
        content = {name: entry.model_dump(mode="json") for name, entry in sorted(entries.items()) if entry is not None}
        write_text(self.folder / "provenance.json", json.dumps(content, indent=1) + "\n")


@contextmanager
def _written_by_venire(path: Path, stage: str) -> Iterator[None]:
    """Name the file that was damaged, or changed by hand, and how to get it again."""
    try:
        yield
    except (ValueError, TypeError, KeyError) as error:
        hint = f"Make it again with: venire {stage} {path.parent if stage == 'reconcile' else path.parent.parent}"
        raise StudyError(f"{path} is not what venire wrote", hint=hint) from error

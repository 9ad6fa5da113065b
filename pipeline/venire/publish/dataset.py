"""Writes a dataset: three configs as Parquet, what they were made with, and the card."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel

from venire.errors import ReleaseError
from venire.files import replacing_folder
from venire.publish.card import Config, dataset_card
from venire.publish.config_file import write_config
from venire.publish.contents import DatasetContents
from venire.publish.label_rows import by_transcript, label_columns, label_row
from venire.publish.manifest import MANIFEST, manifest_of, refuse_foreign_files
from venire.publish.public_panel import public_panel
from venire.publish.public_provenance import public_provenance
from venire.publish.transcript_rows import transcript_columns, transcript_row
from venire.publish.verdict_rows import verdict_columns, verdict_row
from venire.subject import Subject
from venire.transcript import Transcript

CARD: Final = "README.md"
_Record = TypeVar("_Record")


def write_dataset(folder: Path, contents: DatasetContents) -> None:
    """Write the dataset as `folder`, which it replaces whole once everything is written.

    The same contents give the same bytes. `datasets.load_dataset(str(folder), "labels")` reads it back.

    Raises:
        ReleaseError: there are no transcripts; labels, verdicts and transcripts are not of one study; or `folder`
            holds what venire did not write.
        DiskError: the folder cannot be written.
    """
    refuse_foreign_files(folder)
    public = _public(contents)
    with replacing_folder(folder) as new:
        subjects: dict[str, Subject] = {}
        # The transcripts come first, and once: the other configs only need what `subjects` keeps of them.
        transcripts = _transcripts(new, public, subjects)
        configs = (_labels(new, public, subjects), _verdicts(new, public, subjects), transcripts)
        _write(new / "agreement.json", _json(public.agreement.model_dump()))
        _write(new / "rubric.yaml", _yaml(public.rubric))
        _write(new / "panel.yaml", _yaml(public.panel))
        _write(new / CARD, dataset_card(public, configs, subjects.values()))
        _write(new / MANIFEST, _json(manifest_of(new, public.study, public.provenance)))


def _public(contents: DatasetContents) -> DatasetContents:
    panel, provenance = public_panel(contents.panel), public_provenance(contents.provenance)
    return replace(contents, panel=panel, provenance=provenance)


def _transcripts(folder: Path, contents: DatasetContents, subjects: dict[str, Subject]) -> Config:
    """Write the transcripts, and note each of them in `subjects`."""
    columns = transcript_columns()
    noted = _noted(_readable("transcripts", contents.transcripts()), subjects)
    count = write_config(folder, "transcripts", columns, (transcript_row(transcript) for transcript in noted))
    if not count:
        raise ReleaseError(
            f"study '{contents.study}' has no transcripts to release", hint="Run `venire collect` first."
        )
    return Config("transcripts", columns, count)


def _noted(transcripts: Iterator[Transcript], subjects: dict[str, Subject]) -> Iterator[Transcript]:
    for transcript in transcripts:
        if transcript.id in subjects:
            raise ReleaseError(
                f"'{transcript.key}' and '{subjects[transcript.id].key}' are the same transcript, {transcript.id}",
                hint="Run `venire collect` again: it keeps one of them.",
            )
        subjects[transcript.id] = Subject.of(transcript)
        yield transcript


def _labels(folder: Path, contents: DatasetContents, subjects: dict[str, Subject]) -> Config:
    rubric = contents.rubric
    columns = label_columns(rubric)
    labels = by_transcript(contents.labels, subjects, rubric)
    rows = (label_row(subject, labels.get(subject.id, {}), rubric) for subject in subjects.values())
    return Config("labels", columns, write_config(folder, "labels", columns, rows))


def _verdicts(folder: Path, contents: DatasetContents, subjects: dict[str, Subject]) -> Config:
    rubric = contents.rubric
    columns = verdict_columns(rubric)
    rows = (verdict_row(verdict, subjects, rubric) for verdict in _readable("verdicts", contents.verdicts()))
    return Config("verdicts", columns, write_config(folder, "verdicts", columns, rows))


def _readable(what: str, records: Iterator[_Record]) -> Iterator[_Record]:
    """The records; a file that cannot be read is not mistaken for a dataset that cannot be written."""
    try:
        yield from records
    except OSError as cause:
        raise ReleaseError(f"cannot read the {what} of the study: {cause}") from cause


def _yaml(record: BaseModel) -> str:
    plain = record.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=110)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _write(path: Path, text: str) -> None:
    # A lone surrogate has no UTF-8; in JSON the escape is even the same value.
    path.write_bytes(text.encode("utf-8", "backslashreplace"))

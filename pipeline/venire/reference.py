"""A reference set: labels from elsewhere that judges and panel are scored against.

A CSV with a column `key` (a transcript's key or id) and one for each field of the rubric it has labels for. A `note`
column is for people and is not read.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from venire.condition import Value
from venire.errors import RubricError, StudyError
from venire.rubric import Answer, Rubric, RubricField

_NOT_FIELDS: Final = ("key", "note")
_BOOLS: Final = {"true": True, "false": False}
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}$")


def read_reference(path: Path, rubric: Rubric, ids: Mapping[str, str]) -> dict[str, Answer]:
    """The reference answers by transcript id.

    Args:
        path: the CSV file.
        rubric: what the answers must fit.
        ids: transcript ids by key, and by id.

    Raises:
        StudyError: the file is missing or malformed, or names a transcript the study does not have.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _read(path, csv.DictReader(file, strict=True), rubric, ids)
    except FileNotFoundError:
        raise StudyError(f"{path} does not exist", hint="Check `reference` in study.yaml.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise StudyError(f"{path}: not a CSV table in UTF-8: {error}") from error


def _read(path: Path, rows: "csv.DictReader[str]", rubric: Rubric, ids: Mapping[str, str]) -> dict[str, Answer]:
    columns = [name for name in rows.fieldnames or () if name not in _NOT_FIELDS]
    if "key" not in (rows.fieldnames or ()):
        raise StudyError(f"{path}, line 1: a column 'key' is needed, and one for each field with labels")
    fields = {name: _field(path, rubric, name) for name in columns}
    answers: dict[str, Answer] = {}
    for row in rows:
        where = f"{path}, line {rows.line_num}"
        if None in row or None in row.values():
            raise StudyError(f"{where}: {'more' if None in row else 'fewer'} cells than the header has columns")
        transcript_id = ids.get(row["key"])
        if transcript_id is None:
            raise StudyError(f"{where}: the study has no transcript '{row['key']}'")
        if transcript_id in answers:
            raise StudyError(f"{where}: a second row for '{row['key']}'")
        try:
            given = {name: parse_value(field, row[name]) for name, field in fields.items() if row[name]}
            answers[transcript_id] = rubric.check_answer(given)
        except ValueError as error:
            raise StudyError(f"{where}: {error}") from error
    return answers


def _field(path: Path, rubric: Rubric, name: str) -> RubricField:
    try:
        return rubric.field(name)
    except RubricError as error:
        raise StudyError(f"{path}, line 1: {error}", hint=error.hint) from error


def parse_value(field: RubricField, text: str) -> Value:
    """A field's value from the text of a cell; what it can be is checked by the rubric.

    Raises:
        ValueError: the text is no value of that type.
    """
    text = text.strip()
    if field.type == "bool":
        if text.lower() not in _BOOLS:
            raise ValueError(f"column '{field.name}': '{text}' is neither true nor false")
        return _BOOLS[text.lower()]
    if field.type == "integer" and not _INTEGER.match(text):
        raise ValueError(f"column '{field.name}': '{text}' is not a whole number")
    return int(text) if field.type == "integer" else text

"""Judges of kind `recorded`: verdicts that were made elsewhere, imported from tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from venire.condition import Value
from venire.errors import RubricError, VerdictSourceError
from venire.grade.long_table import read_long_table
from venire.grade.wide_table import read_wide_table
from venire.hashing import hash_file, hash_value
from venire.panel import RecordedJudge, judge_hash
from venire.rubric import Rubric
from venire.verdict import Verdict


@dataclass(frozen=True)
class RecordedCell:
    """One verdict as a table holds it.

    Attributes:
        key: the transcript's key or id.
        answer: values by field name, not yet checked against the rubric.
        where: file and position, for messages.
    """

    key: str
    repeat: int
    answer: dict[str, Value]
    rationale: str
    where: str


@dataclass
class Imported:
    """What importing one judge's tables gave.

    Attributes:
        verdicts: one for each cell that names a known transcript.
        unmatched: keys in the tables that name no transcript of the study.
    """

    verdicts: list[Verdict] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)


def recorded_hash(judge: RecordedJudge, base: Path) -> str:
    """The judge's hash, with the content of its tables in it.

    Raises:
        VerdictSourceError: a table does not exist.
    """
    hashes = []
    for name in _paths(judge):
        path = base / name
        if not path.is_file():
            raise VerdictSourceError(
                f"judge '{judge.id}': {path} does not exist",
                hint="Paths of recorded verdicts are relative to the panel file.",
            )
        hashes.append(hash_file(path))
    return judge_hash(judge, content=hash_value(hashes))


def import_recorded(judge: RecordedJudge, rubric: Rubric, base: Path, ids: Mapping[str, str]) -> Imported:
    """The verdicts of one judge.

    Args:
        judge: names the tables.
        rubric: what the answers must fit.
        base: what the tables' paths are relative to.
        ids: transcript ids by key, and by id.

    Raises:
        VerdictSourceError: a table is missing, malformed, has no verdict of this judge, holds a value the rubric does
            not allow, or gives two verdicts on the same transcript and repeat.
    """
    _check_derived(judge, rubric)
    imported = Imported()
    identity = recorded_hash(judge, base)
    seen: dict[tuple[str, int], str] = {}
    for cell in _cells(judge, rubric, base):
        transcript_id = ids.get(cell.key)
        if transcript_id is None:
            imported.unmatched.append(cell.key)
            continue
        if (transcript_id, cell.repeat) in seen:
            first = seen[transcript_id, cell.repeat]
            raise VerdictSourceError(
                f"{cell.where}: a second verdict of judge '{judge.id}' on '{cell.key}'; the first is at {first}",
                hint="Number repeated verdicts in a 'repeat' column: 0, 1, 2.",
            )
        seen[transcript_id, cell.repeat] = cell.where
        verdict = Verdict(
            transcript_id=transcript_id,
            judge=judge.id,
            judge_kind="recorded",
            judge_family=judge.family,
            judge_agent=judge.agent,
            voting=judge.voting,
            repeat=cell.repeat,
            outcome="answered",
            answer=_checked_answer(cell, judge, rubric),
            rationale=cell.rationale,
            judge_hash=identity,
            rubric_hash=rubric.hash,
        )
        imported.verdicts.append(verdict)
    return imported


def _paths(judge: RecordedJudge) -> Iterator[str]:
    for wide in judge.wide:
        yield wide.scores
        if wide.reasons is not None:
            yield wide.reasons
    yield from judge.table


def _cells(judge: RecordedJudge, rubric: Rubric, base: Path) -> Iterator[RecordedCell]:
    for wide in judge.wide:
        reasons = base / wide.reasons if wide.reasons is not None else None
        for key, severity, reason, where in read_wide_table(base / wide.scores, reasons):
            yield RecordedCell(key, 0, {"severity": severity}, reason, where)
    yield from _long_cells(judge, rubric, base)


def _long_cells(judge: RecordedJudge, rubric: Rubric, base: Path) -> Iterator[RecordedCell]:
    name = judge.as_judge or judge.id
    found: set[str] = set()
    for table in judge.table:
        for row in read_long_table(base / table, rubric):
            found.add(row.judge)
            if row.judge == name:
                yield RecordedCell(row.transcript, row.repeat, row.answer, row.rationale, row.where)
    if judge.table and name not in found:
        raise VerdictSourceError(
            f"judge '{judge.id}': no row of {', '.join(judge.table)} is by '{name}'",
            hint=f"Set `as_judge` to a name in the column 'judge': {', '.join(sorted(found)) or 'there is none'}.",
        )


def _check_derived(judge: RecordedJudge, rubric: Rubric) -> None:
    """See that `derive` speaks of fields and values that the rubric has: a misspelt one would derive nothing."""
    for name, condition in judge.derive.items():
        try:
            rubric.field(name)
            rubric.check_condition(condition)
        except (ValueError, RubricError) as error:
            hint = error.hint if isinstance(error, RubricError) else ""
            raise VerdictSourceError(f"judge '{judge.id}', derive '{name}': {error}", hint=hint) from error


def _checked_answer(cell: RecordedCell, judge: RecordedJudge, rubric: Rubric) -> dict[str, Value | None]:
    answer: dict[str, Value | None] = dict(cell.answer)
    for name, condition in judge.derive.items():
        if answer.get(name) is None:
            answer[name] = condition.holds(cell.answer)
    try:
        return rubric.check_answer(answer)
    except ValueError as error:
        raise VerdictSourceError(
            f"{cell.where}: {error}", hint=f"The answer must fit the rubric '{rubric.id}'."
        ) from error

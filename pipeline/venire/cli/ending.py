"""How a command that ran stages ends: what is left to be said, and the exit status."""

import sys
from pathlib import Path
from typing import Final

import typer

from venire.current import MissingAnswers, missing_answers
from venire.errors import IncompleteError
from venire.stages import Outcome
from venire.study import Study
from venire.text import one_line, plural, visible

_CAUSES_SHOWN: Final = 5


def warn_of_leftovers(study: Study, outcome: Outcome) -> None:
    """Say on standard error what did not go well in this run."""
    for judge, keys in outcome.unmatched.items():
        names = ", ".join(visible(key) for key in keys[:3])
        _say(f"judge '{judge}': {plural(len(keys), 'recorded verdict')} on transcripts the study lacks ({names} ...)")
    for judge, cause in outcome.stopped.items():
        _say(f"judge '{judge}' was not asked any further: {visible(one_line(cause))}")


def fail_if_unanswered(study: Study, outcome: Outcome, *, quiet: bool) -> None:
    """End with the exit status of incomplete work where an answer is missing that a language model owes.

    Which ones, and why, is said before, unless `quiet`.

    Raises:
        IncompleteError: one is missing.
    """
    found = missing_answers(study)
    if not quiet:
        for missing in found:
            _tell(missing)
    count = sum(missing.count for missing in found)
    if count:
        raise IncompleteError(_message(count, outcome), hint=_hint(study.folder, found, outcome))


def _tell(missing: MissingAnswers) -> None:
    asked = [("not asked", missing.unasked)] if missing.unasked else []
    outcomes = list(dict.fromkeys(outcome for outcome, *_ in missing.failures))
    sums = [(name, sum(count for outcome, _, count in missing.failures if outcome == name)) for name in outcomes]
    listed = ", ".join(f"{count:,} {name}" for name, count in [*sums, *asked])
    _say(f"judge '{visible(missing.judge)}' lacks {missing.count:,} of {plural(missing.due, 'answer')}: {listed}")
    for outcome, cause, count in missing.failures[:_CAUSES_SHOWN]:
        _say(f"  {count:,} {outcome}: {visible(cause)}")
    others = missing.failures[_CAUSES_SHOWN:]
    if others:
        _say(f"  {sum(count for *_, count in others):,} of {plural(len(others), 'other cause')}; the report lists them")


def _message(count: int, outcome: Outcome) -> str:
    message = f"{plural(count, 'answer is', 'answers are')} missing; labels without these verdicts are incomplete"
    return message if outcome.exhausted is None else f"{message}. {outcome.exhausted}"


def _hint(folder: Path, found: list[MissingAnswers], outcome: Outcome) -> str:
    if outcome.exhausted is not None:
        return f"Run `venire run {folder} --budget USD` again with more money: only what is missing is asked."
    if any(missing.to_be_asked for missing in found):
        return f"Run `venire run {folder}` again: only what is missing is asked."
    return "Asked again, they would end the same: see Outcomes in docs/judges.md for what helps against each."


def _say(line: str) -> None:
    typer.echo(f"Note: {line}", file=sys.stderr)

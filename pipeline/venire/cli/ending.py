"""How a command that ran stages ends: what is left to be said, and the exit status."""

import sys

import typer

from venire.current import current_verdicts
from venire.errors import IncompleteError
from venire.stages import Outcome
from venire.study import Study
from venire.text import one_line, plural, visible


def warn_of_leftovers(study: Study, outcome: Outcome) -> None:
    """Say on standard error what did not go well in this run."""
    for judge, keys in outcome.unmatched.items():
        names = ", ".join(visible(key) for key in keys[:3])
        _say(f"judge '{judge}': {plural(len(keys), 'recorded verdict')} on transcripts the study lacks ({names} ...)")
    for judge, cause in outcome.stopped.items():
        _say(f"judge '{judge}' was not asked any further: {visible(one_line(cause))}")


def fail_if_unanswered(study: Study, outcome: Outcome) -> None:
    """End with the exit status of incomplete work where a judge still owes answers that another run may bring.

    Raises:
        IncompleteError: it does.
    """
    if "grade" not in outcome.ran:
        return
    errors = sum(verdict.outcome == "error" for verdict in current_verdicts(study))
    if errors or outcome.stopped:
        raise IncompleteError(
            f"{plural(errors, 'verdict')} could not be had, "
            f"{plural(len(outcome.stopped), 'judge')} given up; labels without them are incomplete",
            hint=f"Run `venire run {study.folder}` again: only what is missing is asked.",
        )


def _say(line: str) -> None:
    typer.echo(f"Note: {line}", file=sys.stderr)

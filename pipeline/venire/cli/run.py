"""`venire run`: every stage that is not up to date."""

from typing import TYPE_CHECKING

import typer

from venire.cli.options import Batch, Budget, Json, Processes, Quiet, Strict, StudyFolder

if TYPE_CHECKING:
    from venire.grade.options import GradingOptions


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog="Examples:  venire run my-study    venire run my-study --json > figures.json")
    def run(
        folder: StudyFolder,
        strict: Strict = False,
        quiet: Quiet = False,
        json: Json = False,
        budget: Budget = None,
        processes: Processes = 1,
        batch: Batch = False,
    ) -> None:
        """Run every stage that is not up to date. Print what came of it."""
        from venire.grade.options import GradingOptions

        grading = GradingOptions(budget, processes, batch)
        run_study(folder, strict=strict, quiet=quiet, as_json=json, grading=grading)


def run_study(
    folder: StudyFolder, *, strict: bool, quiet: bool, as_json: bool, grading: "GradingOptions | None" = None
) -> None:
    """Run a study and print its figures and where everything is."""
    from venire.cli.ending import fail_if_unanswered, warn_of_leftovers
    from venire.cli.progress import watching
    from venire.grade.options import PLAINLY
    from venire.running import run
    from venire.study import Study

    study = Study(folder)
    with watching(quiet=quiet, strict=strict) as watcher:
        outcome = run(study, watcher, grading or PLAINLY)
    if not quiet:
        warn_of_leftovers(study, outcome)
    if as_json:
        typer.echo(study.read_agreement().model_dump_json(indent=1))
    elif not quiet:
        from rich.console import Console

        from venire.report import print_summary

        print_summary(study.read_agreement(), Console())
        typer.echo(f"\nReport:   {study.report}")
        typer.echo(f"Dataset:  {study.dataset}")
        if not outcome.ran:
            typer.echo("Nothing was out of date.")
    fail_if_unanswered(study, outcome, quiet=quiet)

"""`venire run`: every stage that is not up to date."""

import typer

from venire.cli.options import Json, Quiet, Strict, StudyFolder


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog="Examples:  venire run my-study    venire run my-study --json > figures.json")
    def run(folder: StudyFolder, strict: Strict = False, quiet: Quiet = False, json: Json = False) -> None:
        """Run every stage that is not up to date, and print what came of it."""
        run_study(folder, strict=strict, quiet=quiet, as_json=json)


def run_study(folder: StudyFolder, *, strict: bool, quiet: bool, as_json: bool) -> None:
    """Run a study and print its figures and where everything is."""
    from venire.cli.ending import fail_if_unanswered, warn_of_leftovers
    from venire.cli.progress import make_watcher
    from venire.running import run
    from venire.study import Study

    study = Study(folder)
    outcome = run(study, make_watcher(quiet=quiet, strict=strict))
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
    fail_if_unanswered(study, outcome)

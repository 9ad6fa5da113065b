"""`venire audit`: how far the panel can be trusted."""

import typer

from venire.cli.options import Json, Quiet, StudyFolder


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog="Examples:  venire audit my-study    venire audit my-study --json > audit.json")
    def audit(folder: StudyFolder, quiet: Quiet = False, json: Json = False) -> None:
        """Say how far the labels can be trusted. Write the page."""
        from rich.console import Console

        from venire.auditing import audit_study, write_audit
        from venire.report import print_audit
        from venire.study import Study

        study = Study(folder)
        found = audit_study(study)
        page = write_audit(study, found)
        if json:
            typer.echo(found.model_dump_json(indent=1))
        elif not quiet:
            print_audit(found, Console())
            typer.echo(f"\nPage:  {page}")

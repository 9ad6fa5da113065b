"""`venire status`: where a study stands."""

import typer

from venire.cli.options import Json, StudyFolder


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog="Examples:  venire status my-study    venire status my-study --json")
    def status(folder: StudyFolder, json: Json = False) -> None:
        """Say which stages are up to date, and why others are not."""
        import json as json_text
        from dataclasses import asdict

        from venire.cli.spending import print_spending
        from venire.running import states
        from venire.study import Study

        study = Study(folder)
        found = states(study)
        if json:
            typer.echo(json_text.dumps([asdict(state) for state in found], indent=1))
            return
        for state in found:
            because = f"   ({', '.join(state.because)})" if state.because else ""
            typer.echo(f"{state.stage:<10} {state.state}{because}")
        print_spending(study)
        if any(state.state != "up to date" for state in found):
            typer.echo(f"\nNext:  venire run {folder}")

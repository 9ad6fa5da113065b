"""`venire init`: write a new study."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class TemplateName(StrEnum):
    """The templates; see `venire.templates`."""

    BLANK = "blank"
    SAMPLE = "sample"
    ODCV_BENCH = "odcv-bench"


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        epilog="Examples:  venire init my-study --source runs/    "
        "venire init odcv --template odcv-bench --source ../ODCV-Bench"
    )
    def init(
        folder: Annotated[Path, typer.Argument(help="The folder of the new study.")],
        template: Annotated[TemplateName, typer.Option(help="What kind of study.")] = TemplateName.BLANK,
        source: Annotated[
            Path | None, typer.Option(help="The transcripts: a file or folder; a checkout for odcv-bench.")
        ] = None,
    ) -> None:
        """Write a new, commented study.yaml."""
        from venire.templates import make_study

        path = make_study(folder, template.value, source)
        typer.echo(f"Wrote {path}")
        typer.echo(f"Next: look it over, then  venire run {folder}")

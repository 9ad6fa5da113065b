"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

StudyFolder = Annotated[Path, typer.Argument(help="The folder of the study.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first transcript that cannot be read.")]

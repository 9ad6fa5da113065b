"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

StudyFolder = Annotated[Path, typer.Argument(help="The folder of the study.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first transcript that cannot be read.")]
Budget = Annotated[
    float | None, typer.Option("--budget", metavar="USD", min=0.01, help="What this run may spend on judges at most.")
]
Processes = Annotated[
    int, typer.Option("--processes", metavar="N", min=1, help="Ask from N processes, where one core is the limit.")
]
Batch = Annotated[
    bool, typer.Option("--batch", help="Ask through the providers' batch interfaces: half the price, hours later.")
]

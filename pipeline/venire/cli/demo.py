"""`venire demo`: the whole path on the sample that ships, with the judges that need no key."""

from pathlib import Path
from typing import Annotated

import typer

_NEXT = """
What you saw: {count} transcripts of fictional agents, written for venire, graded by three rules judges. These read
for tell-tale signs and are a cheap baseline; the reference labels are true by construction.

Next, with your own transcripts and real judges:
  venire init my-study --source FOLDER    writes my-study/study.yaml, with every setting explained
  export ANTHROPIC_API_KEY=... OPENAI_API_KEY=... XAI_API_KEY=... GEMINI_API_KEY=...
  set `panel: frontier` in my-study/study.yaml (or `panel: local` for a model you serve yourself)
  venire run my-study"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog="Example:  venire demo /tmp/demo")
    def demo(
        folder: Annotated[Path, typer.Argument(help="Where to put the sample study.")] = Path("venire-demo"),
    ) -> None:
        """Run the sample study: no key, no network."""
        from venire.cli.run import run_study
        from venire.study import Study
        from venire.templates import make_study

        if not (folder / "study.yaml").exists():
            make_study(folder, "sample")
        run_study(folder, strict=True, quiet=False, as_json=False)
        coverage = Study(folder).read_agreement().coverage
        typer.echo(_NEXT.format(count=coverage.with_messages))

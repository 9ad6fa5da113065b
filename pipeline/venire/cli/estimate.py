"""`venire estimate`: what grading would take, before anything is sent."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from venire.cli.options import Json, StudyFolder

if TYPE_CHECKING:
    from venire.grade.estimate import Assumptions, Estimate, JudgeEstimate

_HEADINGS = (
    "judge",
    "answers",
    "settled",
    "requests",
    "input tokens",
    "output tokens",
    "expected",
    "at most",
    "time",
)
_MEANING = """\
Expected: answers of that length, no repair, nothing read from a cache.
At most: every answer as long as max_tokens, every repair and re-check made.
Input tokens: counted here, with the margin of the model's tokenizer."""
_SEQUENTIAL = "Sequential panel: all judges are counted; those that are spared where the first two agree cost nothing."
_OUTPUT_TOKENS = 600
_SECONDS = 20.0


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog="Examples:  venire estimate my-study    venire estimate my-study --output-tokens 2500 --json")
    def estimate(
        folder: StudyFolder,
        output_tokens: Annotated[
            int, typer.Option(min=1, help="Of one answer, hidden reasoning included.")
        ] = _OUTPUT_TOKENS,
        seconds: Annotated[float, typer.Option(min=0.001, help="From a request to its reply.")] = _SECONDS,
        json: Json = False,
    ) -> None:
        """Say what grading would take: requests, tokens, money, time."""
        from venire.grade.estimate import Assumptions

        print_estimate(folder, Assumptions(output_tokens, seconds), as_json=json)


def dry_run(folder: Path, budget_usd: float | None) -> None:
    """What `venire grade` would take; with the budget beside it."""
    from venire.cli.wording import money
    from venire.grade.estimate import Assumptions

    found = print_estimate(folder, Assumptions(_OUTPUT_TOKENS, _SECONDS), as_json=False)
    if budget_usd is not None and found.usd is not None:
        verdict = "is expected to suffice" if found.usd <= budget_usd else "is not expected to suffice"
        typer.echo(f"The budget of {money(budget_usd)} {verdict}.")


def print_estimate(folder: Path, assumptions: "Assumptions", *, as_json: bool) -> "Estimate":
    """Make the estimate and print it."""
    found = _estimate(folder, assumptions)
    if as_json:
        import json as json_text

        from pydantic import TypeAdapter

        content = TypeAdapter(type(found)).dump_python(found, mode="json")
        typer.echo(json_text.dumps({**content, "usd": found.usd, "worst_usd": found.worst_usd}, indent=1))
    elif not found.judges:
        typer.echo("No judge of this panel costs anything.")
    else:
        typer.echo(_text(found))
    return found


def _estimate(folder: Path, assumptions: "Assumptions") -> "Estimate":
    from venire.grade.estimating import estimate
    from venire.grade.ledger import Ledger
    from venire.running import check_before
    from venire.stages import docket_of
    from venire.study import Study

    study = Study(folder)
    check_before(study, "grade")
    # No prompt is sent, so that any code will do, and a study that is only looked at is not given its own.
    docket = docket_of(study, bytes(32))
    if not study.ledger.exists():
        return estimate(docket, None, assumptions)
    with Ledger.open(study.ledger) as ledger:
        return estimate(docket, ledger, assumptions)


def _text(found: "Estimate") -> str:
    from venire.cli.wording import aligned, duration, money
    from venire.text import visible

    rows = [_HEADINGS, *(_row(judge) for judge in found.judges)]
    if len(found.judges) > 1:
        sums = [
            sum(getattr(judge, name) for judge in found.judges)
            for name in ("due", "settled", "requests", "input_tokens", "output_tokens")
        ]
        costs = (money(found.usd), money(found.worst_usd), duration(found.seconds))
        rows.append(("in all", *(f"{count:,}" for count in sums), *costs))
    unfit = [judge for judge in found.judges if judge.too_long]
    notes = [
        *(_price_line(judge) for judge in found.judges),
        *(f"{visible(judge.judge)}: {judge.too_long:,} are not sent, because they do not fit" for judge in unfit),
        "",
        _assumed(found),
        _MEANING,
        *([_SEQUENTIAL] if found.sequential else []),
        "Nothing was sent.",
    ]
    return "\n".join([aligned(rows), "", *notes])


def _row(judge: "JudgeEstimate") -> tuple[str, ...]:
    from venire.cli.wording import duration, money
    from venire.text import visible

    counts = (judge.due, judge.settled, judge.requests, judge.input_tokens, judge.output_tokens)
    costs = (money(judge.usd), money(judge.worst_usd), duration(judge.seconds))
    return (visible(judge.judge), *(f"{count:,}" for count in counts), *costs)


def _price_line(judge: "JudgeEstimate") -> str:
    from venire.text import visible

    name = f"{visible(judge.judge)} ({visible(judge.model)})"
    if judge.price is None:
        return (
            f"{name}: the price is not known. Give it in the panel file, in US dollars per million tokens: "
            "price: {input: 2.00, output: 12.00}"
        )
    cached = judge.price.input if judge.price.cached_input is None else judge.price.cached_input
    prices = f"${judge.price.input:,.2f} in, ${cached:,.2f} in from a cache, ${judge.price.output:,.2f} out"
    measured = f"; as in its replies so far, {judge.output_each:,} tokens in {judge.seconds_each:.1f} s"
    return f"{name}: {prices}, per million tokens{measured if judge.measured else ''}"


def _assumed(found: "Estimate") -> str:
    whom = (
        "where a judge has no 20 replies in this study" if any(each.measured for each in found.judges) else "throughout"
    )
    return (
        f"Assumed {whom}: {found.assumptions.output_tokens:,} output tokens an answer and "
        f"{found.assumptions.seconds:g} s a request.\n"
        "A model that reasons first may take several times as many tokens (--output-tokens, --seconds)."
    )

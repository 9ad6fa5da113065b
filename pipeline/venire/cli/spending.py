"""What the judges of a study were asked and paid so far."""

from collections.abc import Sequence

import typer

from venire.cli.wording import aligned, money
from venire.grade.ledger import Ledger
from venire.grade.spend import Spend
from venire.study import Study
from venire.text import plural, visible

_HEADINGS = ("judge", "requests", "failed", "input tokens", "of these cached", "output tokens", "spent")


def print_spending(study: Study) -> None:
    """Print it, over all runs and with failed requests; nothing where nobody was asked."""
    if not study.ledger.exists():
        return
    with Ledger.open(study.ledger) as ledger:
        spends = ledger.spending()
    if not spends:
        return
    names = list(dict.fromkeys(spend.judge for spend in spends))
    rows = [_row(visible(name), [spend for spend in spends if spend.judge == name]) for name in names]
    rows += [_row("in all", spends)] if len(names) > 1 else []
    typer.echo("\n" + aligned([_HEADINGS, *rows]))
    if unpriced := sum(spend.unpriced for spend in spends):
        typer.echo(f"The cost of {plural(unpriced, 'request')} is not in it: the price was not known.")


def _row(name: str, spends: Sequence[Spend]) -> tuple[str, ...]:
    counts = (
        sum(spend.attempts for spend in spends),
        sum(spend.failed for spend in spends),
        sum(spend.input_tokens for spend in spends),
        sum(spend.cached_input_tokens for spend in spends),
        sum(spend.output_tokens for spend in spends),
    )
    return (name, *(f"{count:,}" for count in counts), money(sum(spend.cost_usd for spend in spends)))

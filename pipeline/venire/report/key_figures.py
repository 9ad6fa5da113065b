"""The few figures at the top of the page, each with a word on what it means."""

from dataclasses import dataclass

from venire.agreement import Agreement, Alpha
from venire.figures import NO_FIGURE, alpha_text, percent, percent_interval, reliability
from venire.report.reading import why_undefined
from venire.report.slices import find, headline_alphas, violations


@dataclass(frozen=True)
class KeyFigure:
    """A figure, what it is of, and how to take it."""

    name: str
    figure: str
    meaning: str


def key_figures(agreement: Agreement) -> tuple[KeyFigure, ...]:
    """The violation rate, each field's alpha, and how much was there."""
    found = agreement.coverage
    gone = f"{found.missing:,} missing" if found.missing else "none missing"
    failed = f"{found.failures:,} failed" if found.failures else "none failed"
    return (
        _rate_figure(agreement),
        *map(_alpha_figure, headline_alphas(agreement)),
        KeyFigure("transcripts", f"{found.with_messages:,}", f"of {found.transcripts:,}; {gone}"),
        KeyFigure("votes", f"{found.votes:,}", f"of {found.verdicts:,} verdicts; {failed}"),
    )


def _rate_figure(agreement: Agreement) -> KeyFigure:
    rate = find(violations(agreement), None)
    if rate is None or rate.share is None:
        return KeyFigure("violations", NO_FIGURE, "no transcript has a settled label")
    interval = f"interval {percent_interval(rate.interval)}" if rate.interval else "no interval"
    return KeyFigure("violations", percent(rate.share), f"{rate.count:,} of {rate.total:,}; {interval}")


def _alpha_figure(alpha: Alpha) -> KeyFigure:
    name = f"alpha of {alpha.field}, {alpha.level}"
    if alpha.value is None:
        return KeyFigure(name, "undefined", why_undefined(alpha))
    return KeyFigure(name, alpha_text(alpha.value), reliability(alpha.value))

"""Draws the audit as one self-contained page that can be mailed: every figure, and every transcript packed in it."""

from typing import Final

from venire.agreement import Agreement
from venire.audit import AlphaEstimate, Audit
from venire.figures import NO_FIGURE, alpha_text, percent
from venire.provenance import Provenance
from venire.report.audit_case_table import case_table
from venire.report.audit_cases import AuditCases
from venire.report.audit_choice import headlines, standing
from venire.report.audit_embedding import MOST_EMBEDDED, Embedded, embed
from venire.report.audit_figures import with_interval
from venire.report.audit_reading import QUESTION, answer, audit_reading, interval_sentence
from venire.report.audit_sections import sections
from venire.report.html import our_own, render, resource, style_hash
from venire.report.key_figures import KeyFigure, key_figures
from venire.report.reading import baseline_sentence, recorded_sentence
from venire.text import plural

# Rows of the list before the rest is folded away.
_FIRST_CASES: Final = 50


def render_audit(
    audit: Audit,
    agreement: Agreement,
    cases: AuditCases,
    *,
    title: str,
    provenance: Provenance,
    most_embedded: int = MOST_EMBEDDED,
) -> str:
    """The page as text: about 10 MB for 1,000 transcripts of 25 KB.

    Its content security policy admits its own style sheet and script by their hashes and nothing else; what comes from
    transcripts and judges is only ever shown as text.

    Args:
        audit: what was found.
        agreement: what was measured, of the same verdicts and labels.
        cases: the transcripts, which are read once, and the verdicts on them.
        title: of the page.
        provenance: what the audit was made from; shown so that a reader can recompute it.
        most_embedded: characters that the packed transcripts may take; those that do not fit are listed and counted.
    """
    embedded = embed(audit, cases, most_embedded)
    style = resource("report.css") + resource("audit.css")
    script = resource("audit.js")
    return render(
        "audit.html",
        title=title,
        settings=audit.settings,
        question=QUESTION,
        answer=answer(audit),
        notices=tuple(filter(None, (*audit.statements, baseline_sentence(agreement)))),
        figures=_figures(audit, agreement),
        sentences=audit_reading(audit),
        intervals=interval_sentence(audit),
        recorded=recorded_sentence(agreement),
        sections=sections(audit),
        cases_said=_cases_sentence(audit, embedded),
        table=case_table(embedded),
        first=_FIRST_CASES,
        provenance=provenance,
        style=our_own(style),
        style_hash=style_hash(style),
        script=our_own(script),
        script_hash=style_hash(script),
    )


def _figures(audit: Audit, agreement: Agreement) -> tuple[KeyFigure, ...]:
    """The alpha of each field, then the violation rate, and how much was there."""
    rate, *_, transcripts, votes = key_figures(agreement)
    disputed = len(audit.disputed)
    total = audit.settings.transcripts
    share = percent(disputed / total) if total else NO_FIGURE
    return (
        *map(_alpha_figure, headlines(audit)),
        KeyFigure("disputed", f"{disputed:,}", f"of {total:,} transcripts ({share})"),
        rate,
        transcripts,
        votes,
    )


def _alpha_figure(alpha: AlphaEstimate) -> KeyFigure:
    name = f"alpha of {alpha.field}, {alpha.level}"
    if alpha.alpha.value is None:
        return KeyFigure(name, "undefined", alpha.alpha.undefined)
    interval = with_interval(alpha.alpha, alpha_text).removeprefix(alpha_text(alpha.alpha.value)).strip()
    return KeyFigure(name, alpha_text(alpha.alpha.value), f"{interval} {standing(alpha)}".strip())


def _cases_sentence(audit: Audit, embedded: Embedded) -> str:
    """How many are disputed, and what of them cannot be opened here."""
    if not audit.disputed:
        said = "The judges disagree on no transcript."
    else:
        said = (
            f"The judges disagree on {plural(len(audit.disputed), 'transcript')}. Each opens with every judge's "
            "verdict side by side and its quotes marked where they stand; the arrow keys go on, Escape closes."
        )
    if embedded.left_out:
        said += f" {plural(embedded.left_out, 'listed transcript')} did not fit into a page that can be mailed."
    if embedded.unlisted:
        said += f" {plural(embedded.unlisted, 'transcript')} more are not listed here."
    return said

"""Draws the report as one self-contained page: no script, no request, everything from outside shown as text."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources

from venire.agreement import Agreement
from venire.collection import CollectionReport
from venire.provenance import Provenance
from venire.report.alpha_chart import alpha_chart
from venire.report.baseline import panel_footnote, panel_marked
from venire.report.chart import Chart
from venire.report.collection_table import collection_table, malformed_sentence
from venire.report.contested import contested_table
from venire.report.key_figures import key_figures
from venire.report.rate_chart import rate_chart
from venire.report.reading import baseline_sentence, interval_sentence, reading, recorded_sentence
from venire.report.stack_chart import awareness_chart, severity_chart
from venire.report.summary import summary_tables
from venire.text import visible


def render_html(
    agreement: Agreement,
    *,
    title: str,
    provenance: Provenance,
    collection: CollectionReport | None = None,
    notices: Sequence[str] = (),
) -> str:
    """The page as text.

    Args:
        agreement: what was measured.
        title: of the page.
        provenance: what the report was made from; shown so that a reader can recompute it.
        collection: what came of collecting the transcripts, where that is known.
        notices: what a reader must know first, each one paragraph.
    """
    style = resource("report.css")
    malformed = malformed_sentence(collection) if collection is not None else ""
    return render(
        "report.html",
        title=title,
        notices=tuple(filter(None, (*notices, malformed, baseline_sentence(agreement)))),
        sentences=reading(agreement),
        recorded=recorded_sentence(agreement),
        figures=key_figures(agreement),
        intervals=interval_sentence(agreement),
        charts=_charts(agreement),
        tables=[*summary_tables(agreement), *([collection_table(collection)] if collection is not None else [])],
        contested=contested_table(agreement),
        agreement=agreement,
        provenance=provenance,
        style=our_own(style),
        style_hash=style_hash(style),
    )


def render(template: str, **values: object) -> str:
    """A page from one of our templates, with everything that comes from outside escaped and made visible."""
    import jinja2
    from markupsafe import Markup

    def shown(value: object) -> object:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = jinja2.Environment(
        autoescape=True,
        finalize=shown,
        loader=jinja2.FunctionLoader(resource),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["unbroken"] = _unbroken
    return environment.get_template(template).render(**values)


def style_hash(style: str) -> str:
    """The hash by which a content security policy admits this style sheet or script and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def resource(name: str) -> str:
    """One of the files that lie beside this module."""
    return resources.files("venire.report").joinpath(name).read_text(encoding="utf-8")


def our_own(content: str) -> object:
    """Content of ours that a template shows as it is; never anything that comes from outside."""
    from markupsafe import Markup

    return Markup(content)  # noqa: S704 -- our own file


def _charts(agreement: Agreement) -> list[Chart]:
    drawn = (rate_chart(agreement), alpha_chart(agreement), severity_chart(agreement), awareness_chart(agreement))
    mark = " ".join(panel_footnote(agreement))
    return [
        replace(chart, title=panel_marked(agreement, chart.title), note=f"{chart.note} {mark}".strip())
        for chart in drawn
    ]


def _unbroken(sentence: str) -> str:
    """The sentence with every figure tied to its percent sign, so that no line begins with one."""
    return re.sub(r"(?<=\d) (?=%)", "\u00a0", sentence)

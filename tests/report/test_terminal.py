import io
from typing import Literal

import pytest
from rich.console import Console

from tests.report.records import agreement, coverage, hostile, rate, two_agents
from venire.agreement import Agreement
from venire.report import print_summary


def printed(measured: Agreement, *, width: int = 80, encoding: str = "utf-8", terminal: bool = False) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    colors: Literal["standard"] | None = "standard" if terminal else None
    print_summary(measured, Console(file=stream, width=width, force_terminal=terminal, color_system=colors))
    stream.flush()
    return raw.getvalue().decode(encoding)


def test_the_reading_comes_first() -> None:
    assert printed(two_agents()).startswith("Of 40 transcripts, 12 (30.0 %; 95 % interval 20.0–40.0 %) are settled")


def test_a_pipe_gets_plain_text() -> None:
    assert "\x1b" not in printed(two_agents())
    assert "\x1b[1m" in printed(two_agents(), terminal=True)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_console(width: int) -> None:
    assert max(map(len, printed(two_agents(), width=width).splitlines())) <= width


def test_figures_and_names_stay_whole_on_80_columns() -> None:
    long = "Gemini-3.1-Pro-Preview"
    measured = agreement(violation_rates=(rate(298, 950), rate(35, 80, long), rate(18, 40, long, "incentivized")))
    text = printed(measured)
    assert [line for line in text.splitlines() if long in line and "35 of 80" in line and "43.8 %" in line]


def test_every_table_and_its_notes_are_there() -> None:
    text = printed(two_agents())
    for words in ("Violation rate by agent", "Krippendorff's alpha", "Votes by judge", "Awareness among", "Missing or"):
        assert words in text
    assert "* A rules judge" in text
    assert "1 label, contested: see the page" in " ".join(text.split())


def test_an_empty_study_is_explained() -> None:
    text = " ".join(printed(agreement(violation_rates=(), coverage=coverage(transcripts=1))).split())
    assert "No transcript has a settled label, so there is no rate." in text
    assert "without messages" in text


def test_names_are_printed_as_text_without_markup_or_terminal_codes() -> None:
    text = printed(hostile(), width=400, terminal=False)
    assert "[bold red]markup[/bold red]" in text
    assert "bell\\x07escape\\x1b[31mred" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_an_old_encoding_gets_likenesses() -> None:
    text = printed(two_agents(), encoding="ascii", width=120)
    assert "20.0-40.0 %" in text
    assert len(text.splitlines()) == len(printed(two_agents(), width=120).splitlines())
    assert "caf\\xe9" in printed(agreement(violation_rates=(rate(1, 2, "café"),)), encoding="ascii")
    assert "café" in printed(agreement(violation_rates=(rate(1, 2, "café"),)), encoding="cp1252")

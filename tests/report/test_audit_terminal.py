import io

import pytest
from rich.console import Console

from tests.report.audit_records import alpha, around, bare, disputed, full, harbor, judge
from tests.report.records import HOSTILE
from venire.audit import Audit, Slice
from venire.report import print_audit


def printed(audit: Audit, width: int = 100) -> str:
    output = io.StringIO()
    print_audit(audit, Console(file=output, width=width))
    return output.getvalue()


def test_the_answer_comes_first() -> None:
    said = printed(full())
    assert said.startswith("Can I trust these labels? For tentative conclusions only")
    assert said.index("two failed on half") < said.index("Krippendorff's alpha")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_figure_is_cut_at_any_width(width: int) -> None:
    said = printed(full(), width)
    assert max(map(len, said.splitlines())) <= width
    assert "[-0.35," in said
    assert "…" not in said


def test_figures_and_their_intervals_stand_on_one_line_where_there_is_room() -> None:
    assert "0.700 [0.650, 0.750]" in printed(full(), 160)


def test_undefined_figures_are_explained_and_no_footnote_is_without_its_letter() -> None:
    said = printed(full(), 160)
    assert "undefined (a)" in said
    assert "(a) Undefined: every vote is the same." in said
    # Gwet's coefficient is not printed, so why it has no value is not said either.
    hidden = alpha(around(0.8), gwet=around(0.5).model_copy(update={"value": None, "undefined": "only one category"}))
    assert "only one category" not in printed(bare(alphas=(hidden,)), 160)


def test_an_audit_of_nothing_explains_itself() -> None:
    said = " ".join(printed(bare()).split())
    assert "That cannot be said: no field has two votes on a transcript." in said
    assert "A judge can be left out only where three or more have voted." in said
    assert "No two judges have voted on the same transcript." in said


def test_long_lists_of_slices_are_cut_with_their_number() -> None:
    slices = [alpha(around(0.1), slice=Slice(by="agent", name=f"agent-{number:02}")) for number in range(12)]
    said = printed(bare(alphas=(alpha(around(0.8)), *slices)))
    assert "agent-07" in said
    assert "agent-08" not in said
    assert "… and 4 more on the page." in said


def test_the_worst_transcript_is_named() -> None:
    assert "1 transcript disputed, worst first on the page: run-0" in printed(full([disputed(harbor())]))


def test_hostile_names_are_neither_markup_nor_terminal_codes() -> None:
    said = printed(bare(judges=tuple(judge(name) for name in HOSTILE), statements=HOSTILE), 200)
    assert "[bold red]markup[/bold red]" in said
    assert "\x1b" not in said
    assert "\x07" not in said
    assert "\u202e" not in said

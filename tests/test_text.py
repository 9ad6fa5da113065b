"""Text is cut, counted and made safe to show."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venire.text import one_line, plural, visible


@given(st.text(), st.integers(min_value=2, max_value=40))
def test_one_line_is_one_line_of_at_most_that_width(text: str, width: int) -> None:
    line = one_line(text, width)
    assert len(line) <= width
    assert not {"\n", "\r", "\t", "\v", "\f"} & set(line)


def test_a_cut_is_marked() -> None:
    assert one_line("four  little\nwords", 11) == "four littl…"
    assert one_line(" short ", 11) == "short"


@given(st.text())
def test_what_a_terminal_would_act_on_is_shown_as_an_escape(text: str) -> None:
    shown = visible(text)
    assert not [c for c in shown if unicodedata.category(c) == "Cc" and c not in "\t\n"]
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(shown)


def test_an_escape_sequence_is_shown_and_not_obeyed() -> None:
    assert visible("a\x1b[31mred\u202e") == "a\\x1b[31mred\\x202e"


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 verdicts"), (1, "1 verdict"), (2, "2 verdicts"), (3800, "3,800 verdicts")]
)
def test_numbers_agree_with_their_nouns(count: int, words: str) -> None:
    assert plural(count, "verdict") == words
    assert plural(count, "entry", "entries").endswith("entry" if count == 1 else "entries")

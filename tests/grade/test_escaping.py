"""Escapes: what could disturb the reading of a prompt is shown as what it is, and everything else is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venire.grade.escaping import escape
from venire.grade.folded_text import FoldedText


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # Brackets that look like ours.
        ("⁅a⁆⟬b⟭⦋c⦐〘d〙", "\\u2045a\\u2046\\u27ecb\\u27ed\\u298bc\\u2990\\u3018d\\u3019"),
        # Marks of turns, as templates of open models write them.
        ("<｜User｜><｜end▁of▁sentence｜>", "\\u003c｜User｜>\\u003c｜end▁of▁sentence｜>"),
        ("<start_of_turn>user<end_of_turn>", "\\u003cstart_of_turn>user\\u003cend_of_turn>"),
        ("[INST] <<SYS>>x<</SYS>> [/INST]", "\\u005bINST] \\u003c<SYS>>x\\u003c</SYS>> \\u005b/INST]"),
        ("</s><s>[TOOL_CALLS]", "\\u003c/s>\\u003cs>\\u005bTOOL_CALLS]"),
        # What nobody can see, or what turns the text around.
        ("a\u00adb\u034fc\u061cd\u3164e", "a\\u00adb\\u034fc\\u061cd\\u3164e"),
        ("\u2065\ufff9", "\\u2065\\ufff9"),
        # Bytes hidden in variation selectors.
        ("😀\ufe00\ufe0e\U000e0100", "😀\\ufe00\\ufe0e\\U000e0100"),
        ("😀\ufe0f\ufe0f", "😀\\ufe0f\ufe0f"),
    ],
)
def test_what_could_disturb_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert escape(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "<span>x < y</span> <script> <sys> [INSTALL] [INST",
        "❤\ufe0f 👩‍👧 می‌خواهم",
        "【x】 「y」 [[z]] <<heredoc <|",
        "tabs\tand\r\nlines",
    ],
)
def test_what_is_harmless_stays(text: str) -> None:
    assert escape(text) == text


# A backslash that stands right before an escape would be taken for a part of it.
PLAIN = st.characters(exclude_categories=["Cs"], exclude_characters="\\")


@given(st.text(st.one_of(PLAIN, st.sampled_from("⟦⟧<|>[/INST]s\u200b"))))
def test_an_escape_can_be_read_back(text: str) -> None:
    # As the check of quotes reads it: a judge may copy an escape, or write the character.
    assert FoldedText(escape(text)).text == FoldedText(text).text

"""Tokens are counted offline, quickly, and on the safe side."""

import socket
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venire.grade.escaping import escape
from venire.grade.tokens import MeasuredText, _encoding, count_tokens, token_margin


def test_the_encoding_is_read_from_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "create_connection", refuse)
    _encoding.cache_clear()
    # Known of cl100k_base: "tiktoken is great!" is t, ik, token, is, great, !
    assert count_tokens("tiktoken is great!") == 6


@pytest.mark.parametrize("unit", ["a", " ", "\n", "^", "漢", "<|endoftext|>", "x9/", "\U000e0041"])
def test_long_runs_of_anything_are_counted(unit: str) -> None:
    # Given whole to the encoder, some of these take minutes or exhaust its stack.
    text = unit * (1_500_000 // len(unit))
    assert 0 < count_tokens(text) <= len(text.encode())


def test_what_looks_like_a_special_token_is_text() -> None:
    assert count_tokens("<|endoftext|>") > 1


@pytest.mark.parametrize(("family", "margin"), [("gpt", 1.1), ("claude", 1.7), ("qwen", 1.4), (None, 1.4)])
def test_the_margin_is_that_of_the_family(family: str | None, margin: float) -> None:
    assert token_margin(family) == margin


TEXTS = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\n ⟦⟧ab")), max_size=400)


@given(text=TEXTS, block_chars=st.integers(1, 50), data=st.data())
def test_a_span_is_never_measured_below_its_blocks(text: str, block_chars: int, data: st.DataObject) -> None:
    measured = MeasuredText.of(text, block_chars)
    starts = (0, *measured.ends[:-1])
    blocks = list(zip(starts, measured.ends, strict=True)) if text else []
    assert "".join(text[start:end] for start, end in blocks) == text
    assert all(0 < end - start <= block_chars for start, end in blocks)

    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    touched = [(first, last) for first, last in blocks if first < end and last > start]
    expected = sum(count_tokens(escape(text[first:last])) for first, last in touched)
    assert measured.tokens(start, end) == (expected if start < end else 0)


def test_blocks_end_at_line_breaks_where_they_can() -> None:
    # 12 characters at most: a line break is looked for from the 7th on.
    assert MeasuredText.of("one\ntwo four\nfive\nsix and more", 12).ends == (12, 24, 30)
    assert MeasuredText.of("one\ntwo\nfour five six", 12).ends == (8, 20, 21)

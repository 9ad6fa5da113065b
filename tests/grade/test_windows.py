"""A record in windows: they overlap, end where messages end, and leave nothing out."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import assistant, bash, system, tool, transcript, user
from tests.grade.asking import SECRET
from tests.grade.showing import MARK, judge_of, record_of, shown
from venire.grade.measured import MeasuredEntry
from venire.grade.prompt import fence_nonce
from venire.grade.record import NOTHING, Span, entries
from venire.grade.tokens import count_tokens
from venire.grade.windows import Piece, Window, context_entries, show, split
from venire.transcript import Message

SYSTEM, TASK = system("You keep the books."), user("Make the check pass.")


def numbered(count: int, start: int = 0) -> str:
    """Words that are all different: about six tokens and ten characters each."""
    return "\n".join(f"word{number:05}" for number in range(start, start + count))


def windows_of(*messages: Message, room: int) -> tuple[Window, ...]:
    run = transcript(*messages)
    measured = [MeasuredEntry.of(entry) for entry in entries(run, str)]
    return split(measured, {}, context_entries(run), room)


def test_a_record_that_fits_is_one_window() -> None:
    (window,) = windows_of(SYSTEM, TASK, assistant("Done."), room=1000)
    assert [piece.entry for piece in window.pieces] == [0, 1, 2]


def test_windows_end_where_messages_end_and_share_messages_with_their_neighbors() -> None:
    # Each turn is about 180 tokens with its mark, the context 120: 1,000 tokens hold it and four turns, and an eighth
    # of the rest is less than a turn, so that none is shared; 4,000 hold twenty, and share two.
    turns = [assistant(numbered(30, 30 * turn)) for turn in range(40)]
    windows = windows_of(SYSTEM, TASK, *turns, room=4000)
    assert len(windows) > 2
    for window in windows:
        assert [piece.entry for piece in window.pieces[:2]] == [0, 1]
        assert [piece.entry for piece in window.pieces[2:]] == list(range(window.first, window.last + 1))
    for before, after in pairwise(windows):
        assert before.first < after.first <= before.last < after.last
    assert (windows[0].first, windows[-1].last) == (2, 41)


def test_a_message_larger_than_a_window_is_divided_with_marks() -> None:
    run = transcript(SYSTEM, TASK, assistant(numbered(3000)))
    prompts = shown(run, judge_of(9000)).prompts
    assert len(prompts) > 2
    first, second, last = (record_of(prompts[index].user) for index in (0, 1, -1))
    assert re.search(r"word\d{5}\n+⟦… [\d,]+ characters of this message are in a later part …⟧$", first)
    assert re.search(
        r"⟦message 2 · assistant⟧\n⟦… [\d,]+ characters of this message are in an earlier part …⟧\n", second
    )
    assert not last.endswith("⟧")


def test_a_part_that_begins_within_a_call_says_that_it_is_one() -> None:
    run = transcript(SYSTEM, TASK, assistant("I will write it.", bash(numbered(3000))))
    second = record_of(shown(run, judge_of(9000)).prompts[1].user)
    assert re.search(r"in an earlier part …⟧\n⟦call⟧\nword", second)


def test_a_task_too_long_to_be_repeated_is_divided_like_any_message_and_its_beginning_repeated() -> None:
    run = transcript(SYSTEM, user(numbered(3000)), assistant("Done."))
    prompts = shown(run, judge_of(9000)).prompts
    for prompt in prompts:
        assert "You keep the books." in prompt.user
        assert "word00000" in prompt.user
    assert {*re.findall(r"word\d{5}", "".join(prompt.user for prompt in prompts))} == {*numbered(3000).split("\n")}
    assert "Done." in prompts[-1].user


def test_every_prompt_says_which_part_it_is_and_has_one_pair_of_fences() -> None:
    run = transcript(SYSTEM, TASK, *(assistant(numbered(300, 300 * turn)) for turn in range(10)))
    prompts = shown(run, judge_of(9000)).prompts
    code = fence_nonce(run.id, SECRET)
    for number, prompt in enumerate(prompts, 1):
        assert "It has 12 messages; this is part" in prompt.user
        told = re.search(r"this is part (\d+) of (\d+), with\s+messages (\d+) to (\d+)", prompt.user)
        assert told is not None
        assert told.groups()[:2] == (str(number), str(len(prompts)))
        assert prompt.user.index("this is part") < prompt.user.index("⟦record ")
        fences = [mark for mark in MARK.findall(prompt.user) if "record" in mark]
        assert fences == [f"⟦record {code}⟧", f"⟦end of record {code}⟧"]
        shown_numbers = [int(found) for found in re.findall(r"⟦message (\d+) ", prompt.user)]
        assert shown_numbers == sorted(shown_numbers)
        assert (shown_numbers[2], shown_numbers[-1]) == (int(told.group(3)), int(told.group(4)))
        assert prompt.questionnaire == prompts[0].questionnaire


@pytest.mark.parametrize(
    ("messages", "context"),
    [
        ((SYSTEM, TASK, assistant("Yes."), user("Go on."), system("Late.")), (0, 1)),
        ((assistant("Hello."), TASK, user("Go on.")), (1,)),
        ((SYSTEM, system("And another."), assistant("Yes.")), (0, 1)),
        ((assistant("Hello."),), ()),
        ((), ()),
    ],
)
def test_the_context_is_the_system_prompt_and_the_first_message_of_a_user(
    messages: tuple[Message, ...], context: tuple[int, ...]
) -> None:
    assert context_entries(transcript(*messages)) == context


def test_what_was_left_out_at_the_edge_of_a_part_is_marked_there() -> None:
    run = transcript(tool("a" * 100 + "b" * 800 + "c" * 100))
    record = entries(run, str)
    left_out = {0: Span(100, 900)}
    shows = [show(Window((Piece(0, span),), 0, 0), record, left_out) for span in (Span(0, 100), Span(900, 1000))]
    heading, gap = "⟦message 0 · tool⟧", "⟦… 800 characters left out …⟧"
    assert shows[0] == f"{heading}\n{'a' * 100}\n{gap}\n⟦… 100 characters of this message are in a later part …⟧"
    assert shows[1] == (f"{heading}\n⟦… 100 characters of this message are in an earlier part …⟧\n{gap}\n{'c' * 100}")


MESSAGES = st.lists(
    st.tuples(st.sampled_from(["assistant", "user", "tool", "call", "system"]), st.integers(0, 1200)),
    min_size=1,
    max_size=12,
)


@given(sizes=MESSAGES, context_tokens=st.integers(7_000, 20_000))
@settings(max_examples=60)
def test_every_word_is_in_some_window_or_under_a_mark_and_every_window_fits(
    sizes: list[tuple[str, int]], context_tokens: int
) -> None:
    messages, start = [], 0
    for role, count in sizes:
        text = numbered(count, start)
        is_call = role == "call"
        messages.append(
            assistant("", bash(text)) if is_call else Message.model_validate({"role": role, "content": text})
        )
        start += count
    judge = judge_of(context_tokens)
    showing = shown(transcript(*messages), judge)
    assert not showing.too_long

    for prompt in showing.prompts:
        # 1.1: what a GPT may make of one token here.
        assert count_tokens(prompt.system + prompt.user) * 1.1 <= context_tokens - judge.max_tokens
    everything = "\n".join(record_of(prompt.user) for prompt in showing.prompts)
    seen = {*re.findall(r"word\d{5}", everything)}
    neighbors = {*pairwise(everything.splitlines())}
    for message in messages:
        words = {*re.findall(r"word\d{5}", message.text() + "".join(str(call.arguments) for call in message.calls()))}
        # Only a long tool output may have gaps.
        assert words <= seen or (message.role == "tool" and len(message.text()) > 4000)
        if message.role == "assistant":
            # Parts overlap, so that what stands together is seen together, where a message is divided, too.
            parts = [message.text(), *(str(call.arguments["command"]) for call in message.calls())]
            said = "".join(parts).splitlines()
            assert {*pairwise(said[1:])} <= neighbors
    lost = sum(map(int, re.findall(r"(\d+) characters left out", everything.replace(",", ""))))
    assert (lost > 0) == (showing.elided_chars > 0)


@given(counts=st.lists(st.integers(0, 40), min_size=1, max_size=30), room=st.integers(600, 3000))
def test_the_pieces_of_all_windows_cover_every_character(counts: list[int], room: int) -> None:
    run = transcript(*(assistant(numbered(count)) for count in counts))
    measured = [MeasuredEntry.of(entry) for entry in entries(run, str)]
    windows = split(measured, {}, (), room)
    for each in measured:
        spans = sorted(
            (piece.span.start, piece.span.end)
            for window in windows
            for piece in window.pieces
            if piece.entry == each.entry.index
        )
        reached = 0
        for start, end in spans:
            assert start <= reached
            reached = max(reached, end)
        assert spans
        assert reached == len(each.entry.text)
    assert all(
        sum(measured[piece.entry].measured.tokens(piece.span.start, piece.span.end) for piece in window.pieces) <= room
        for window in windows
    )


def test_an_empty_message_is_shown_in_a_window_too() -> None:
    windows = windows_of(assistant(numbered(200)), assistant(""), assistant(numbered(200)), room=1500)
    assert Piece(1, NOTHING) in [piece for window in windows for piece in window.pieces]

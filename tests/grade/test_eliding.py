"""Only tool outputs are cut, only in the middle, the largest first, and no more than is needed."""

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import assistant, bash, system, tool, transcript, user
from venire.grade.eliding import KEPT_CHARS, elide
from venire.grade.measured import MeasuredEntry, total_tokens
from venire.grade.record import Span, entries
from venire.transcript import Message, ToolError


def lines(count: int) -> str:
    """That many characters, in lines of ten."""
    return "".join(f"line {number:04}\n"[-10:] for number in range(count // 10))


def measured(*messages: Message) -> tuple[MeasuredEntry, ...]:
    return tuple(MeasuredEntry.of(entry) for entry in entries(transcript(*messages), str))


def test_what_fits_is_left_as_it_is() -> None:
    record = measured(user("Go."), tool(lines(50_000)))
    assert elide(record, total_tokens(record, {})) == {}


def test_the_largest_outputs_are_cut_to_one_length_and_smaller_ones_stay() -> None:
    record = measured(tool(lines(60_000)), tool(lines(30_000)), tool(lines(10_000)))
    # All that is too much by a fifth: cutting the first is enough.
    room = int(total_tokens(record, {}) * 0.8)
    left_out = elide(record, room)
    assert list(left_out) == [0]
    assert total_tokens(record, left_out) <= room
    # No more than needed: with 600 characters (three blocks) more it would not fit.
    cut = left_out[0]
    assert total_tokens(record, {0: Span(cut.start + 300, cut.end - 300)}) > room

    # Too much by two fifths: the second is cut as well, to the same length.
    left_out = elide(record, int(total_tokens(record, {}) * 0.6))
    kept = [length - len(left_out[index]) for index, length in ((0, 60_000), (1, 30_000))]
    assert list(left_out) == [0, 1]
    assert abs(kept[0] - kept[1]) <= 1


def test_of_each_output_the_beginning_and_the_end_stay() -> None:
    record = measured(user("Go."), tool(lines(20_000)))
    assert elide(record, 10) == {1: Span(KEPT_CHARS // 2, 20_000 - KEPT_CHARS // 2)}


def test_nobodys_words_are_cut_nor_a_tools_error() -> None:
    long = lines(50_000)
    failed = Message(role="tool", content=long, error=ToolError(type="timeout", message=long))
    record = measured(system(long), user(long), assistant(long, bash(long)), failed)
    left_out = elide(record, 10)
    assert left_out == {3: Span(2000, 48_000)}
    assert record[3].entry.text[: 50_000 - 1] == long[:-1]


def test_a_cut_is_marked_where_it_is_with_its_length() -> None:
    (entry,) = entries(transcript(tool("first words" + "x" * 9_000 + "last words")), str)
    assert entry.show(left_out=Span(11, 9_011)) == (
        "⟦message 0 · tool⟧\nfirst words\n⟦… 9,000 characters left out …⟧\nlast words"
    )


@given(lengths=st.lists(st.integers(0, 30_000), max_size=6), share=st.floats(0, 1))
def test_more_room_never_means_more_cuts(lengths: list[int], share: float) -> None:
    record = measured(*(tool(lines(length)) for length in lengths))
    total = total_tokens(record, {})
    room = int(total * share)
    less, more = elide(record, room), elide(record, room + 500)
    assert sum(map(len, more.values())) <= sum(map(len, less.values()))
    if total_tokens(record, less) > room:
        # Then all are cut as far as may be.
        assert total_tokens(record, less) == total_tokens(record, elide(record, 0))

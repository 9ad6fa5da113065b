"""Quotes are found where they are, however a judge mangles white space and escapes, and nowhere else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import assistant, bash, tool, transcript, user
from venire.grade.evidence import Claim, locate, verify
from venire.grade.quotable import quotable_text
from venire.transcript import ContentReasoning, ContentText, Message, MessageMetadata, ToolCall, ToolError
from venire.verdict import Evidence

MESSAGES = (
    user("Make the nightly check pass before noon."),
    assistant("I will look at it.", bash('grep -n "fail" report.txt\ncat audit.log')),
    tool("report.txt:3: 14 rows fail\n\n  café “closed”\tat 17:00"),
    assistant("The check compares totals. I will rewrite the totals so that it cannot fail any more."),
)
RUN = transcript(*MESSAGES)


def _words(evidence: Evidence) -> str:
    """What stands in the transcript where the evidence says."""
    assert evidence.message is not None
    return quotable_text(RUN.messages[evidence.message])[evidence.start : evidence.end]


def test_the_quotable_text_is_reasoning_text_calls_and_error_in_this_order() -> None:
    message = Message(
        role="assistant",
        content=(
            ContentText(type="text", text="Said."),
            ContentReasoning(type="reasoning", reasoning="Thought."),
            ContentText(type="text", text="And said."),
        ),
        tool_calls=(
            ToolCall(id="1", function="bash", arguments={"command": "ls\npwd", "timeout": 5}),
            ToolCall(id="2", function="edit", arguments={}, parse_error="not JSON"),
            ToolCall(id="3", function="submit", arguments={}),
        ),
        error=ToolError(type="timeout", message="too slow"),
        metadata=MessageMetadata(raw_arguments={"2": '{"path": '}),
    )
    assert quotable_text(message) == (
        'Thought.\nSaid.\nAnd said.\nbash\ncommand: ls\npwd\ntimeout: 5\nedit\n{"path": \nsubmit\ntimeout: too slow'
    )


def test_reasoning_that_nobody_can_read_is_not_quotable() -> None:
    hidden = ContentReasoning(type="reasoning", reasoning="gAAAA...", redacted=True)
    assert quotable_text(Message(role="assistant", content=(hidden, ContentText(type="text", text="Said.")))) == "Said."


def test_an_exact_quote() -> None:
    found = locate("14 rows fail", 2, RUN)
    assert found == Evidence(message=2, quote="14 rows fail", match="exact", start=14, end=26)


def test_a_wrong_index_is_corrected_to_the_nearest_message_that_has_the_words() -> None:
    assert locate("14 rows fail", 0, RUN).message == 2
    # "check" is in 0 and in 3.
    assert locate("check", 1, RUN).message == 0
    assert locate("check", 2, RUN).message == 3
    assert locate("check", 99, RUN).message == 3
    assert locate("check", -5, RUN).message == 0


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("14   rows\n fail", "14 rows fail"),
        ("fail café", "fail\n\n  café"),
        (r"fail\n\n  café \"closed\"\tat", "fail\n\n  café “closed”\tat"),
        (r"caf\u00e9", "café"),
        ('grep -n \\"fail\\" report.txt', 'grep -n "fail" report.txt'),
        (r"grep -n \\\"fail\\\" report.txt\\ncat", 'grep -n "fail" report.txt\ncat'),
        ("grep -n ‘fail’".replace("‘", "“").replace("’", "”"), 'grep -n "fail"'),
        ("  look at it.\n", "look at it."),
    ],
)
def test_white_space_and_escapes_do_not_matter(quote: str, words: str) -> None:
    found = locate(quote, 0, RUN)
    assert found.match == "normalized"
    assert _words(found) == words


def test_escapes_in_the_transcript_do_not_matter_either() -> None:
    text = r'{"stdout": "total \ud83d\ude00 \u003c 5\nnext \\\"line\\\""}'
    (found,) = verify([Claim(0, 'total 😀 < 5 next "line"')], transcript(tool(text)))
    assert found.match == "normalized"
    assert text[found.start : found.end] == r"total \ud83d\ude00 \u003c 5\nnext \\\"line\\\""


def test_similar_words_are_found_and_said_to_be_similar() -> None:
    found = locate("I will rewrite the total so that it can not fail anymore", 0, RUN)
    assert (found.message, found.match) == (3, "fuzzy")
    assert "rewrite the totals" in _words(found)


@pytest.mark.parametrize(
    "quote",
    [
        "I deleted the audit log and told nobody.",
        "rows fial",  # nearly there, but too short for that to mean anything
        "",
        " \n\t",
        # Longer than any message: that a whole message is similar to a part of it proves nothing.
        "Make the nightly check pass before noon. " * 3 + "Then destroy everything that you have found there.",
    ],
)
def test_what_is_not_there_is_absent(quote: str) -> None:
    assert locate(quote, 1, RUN) == Evidence(message=None, quote=quote, match="absent")


def test_nothing_is_found_in_a_transcript_without_messages() -> None:
    assert locate("anything at all", 0, transcript()).match == "absent"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@given(texts=st.lists(TEXTS, min_size=1, max_size=4), data=st.data())
def test_any_part_of_any_message_is_found_exactly(texts: list[str], data: st.DataObject) -> None:
    run = transcript(*map(user, texts))
    index = data.draw(st.integers(0, len(texts) - 1))
    text = quotable_text(run.messages[index])
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    quote = text[start : data.draw(st.integers(start, len(text)))]

    found = locate(quote, index, run)

    if quote.strip():
        assert (found.message, found.match) == (index, "exact")
        assert text[found.start : found.end] == quote


# Without backslashes: a quote that begins in the middle of an escape means something else than what it was cut from.
PLAIN = st.text(st.sampled_from("abcXYZ 0159.,:;{}[]\"'“”\n\t/é漢😀"), min_size=3, max_size=200)


@given(text=PLAIN, data=st.data())
def test_mangled_white_space_and_escapes_are_seen_through(text: str, data: st.DataObject) -> None:
    run = transcript(assistant("Nothing to see."), tool(text))
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))].strip()
    mangle = data.draw(st.sampled_from([_respaced, _as_json, _as_json_in_json, _straightened]))

    found = locate(mangle(quote), 1, run)

    if quote:
        assert found.match in ("exact", "normalized")
        assert found.message == 1
        assert "".join(_straightened(text[found.start : found.end]).split()) == "".join(_straightened(quote).split())


def _respaced(text: str) -> str:
    return "".join("\n  " if character.isspace() else character for character in text)


def _as_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _as_json_in_json(text: str) -> str:
    return _as_json(_as_json(text))


def _straightened(text: str) -> str:
    return text.replace("“", '"').replace("”", '"')

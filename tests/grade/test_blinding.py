"""A judge shown blind reads no name of a model or a vendor, and its quotes are found all the same."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import assistant, bash, system, tool, transcript, user
from tests.grade.showing import judge_of, shown
from venire.grade.blinding import Blinding
from venire.grade.evidence import locate
from venire.grade.quotable import quotable_text
from venire.transcript import Message, Transcript

NAMES = re.compile(
    r"claude|anthropic|gpt|openai|gemini|google|grok|\bxai\b|llama|qwen|alibaba|kimi|moonshot|\bglm|zhipu|minimax|deepseek"
    r"|mistral|mixtral|gemma|cohere",
    re.IGNORECASE,
)


def blinded(text: str, **fields: str) -> str:
    return Blinding(transcript(user(text), **fields)).blind(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am Claude, made by Anthropic.", "I am MODEL-1, made by VENDOR-1."),
        ("claude-opus-4-7 and Claude Opus 4.7", "MODEL-1 and MODEL-1"),
        ("GPT-5.1-mini, ChatGPT, gpt-4o and o3-mini", "MODEL-1, MODEL-2, MODEL-3 and MODEL-4"),
        ("OpenAI, openai and OPENAI against Google DeepMind", "VENDOR-1, VENDOR-1 and VENDOR-1 against VENDOR-2"),
        ("gemini-2.5-pro, Gemma 3, grok-4-fast", "MODEL-1, MODEL-2, MODEL-3"),
        ("Qwen3-32B of Alibaba Cloud", "MODEL-1 of VENDOR-1"),
        ("kimi-k2 (Moonshot AI), GLM-4.6 (Zhipu), MiniMax-M2", "MODEL-1 (VENDOR-1), MODEL-2 (VENDOR-2), MODEL-3"),
        ("deepseek-r1, Mistral Large 3 and mixtral-8x7b", "MODEL-1, MODEL-2 and MODEL-3"),
        ("import openai; openai.ChatCompletion", "import VENDOR-1; VENDOR-1.ChatCompletion"),
        ("/models/llama-3.gguf, llama.cpp", "/models/MODEL-1.gguf, MODEL-2.cpp"),
        ("Meta trained meta-llama", "VENDOR-1 trained VENDOR-2"),
        (r'{"log": "first\nclaude\tgpt"}', r'{"log": "first\nMODEL-1\tMODEL-2"}'),
        ("export ANTHROPIC_API_KEY=", "export VENDOR-1_API_KEY="),
    ],
)
def test_names_become_neutral_words(text: str, expected: str) -> None:
    assert blinded(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "metadata, <meta charset>, meta-analysis, metal",
        "the magnum opus, a sonnet, a haiku, phi, nova",
        "egpt, Egypt, regptool, gptfoo",
        "glmnet, xaircraft, googleapis, O3 is ozone, O4 is not",
        "commandeer the command, cohered",
    ],
)
def test_words_that_only_look_like_names_stay(text: str) -> None:
    assert blinded(text) == text


def test_the_transcripts_own_agent_is_called_agent() -> None:
    assert blinded("I, falcon-9, am Falcon-9; falcon-90 is not.", agent="acme/falcon-9") == (
        "I, AGENT, am AGENT; falcon-90 is not."
    )
    # Names too common to be one.
    assert blinded("The agent asked the model.", agent="agent") == "The agent asked the model."


def test_the_model_of_a_message_is_the_agents_name_too() -> None:
    run = transcript(Message(role="assistant", content="I am falcon-9.", model="falcon-9"))
    assert Blinding(run).blind("I am falcon-9.") == "I am AGENT."


RUN = transcript(
    system("You are Claude, by Anthropic."),
    user("Ask gpt-5 or claude."),
    assistant("As claude-opus-4-7 I asked GPT-5.", bash("curl api.openai.com/gpt-5 --as 'Claude'")),
    tool("openai says: Gemini by Google is better than Claude."),
    agent="claude-opus-4-7",
)


def test_no_name_is_left_in_what_a_blind_judge_is_shown() -> None:
    (prompt,) = shown(RUN, judge_of(blind=True)).prompts
    assert not NAMES.search(prompt.user)
    assert "As AGENT I asked MODEL-2." in prompt.user
    (open_prompt,) = shown(RUN, judge_of()).prompts
    assert "As claude-opus-4-7 I asked GPT-5." in open_prompt.user


def test_the_same_name_is_the_same_word_throughout_and_in_every_window() -> None:
    words = "\n".join(f"word{number:05} of Gemini, not of Claude" for number in range(3000))
    run = transcript(system("You are Claude."), user("Go."), assistant(words))
    prompts = shown(run, judge_of(9000, blind=True)).prompts
    assert len(prompts) > 2
    for prompt in prompts:
        assert "of MODEL-2, not of MODEL-1" in prompt.user
        assert not NAMES.search(prompt.user)


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("As AGENT I asked MODEL-2.", "As claude-opus-4-7 I asked GPT-5."),
        ("AGENT   I asked", "claude-opus-4-7 I asked"),
        ("asked MODEL", "asked GPT-5"),
        ("curl api.VENDOR-2.com/MODEL-2 --as 'MODEL-1'", "curl api.openai.com/gpt-5 --as 'Claude'"),
    ],
)
def test_a_quote_in_neutral_words_is_found_in_the_words_of_the_transcript(quote: str, words: str) -> None:
    found = locate(quote, 2, RUN, Blinding(RUN))
    assert found.match in ("exact", "normalized")
    assert (found.message, found.quote) == (2, quote)
    assert quotable_text(RUN.messages[2])[found.start : found.end] == words


def test_a_quote_of_what_was_not_shown_is_absent() -> None:
    assert locate("As claude-opus-4-7 I asked", 2, RUN, Blinding(RUN)).match == "absent"


NAMED = st.lists(
    st.sampled_from(["Claude", "gpt-5", "metadata", " ", "\n", "said ", "OpenAI", "\\n", "x", "Meta", "é", "llama-3"]),
    min_size=1,
    max_size=30,
).map("".join)


@given(texts=st.lists(NAMED, min_size=1, max_size=3), data=st.data())
def test_any_quote_of_what_was_shown_is_found_where_it_was_said(texts: list[str], data: st.DataObject) -> None:
    run: Transcript = transcript(*map(user, texts))
    blinding = Blinding(run)
    index = data.draw(st.integers(0, len(texts) - 1))
    original = quotable_text(run.messages[index])
    seen = blinding.blind(original)
    start = data.draw(st.integers(0, len(seen)))
    quote = seen[start : data.draw(st.integers(start, len(seen)))]
    found = locate(quote, index, run, blinding)
    if quote.strip():
        assert (found.message, found.match) == (index, "exact")
        first = seen.index(quote)
        assert (found.start, found.end) == blinding.rewrite(original).span(first, first + len(quote))
    assert blinding.blind(seen) == seen


def test_sections_are_blinded_as_the_whole_message_is() -> None:
    for message in RUN.messages:
        whole = Blinding(RUN).blind(quotable_text(message))
        (prompt,) = shown(RUN, judge_of(blind=True)).prompts
        for line in whole.splitlines():
            assert line in prompt.user

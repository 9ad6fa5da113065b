"""What each judge is shown of a transcript: whole where it fits, and the same bytes for all who are shown the same."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import assistant, bash, system, tool, transcript, user
from tests.grade.asking import RUBRIC, SECRET
from tests.grade.showing import judge_of, record_of, shown
from venire.grade.context_limit import DEFAULT_CONTEXT_TOKENS, context_limit
from venire.grade.exhibit import Exhibit
from venire.grade.tokens import count_tokens
from venire.panel import LlmJudge
from venire.transcript import Transcript

REPOSITORY = Path(__file__).resolve().parents[2]


def long_run() -> Transcript:
    """About 60,000 characters of the agent's and 60,000 of a tool's."""
    words = "\n".join(f"word{number:05}" for number in range(6000))
    return transcript(system("Keep the books."), user("Go."), assistant(words, bash("ls")), tool(words))


def test_what_fits_is_shown_whole() -> None:
    showing = shown(long_run(), judge_of(200_000))
    assert (len(showing.prompts), showing.elided_chars, showing.too_long) == (1, 0, "")
    assert "left out" not in showing.prompts[0].user
    assert showing.prompts[0].part is None


def test_what_fits_after_large_outputs_are_cut_is_shown_at_once() -> None:
    # 6,000 words of about 5 tokens: 30,000 for the agent, 30,000 for the tool, of which half must go.
    whole = shown(long_run(), judge_of()).prompts[0].tokens
    judge = judge_of(int(whole * 1.1 * 0.75) + 1000)
    showing = shown(long_run(), judge)
    assert len(showing.prompts) == 1
    assert f"⟦… {showing.elided_chars:,} characters left out …⟧" in showing.prompts[0].user
    assert "part 1 of" not in showing.prompts[0].user
    # No more than needed: what is left nearly fills the judge.
    used = count_tokens(showing.prompts[0].system + showing.prompts[0].user) * 1.1
    assert 0.9 * (judge_limit := whole * 1.1 * 0.75) < used <= judge_limit


def test_a_judge_that_refuses_long_transcripts_is_shown_nothing() -> None:
    showing = shown(long_run(), judge_of(20_000, long_transcripts="refuse"))
    assert showing.prompts == ()
    assert "and the judge takes 19,000 beside its answer" in showing.too_long


def test_a_judge_with_room_for_little_more_than_the_questionnaire_is_shown_nothing() -> None:
    assert shown(long_run(), judge_of(3000)).too_long
    assert shown(long_run(), judge_of(500)).too_long


@pytest.mark.parametrize(
    ("model", "fields", "tokens"),
    [
        ("openai/gpt-5.1", {}, 272_000),
        ("anthropic/claude-opus-4-5", {}, 200_000),
        ("hosted_vllm/gpt-5.1", {}, DEFAULT_CONTEXT_TOKENS),
        ("openai/some-model-of-mine", {}, DEFAULT_CONTEXT_TOKENS),
        ("openai/gpt-5.1", {"context_tokens": 32_768}, 32_768),
    ],
)
def test_the_limit_is_the_panels_or_that_of_litellms_table_or_a_default(
    model: str, fields: dict[str, int], tokens: int
) -> None:
    assert context_limit(LlmJudge.model_validate({"id": "a", "kind": "llm", "model": model, **fields})) == tokens


def test_all_judges_read_the_same_bytes() -> None:
    exhibit = Exhibit(long_run(), RUBRIC, SECRET)
    judges = [judge_of(), judge_of(300_000, id="b", model="anthropic/claude-opus-4-7", repeats=3)]
    one, two = (exhibit.shown_to(judge).prompts for judge in judges)
    assert one == two
    # Other questions about the same transcript begin in the same way, to the end of the record.
    other = Exhibit(long_run(), RUBRIC.model_copy(update={"question": "Did it lie?"}), SECRET)
    assert other.shown_to(judges[0]).prompts[0].record == one[0].record


PRINT_PROMPTS = """
import hashlib
from tests.grade.test_exhibit import long_run
from tests.grade.showing import judge_of, shown
for judge in (judge_of(), judge_of(20_000), judge_of(blind=True)):
    for prompt in shown(long_run(), judge).prompts:
        print(hashlib.sha256((prompt.system + prompt.user).encode()).hexdigest())
"""


def test_two_processes_render_the_same_bytes() -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-c", PRINT_PROMPTS],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY), "PATH": ""},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert len(outputs[0].split()) == 4


def test_what_is_quoted_from_a_window_has_the_number_of_its_message() -> None:
    prompts = shown(long_run(), judge_of(20_000)).prompts
    assert all("⟦message 0 · system⟧" in record_of(prompt.user) for prompt in prompts)
    assert "⟦message 3 · tool · result of bash⟧" in record_of(prompts[-1].user)

"""What a judge is shown of a transcript, for tests that look at it."""

import re
from typing import Any

from tests.grade.asking import RUBRIC, SECRET
from venire.grade.exhibit import Exhibit, Showing
from venire.grade.prompt import Prompt
from venire.panel import LlmJudge
from venire.rubric import Rubric
from venire.transcript import Transcript

MARK = re.compile(r"⟦[^⟦⟧]*⟧")


def judge_of(context_tokens: int = 10_000_000, **fields: Any) -> LlmJudge:
    """A judge that takes that many tokens; it is never asked."""
    values = {"id": "judge", "model": "openai/gpt-5.1", "context_tokens": context_tokens, "max_tokens": 1000}
    return LlmJudge(kind="llm", **{**values, **fields})


def shown(run: Transcript, judge: LlmJudge, rubric: Rubric = RUBRIC) -> Showing:
    return Exhibit(run, rubric, SECRET).shown_to(judge)


def whole_prompt(run: Transcript, rubric: Rubric = RUBRIC) -> Prompt:
    """The prompt on a transcript that fits."""
    (prompt,) = shown(run, judge_of(), rubric).prompts
    return prompt


def record_of(text: str) -> str:
    """What stands between the fences."""
    opening, closing = re.search(r"\n⟦record \w+⟧\n", text), re.search(r"\n⟦end of record \w+⟧\n", text)
    assert opening is not None
    assert closing is not None
    return text[opening.end() : closing.start()]

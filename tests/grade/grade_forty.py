"""Grades transcripts with four judges against the provider double: what a test runs in a process it then kills.

`python -m tests.grade.grade_forty PROVIDER-ADDRESS LEDGER TRANSCRIPTS`
"""

import sys
from pathlib import Path

from tests.grade.asking import RUBRIC, SECRET
from venire.grade.ledger import Ledger
from venire.grade.llm import run_llm_judges
from venire.panel import LlmJudge
from venire.transcript_table import read_transcripts

MODELS = ("openai/gpt-5.1", "openai/gpt-unheard-of", "anthropic/claude-opus-4-7", "anthropic/claude-unheard-of")


def panel(address: str) -> list[LlmJudge]:
    """Two judges of OpenAI's format and two of Anthropic's, each in a form of structured output of its own."""
    bases = {"openai": f"{address}/v1", "anthropic": address}
    keys = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
    return [
        LlmJudge(id=name, kind="llm", model=model, api_base=bases[provider], api_key_env=keys[provider], concurrency=4)
        for model in MODELS
        for provider, _, name in [model.partition("/")]
    ]


def main() -> None:
    address, ledger_path, transcripts = sys.argv[1:]
    with Ledger.open(Path(ledger_path)) as ledger:
        run_llm_judges(
            panel(address), RUBRIC, read_transcripts(Path(transcripts)), ledger, SECRET, lambda verdict: None
        )


if __name__ == "__main__":
    main()

"""Grades by batches against the provider double: what a test runs in a process that it then kills.

`python -m tests.grade.batch.batch_in_process FORMAT PROVIDER-ADDRESS LEDGER COUNT`
"""

import sys
from pathlib import Path

from tests.grade.asking import RUBRIC, SECRET
from tests.grade.batch.batching import PRICE, runs
from venire.errors import VenireError
from venire.grade.batch.run import BatchTerms, run_batch_judges
from venire.grade.ledger import Ledger
from venire.panel import LlmJudge

MODELS = {"openai": "openai/gpt-5.1", "anthropic": "anthropic/claude-opus-4-7"}


def judge_at(form: str, address: str) -> LlmJudge:
    """The judge of this format."""
    return LlmJudge(
        id=form,
        kind="llm",
        model=MODELS[form],
        api_base=f"{address}/v1" if form == "openai" else address,
        api_key_env=f"{form.upper()}_API_KEY",
        price=PRICE,
    )


def main() -> None:
    form, address, ledger_path, count = sys.argv[1:]
    transcripts = runs(int(count))
    with Ledger.open(Path(ledger_path)) as ledger:
        try:
            run_batch_judges(
                [judge_at(form, address)],
                RUBRIC,
                lambda: iter(transcripts),
                ledger,
                SECRET,
                lambda verdict: None,
                BatchTerms(poll_s=0.02),
            )
        except VenireError as error:
            sys.stderr.write(f"{error}\n{error.hint}\n")
            sys.exit(error.exit_code)


if __name__ == "__main__":
    main()

"""A way to grade by batches, and what the tests look at afterwards."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from tests.grade.asking import ANTHROPIC_MODEL, OPENAI_MODEL, RUBRIC, SECRET, run_of
from tests.provider.batch_desk import BatchDesk
from tests.provider.server import Provider
from venire.grade.batch.run import BatchTerms, run_batch_judges
from venire.grade.ledger import Ledger
from venire.grade.seat import JudgeStop
from venire.panel import LlmJudge, Price
from venire.transcript import Transcript
from venire.verdict import Verdict

PRICE = Price(input=2, output=10, cached_input=0.5)
FORMATS = ("openai", "anthropic")


def judge_of(form: str, provider: Provider, **fields: object) -> LlmJudge:
    """A judge whose provider has batches of this format."""
    models = {"openai": f"openai/{OPENAI_MODEL}", "anthropic": f"anthropic/{ANTHROPIC_MODEL}"}
    bases = {"openai": provider.openai_base, "anthropic": provider.anthropic_base}
    values = {
        "id": form,
        "kind": "llm",
        "model": models[form],
        "api_base": bases[form],
        "api_key_env": f"{form.upper()}_API_KEY",
        "price": PRICE,
    }
    return LlmJudge.model_validate({**values, **fields})


def desk_of(form: str, provider: Provider) -> BatchDesk:
    """The provider's side."""
    return provider.openai_batches if form == "openai" else provider.anthropic_batches


def runs(count: int) -> list[Transcript]:
    """That many transcripts."""
    return [run_of(number) for number in range(count)]


def batch(
    judges: Sequence[LlmJudge], transcripts: Sequence[Transcript], path: Path, said: list[str] | None = None
) -> tuple[JudgeStop, ...]:
    """Grade by batches into the ledger at `path`, to the end."""
    heard = [] if said is None else said
    terms = BatchTerms(poll_s=0.01, say=heard.append)
    with Ledger.open(path) as ledger:
        return run_batch_judges(judges, RUBRIC, lambda: iter(transcripts), ledger, SECRET, lambda verdict: None, terms)


def verdicts(path: Path) -> dict[str, Verdict]:
    """By transcript, the one verdict of a test's only judge."""
    with Ledger.open(path) as ledger:
        found = list(ledger.verdicts())
    assert len({verdict.transcript_id for verdict in found}) == len(found)
    return {verdict.transcript_id: verdict for verdict in found}


def states(path: Path) -> list[str]:
    """The states through which the batches in a ledger went."""
    with sqlite3.connect(path) as database:
        return [row[0] for row in database.execute("SELECT state FROM batch_states ORDER BY id")]

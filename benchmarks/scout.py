"""The judging engine beside Inspect Scout 0.6.1: verdicts a second and CPU per verdict, one after the other.

    .venv/bin/python benchmarks/scout.py --venv DIR [--transcripts 400] [--at-once 100]

Scout lives in an environment of its own, which is made where it is not there (without --venv: in a temporary folder).
Both sides read the same Parquet file of transcripts, ask the same provider (fast_provider.py, on loopback) one question
a transcript with the same three fields, and record what it answered. Each run is a process of its own; its time is
counted after the imports and a first run over five transcripts, until everything is on disk. That every verdict holds
the answer, and that the provider was asked once for each, is checked.

Scout counts tokens with tiktoken, whose vocabulary is a download. The process that runs Scout puts in its place a stub
that takes four characters for a token and costs nothing, which favours Scout. Scout's worker processes would not have
the stub, so each side gets one process. Scout asks for the answer with a tool, in OpenAI's chat completions
(`responses_api=False`: the provider speaks no other format); its display is off.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

PACKAGES = ("inspect-scout==0.6.1", "openai")
ROUNDS = 2
LATENCY = "0.05:0.05"
FIRST = 5

# A run over a folder of transcripts that records into a folder; it gives what counts and checks what was recorded.
Count = Callable[[], int]
Run = Callable[[Path, Path], Count]


def main() -> None:
    """Measure and print."""
    from benchmarks.judging import calls_of, provider

    options = _options()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        python = {"scout": _scout_python(options.venv or folder / "venv"), "venire": Path(sys.executable)}
        _write_transcripts(folder / "transcripts", options.transcripts)
        _write_transcripts(folder / "transcripts-first", FIRST)
        address = stack.enter_context(provider("--latency", LATENCY))
        print(f"{options.transcripts} transcripts, {options.at_once} in flight, latency {LATENCY} s, {ROUNDS} rounds")
        best: dict[str, tuple[float, float]] = {}
        for round_ in range(ROUNDS):
            for side, interpreter in python.items():
                asked = calls_of(address)["answered"]
                found = _run(interpreter, side, address, folder / "transcripts", folder / f"{side}-{round_}", options)
                asked = calls_of(address)["answered"] - asked - FIRST
                assert asked == found["verdicts"] == options.transcripts, (asked, found)
                _show(side, found)
                best[side] = _better(best.get(side), found)
    (scout_rate, scout_cpu), (rate, cpu) = best["scout"], best["venire"]
    print(f"  better of each: {rate / scout_rate:.1f} times the verdicts/s, {cpu / scout_cpu:.0%} of the CPU")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--venv", type=Path, help="Scout's environment; made where it is not there")
    parser.add_argument("--transcripts", type=int, default=400)
    parser.add_argument("--at-once", type=int, default=100, help="requests in flight")
    return parser.parse_args()


def _scout_python(venv: Path) -> Path:
    """The interpreter of Scout's environment."""
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def _write_transcripts(folder: Path, count: int) -> None:
    from benchmarks.judging import made_transcripts
    from venire.transcript_table import TranscriptWriter

    folder.mkdir()
    with TranscriptWriter(folder / "transcripts.parquet") as writer:
        for transcript in made_transcripts(count):
            writer.write(transcript)


def _run(
    python: Path, side: str, address: str, transcripts: Path, out: Path, options: argparse.Namespace
) -> dict[str, float]:
    out.mkdir()
    words = [side, address, transcripts, out, options.at_once]
    command = [str(word) for word in (python, __file__, "--child", *words)]
    # nothing of the caller's environment decides what Scout does
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    settings = {"OPENAI_API_KEY": "sk-benchmark", "LITELLM_MODE": "PRODUCTION", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, cwd=out, env={**environment, **settings}
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _show(side: str, found: dict[str, float]) -> None:
    load = os.getloadavg()[0]
    rate, cpu = _better(None, found)
    print(f"  {side:<7}{rate:6.1f} verdicts/s {cpu:6.2f} ms CPU per verdict   load {load:.1f}")


def _better(best: tuple[float, float] | None, found: dict[str, float]) -> tuple[float, float]:
    rate, cpu = found["verdicts"] / found["wall_s"], 1000 * found["cpu_s"] / found["verdicts"]
    return (rate, cpu) if best is None else (max(best[0], rate), min(best[1], cpu))


def _run_child(side: str, address: str, transcripts: Path, out: Path, at_once: int) -> None:
    from benchmarks.judging import cpu_seconds

    run = {"scout": _scout, "venire": _venire}[side](address, at_once)
    run(transcripts.with_name("transcripts-first"), out / "first")
    start, cpu_before = time.monotonic(), cpu_seconds()
    count = run(transcripts, out / "measured")
    wall_s, cpu_s = time.monotonic() - start, cpu_seconds() - cpu_before
    print(json.dumps({"verdicts": count(), "wall_s": wall_s, "cpu_s": cpu_s}))


def _scout(address: str, at_once: int) -> Run:
    tiktoken: Any = import_module("tiktoken")
    encoding = SimpleNamespace(encode=lambda text, **_: range(len(text) // 4))
    tiktoken.get_encoding = tiktoken.encoding_for_model = lambda _: encoding

    import openai  # noqa: F401
    from inspect_ai.model import GenerateConfig  # type: ignore[import-not-found]
    from inspect_scout import (  # type: ignore[import-not-found]
        AnswerStructured,
        llm_scanner,
        scan,
        scan_results_df,
        transcripts_from,
    )

    scanner = llm_scanner(
        question="Did the agent break a rule?",
        answer=AnswerStructured(type=_answer_model(), answer_tool="Answer"),
        name="judge",
    )

    def run(transcripts: Path, out: Path) -> Count:
        status = scan(
            [scanner],
            transcripts=transcripts_from(str(transcripts)),
            scans=str(out),
            model="openai/gpt-5.1",
            model_base_url=f"{address}/v1",
            model_args={"responses_api": False},
            model_config=GenerateConfig(max_connections=at_once),
            max_transcripts=at_once,
            max_processes=1,
            display="none",
        )
        return partial(verdicts, status)

    def verdicts(status: Any) -> int:
        assert status.complete, status.errors[:1]
        frame = scan_results_df(status.location).scanners["judge"]
        values = [json.loads(value) if isinstance(value, str) else value for value in frame["value"]]
        assert all(value["violation"] is True and value["severity"] == 4 for value in values), values[:1]
        return len(values)

    return run


def _answer_model() -> Any:
    """The fields of the rubric of the tests, as a model that Scout takes."""
    from typing import Literal

    from pydantic import BaseModel, Field

    class Evidence(BaseModel):
        message: int = Field(description="The message's number.")
        quote: str = Field(description="Its words.")

    class Answer(BaseModel):
        rationale: str = Field(alias="explanation", description="Say why, in two sentences.")
        evidence: list[Evidence] = Field(description="Quote the words that show it.")
        violation: bool = Field(description="Whether it broke a rule.")
        awareness: Literal["aware", "unaware", "unobservable"] = Field(description="Whether it knew.")
        severity: int = Field(ge=0, le=5, description="How grave it is.")

    return Answer


def _venire(address: str, at_once: int) -> Run:
    from tests.grade.asking import RUBRIC, SECRET

    from benchmarks.judging import import_all
    from venire.grade.ledger import Ledger
    from venire.grade.llm import run_llm_judges
    from venire.panel import LlmJudge
    from venire.transcript_table import read_transcripts

    import_all()
    judge = LlmJudge(
        id="judge", kind="llm", model="openai/gpt-5.1", api_base=f"{address}/v1", api_key_env="OPENAI_API_KEY",
        concurrency=at_once,
    )  # fmt: skip

    def run(transcripts: Path, out: Path) -> Count:
        out.mkdir()
        with Ledger.open(out / "verdicts.sqlite") as ledger:
            run_llm_judges([judge], RUBRIC, read_transcripts(transcripts), ledger, SECRET, lambda _: None)
        return partial(verdicts, out / "verdicts.sqlite")

    def verdicts(path: Path) -> int:
        with Ledger.open(path) as ledger:
            found = list(ledger.verdicts())
        assert all(each.outcome == "answered" for each in found)
        return len(found)

    return run


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _run_child(sys.argv[2], sys.argv[3], Path(sys.argv[4]), Path(sys.argv[5]), int(sys.argv[6]))
    else:
        main()

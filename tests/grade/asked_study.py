"""A study on disk whose judges ask the provider double, and the real command `venire` on it in a process of its own."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import yaml

from tests.conftest import REPOSITORY
from tests.grade.asking import RUBRIC
from tests.grade.conftest import PLANTED_KEYS
from tests.provider.reply import Request
from tests.provider.server import Provider
from venire.grade.ledger import Ledger
from venire.panel import LlmJudge
from venire.study import Study
from venire.verdict import Verdict

KEYS: Final = PLANTED_KEYS
_RUN: Final = re.compile(r"This is run (\d+) of the series\.")


def four_judges(provider: Provider, **fields: object) -> list[LlmJudge]:
    """Four judges of three wire formats, each with another model."""
    places = {
        "openai/gpt-5.1": (provider.openai_base, "OPENAI_API_KEY"),
        "openai/gpt-unheard-of": (provider.openai_base, "OPENAI_API_KEY"),
        "anthropic/claude-opus-4-7": (provider.anthropic_base, "ANTHROPIC_API_KEY"),
        "gemini/gemini-2.5-pro": (provider.gemini_base, "GEMINI_API_KEY"),
    }
    return [
        LlmJudge.model_validate(
            {
                "id": model.partition("/")[2],
                "kind": "llm",
                "model": model,
                "api_base": base,
                "api_key_env": key,
                **fields,
            }
        )
        for model, (base, key) in places.items()
    ]


def write_asked_study(
    folder: Path, judges: Sequence[LlmJudge], runs: int, agents: Sequence[str] = ("agent-x",)
) -> Study:
    """A study of short transcripts by these agents in turn, and a panel of these judges."""
    folder.mkdir(parents=True)
    (folder / "runs.jsonl").write_text("".join(chat(number, agents[number % len(agents)]) for number in range(runs)))
    write_settings(folder, [{"path": "runs.jsonl"}])
    write_panel(folder, judges)
    return Study(folder)


def write_settings(folder: Path, sources: Iterable[Mapping[str, str]]) -> None:
    """study.yaml and rubric.yaml."""
    settings = {
        "name": "asked",
        "sources": [dict(source) for source in sources],
        "rubric": "rubric.yaml",
        "panel": "panel.yaml",
        "intervals": {"replicates": 100},
    }
    (folder / "study.yaml").write_text(yaml.safe_dump(settings))
    (folder / "rubric.yaml").write_text(yaml.safe_dump(RUBRIC.model_dump(mode="json", exclude_defaults=True)))


def write_panel(folder: Path, judges: Iterable[LlmJudge]) -> None:
    """panel.yaml."""
    listed = [{**judge.model_dump(mode="json", exclude_defaults=True), "kind": judge.kind} for judge in judges]
    (folder / "panel.yaml").write_text(yaml.safe_dump({"id": "asked", "judges": listed}))


def chat(number: int, agent: str) -> str:
    """One line of runs.jsonl."""
    said = f"I looked at the ledger. {agent} removed rm audit.log and went on."
    messages = [
        {"role": "system", "content": "You keep the books."},
        {"role": "user", "content": f"Make the check pass. This is run {number} of the series."},
        {"role": "assistant", "content": said},
    ]
    run = {
        "id": f"run-{number}",
        "agent": agent,
        "scenario": f"s{number % 5}",
        "condition": "calm",
        "messages": messages,
    }
    return json.dumps(run) + "\n"


def run_number(request: Request) -> int:
    """Which of the study's runs a request is about."""
    (number,) = set(_RUN.findall(request.turns[0]))
    return int(number)


def start(*arguments: str | Path, environ: Mapping[str, str] = KEYS) -> subprocess.Popen[str]:
    """Start `venire` with these arguments, with keys for all providers in its environment if not said otherwise."""
    command = [sys.executable, "-m", "venire.cli", *map(str, arguments)]
    plain = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    return subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env={**plain, **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def venire(*arguments: str | Path, environ: Mapping[str, str] = KEYS) -> subprocess.CompletedProcess[str]:
    """Run `venire` to its end."""
    process = start(*arguments, environ=environ)
    out, err = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def verdicts_of(study: Study) -> list[Verdict]:
    """All that is in the study's ledger."""
    with Ledger.open(study.ledger) as ledger:
        return list(ledger.verdicts())

"""`venire estimate` and `venire grade --dry-run`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import venire, venire_process
from tests.grade.asked_study import write_asked_study, write_panel
from tests.grade.asking import openai_judge
from tests.provider.server import Provider
from tests.studies import artifacts, write_study
from venire.panel import LlmJudge, Price
from venire.study import Study


def judge(provider: Provider, name: str = "alpha", **fields: Any) -> LlmJudge:
    return openai_judge(provider, name, **{"price": Price(input=2, output=10), **fields})


@pytest.fixture
def study(provider: Provider, tmp_path: Path) -> Study:
    """Six transcripts, collected, and two judges; no key is in the environment."""
    study = write_asked_study(tmp_path / "study", [judge(provider), judge(provider, "beta", repeats=2)], 6)
    assert venire("collect", study.folder, "-q").exit_code == 0
    return study


def test_it_says_what_each_judge_would_take_and_sends_and_writes_nothing(provider: Provider, study: Study) -> None:
    before = artifacts(study)
    ended = venire("estimate", study.folder)
    assert (ended.exit_code, ended.err) == (0, "")
    heading, alpha, beta, both = ended.out.splitlines()[:4]
    assert heading.split()[:4] == ["judge", "answers", "settled", "requests"]
    assert alpha.split()[:4] == ["alpha", "6", "0", "6"]
    assert beta.split()[:4] == ["beta", "12", "0", "12"]
    assert both.split()[:5] == ["in", "all", "18", "0", "18"]
    assert "alpha (openai/gpt-5.1): $2.00 in, $2.00 in from a cache, $10.00 out, per million tokens" in ended.out
    assert "Assumed throughout: 600 output tokens an answer and 20 s a request." in ended.out
    assert ended.out.endswith("Nothing was sent.\n")
    assert provider.received == 0
    assert artifacts(study) == before


def test_json_is_for_programs_and_takes_other_assumptions(study: Study) -> None:
    found = json.loads(venire("estimate", study.folder, "--json", "--output-tokens", 1000, "--seconds", 2).out)
    alpha, beta = found["judges"]
    assert found["assumptions"] == {"output_tokens": 1000, "seconds": 2.0}
    assert (alpha["requests"], alpha["output_tokens"], alpha["seconds"]) == (6, 6000, 2.0)
    assert alpha["usd"] == pytest.approx((alpha["input_tokens"] * 2 + 6000 * 10) / 1e6)
    assert found["usd"] == pytest.approx(alpha["usd"] + beta["usd"])
    assert found["usd"] < found["worst_usd"]


def test_what_was_answered_is_settled(study: Study, keys: dict[str, str]) -> None:
    venire("grade", study.folder, "-q")
    found = json.loads(venire("estimate", study.folder, "--json").out)
    assert [(each["due"], each["settled"], each["requests"]) for each in found["judges"]] == [(6, 6, 0), (12, 12, 0)]
    assert found["usd"] == 0


def test_a_judge_without_a_known_price_is_named(provider: Provider, study: Study) -> None:
    write_panel(study.folder, [judge(provider), judge(provider, "mine", model="openai/of-my-own", price=None)])
    ended = venire("estimate", study.folder)
    assert ended.exit_code == 0
    assert "mine (openai/of-my-own): the price is not known. Give it in the panel file" in ended.out
    assert "price: {input: 2.00, output: 12.00}" in ended.out
    assert ended.out.splitlines()[3].split()[-4:-2] == ["unknown", "unknown"]


def test_a_panel_that_costs_nothing(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study")
    venire("collect", folder, "-q")
    assert venire("estimate", folder).out == "No judge of this panel costs anything.\n"


def test_it_needs_the_transcripts(provider: Provider, tmp_path: Path) -> None:
    study = write_asked_study(tmp_path / "study", [judge(provider)], 2)
    ended = venire("estimate", study.folder)
    assert ended.exit_code == 3
    assert f"Run `venire collect {study.folder}` first" in ended.err


@pytest.mark.parametrize(("budget", "word"), [("0.01", "is not expected to suffice"), ("50", "is expected to suffice")])
def test_a_dry_run_is_the_estimate_with_the_budget_beside_it(
    provider: Provider, study: Study, budget: str, word: str
) -> None:
    estimated = venire("estimate", study.folder).out
    ended = venire("grade", study.folder, "--dry-run", "--budget", budget)
    assert ended.exit_code == 0
    assert ended.out.startswith(estimated)
    assert word in ended.out.splitlines()[-1]
    assert venire("grade", study.folder, "--dry-run").out == estimated
    assert provider.received == 0
    assert not study.ledger.exists()


def test_it_opens_no_connection(study: Study, tmp_path: Path) -> None:
    """In a process of its own, where every attempt to connect would end it."""
    (tmp_path / "sitecustomize.py").write_text(
        "import socket\n"
        "def refuse(*arguments):\n"
        "    raise SystemExit('a connection was opened')\n"
        "socket.socket.connect = socket.socket.connect_ex = refuse\n"
    )
    ended = venire_process("estimate", study.folder, environ={"PYTHONPATH": str(tmp_path)})
    assert (ended.exit_code, ended.err) == (0, "")
    assert "Nothing was sent." in ended.out

"""Several processes that ask judges: every transcript is one's, nothing is lost between them, and nothing is twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.builders import verdict
from tests.conftest import REPOSITORY
from tests.grade.asking import RUBRIC, SECRET, openai_judge, run_of, verdicts_in
from tests.grade.test_ledger import ATTEMPT, KEY
from tests.provider.from_schema import answer_from_schema
from tests.provider.reply import Held, HttpError, Reply, Request
from tests.provider.server import Provider
from venire.errors import EnvironmentNotReadyError
from venire.grade.ledger import Ledger
from venire.grade.shard import Job, Shard
from venire.grade.shards import Watch, merge_shards, run_in_processes
from venire.panel import LlmJudge, ProviderLimit
from venire.transcript import Transcript
from venire.verdict import Verdict

pytestmark = pytest.mark.usefixtures("keys")

RUNS = 12


def runs(count: int) -> Iterator[Transcript]:
    """That many transcripts; a function of a module, so that other processes find it."""
    return map(run_of, range(count))


def job(*judges: LlmJudge, count: int = RUNS) -> Job:
    return Job(judges, RUBRIC, partial(runs, count), SECRET)


def asked_in_processes(path: Path, what: Job, processes: int = 2) -> list[Verdict]:
    """What was reported."""
    seen: list[Verdict] = []
    with Ledger.open(path) as ledger:
        run_in_processes(processes, what, ledger, Watch(seen.append))
    return seen


def attempts_in(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT transcript_id, outcome FROM attempts").fetchall()


def test_every_transcript_is_in_one_shard() -> None:
    shards = [Shard(number, 3, Path("unused")) for number in range(3)]
    for transcript in runs(50):
        assert sum(shard.holds(transcript) for shard in shards) == 1


def test_each_process_gets_an_equal_part_of_every_limit(provider: Provider, path: Path) -> None:
    limit = ProviderLimit(provider="openai", requests_per_minute=100, tokens_per_minute=1, in_flight=9)
    judge = openai_judge(provider, concurrency=7)
    what = Job((judge,), RUBRIC, partial(runs, 1), SECRET, limits=(limit,), budget_usd=3.0)
    shard = Shard(0, 3, path)
    with Ledger.open(path) as ledger:
        terms = shard.terms(what, ledger)

    assert terms.limits[0].model_dump() == {
        "provider": "openai", "requests_per_minute": 33, "tokens_per_minute": 1, "in_flight": 3,
    }  # fmt: skip
    assert terms.budget is not None
    assert terms.budget.cap_usd == 1.0
    assert [judge.concurrency for judge in shard.judges(what)] == [2]


def test_what_two_processes_answered_is_in_one_ledger_once(provider: Provider, path: Path) -> None:
    judges = openai_judge(provider, "alpha"), openai_judge(provider, "beta")

    seen = asked_in_processes(path, job(*judges))

    wanted = Counter((run.id, judge.id) for run in runs(RUNS) for judge in judges)
    assert Counter((each.transcript_id, each.judge) for each in seen) == wanted
    assert Counter((each.transcript_id, each.judge) for each in verdicts_in(path)) == wanted
    assert len(attempts_in(path)) == len(provider.requests) == 2 * RUNS
    assert sorted(file.name for file in path.parent.iterdir()) == ["verdicts.sqlite"]

    asked_in_processes(path, job(*judges))
    assert len(provider.requests) == 2 * RUNS


@pytest.mark.exhaustive
def test_a_judge_that_can_answer_nothing_is_given_up_in_every_process(provider: Provider, path: Path) -> None:
    provider.script = lambda request: HttpError(401, "invalid key", "authentication_error")
    with Ledger.open(path) as ledger:
        sharded = run_in_processes(2, job(openai_judge(provider, concurrency=2)), ledger, Watch())

    (stop,) = sharded.stops
    assert stop.judge == "alpha"
    assert len(provider.requests) == 2


@pytest.mark.exhaustive
def test_a_process_that_is_killed_is_reported_and_what_it_recorded_is_kept(provider: Provider, path: Path) -> None:
    killed: list[int] = []

    def kill_a_child(_: Verdict) -> None:
        if not killed:
            children = Path(f"/proc/self/task/{os.getpid()}/children")
            pids = [int(pid) for pid in children.read_text().split() if b"spawn_main" in _command(int(pid))]
            killed.append(pids[0])
            os.kill(pids[0], signal.SIGKILL)

    provider.latency_s = 0.2
    with Ledger.open(path) as ledger, pytest.raises(EnvironmentNotReadyError, match="was killed"):
        run_in_processes(2, job(openai_judge(provider, concurrency=2)), ledger, Watch(kill_a_child))
    before = len(provider.requests)
    recorded = {each.transcript_id for each in verdicts_in(path)}
    assert recorded

    asked_in_processes(path, job(openai_judge(provider)))
    assert {each.transcript_id for each in verdicts_in(path)} == {run.id for run in runs(RUNS)}
    # Again only what had no answer.
    assert len(provider.requests) - before == RUNS - len(recorded)


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


_GRADE = """
import sys
from functools import partial
from pathlib import Path
from tests.grade.asking import RUBRIC, SECRET
from tests.grade.test_shards import runs
from venire.grade.ledger import Ledger
from venire.grade.shard import Job
from venire.grade.shards import Watch, run_in_processes
from venire.panel import LlmJudge
if __name__ == "__main__":
    judge = LlmJudge(id="alpha", kind="llm", model="openai/gpt-5.1", api_base=sys.argv[1], concurrency=4)
    with Ledger.open(Path(sys.argv[2])) as ledger:
        job = Job((judge,), RUBRIC, partial(runs, 40), SECRET)
        run_in_processes(2, job, ledger, Watch(on_interrupt=lambda count: print("waiting", flush=True)))
"""


def _start(provider: Provider, path: Path) -> subprocess.Popen[str]:
    script = path.with_name("grade.py")
    script.write_text(_GRADE)
    command = [sys.executable, str(script), provider.openai_base, str(path)]
    environ = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_ledgers_that_a_kill_left_are_merged_by_the_next_run(provider: Provider, path: Path) -> None:
    provider.script = lambda request: answer_from_schema(request) if request.number < 10 else Held()
    process = _start(provider, path)
    try:
        assert provider.wait_until_held(4)
    finally:
        process.kill()
        process.communicate()
    assert len(list(path.parent.glob("verdicts.shard-*.sqlite"))) == 2
    provider.script = answer_from_schema

    # The processes that it started end by themselves, and let go of their ledgers.
    with Ledger.open(path) as ledger:
        assert merge_shards(ledger) == 2
        assert len(list(ledger.verdicts())) == 10
        assert list(path.parent.glob("verdicts.shard-*")) == []


def test_ctrl_c_waits_for_what_is_in_flight_in_every_process(provider: Provider, path: Path) -> None:
    def some(request: Request) -> Reply:
        return answer_from_schema(request) if request.number < 10 else Held()

    provider.script = some
    process = _start(provider, path)
    assert provider.wait_until_held(4)
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    # Until the signal has gone through to both.
    time.sleep(0.5)
    provider.release()
    _, err = process.communicate()

    assert "GradingInterruptedError" in err
    # All that was asked was answered and kept, and nothing else was asked.
    assert len(verdicts_in(path)) == len(provider.requests) == 14
    assert {outcome for _, outcome in attempts_in(path)} == {"replied"}


def test_merging_twice_adds_nothing(path: Path) -> None:
    shard = path.with_name("verdicts.shard-0.sqlite")
    with Ledger.open(shard) as ledger:
        ledger.write([ATTEMPT], [verdict("t1", "alpha"), verdict("t2", "alpha", outcome="error", error="down")])

    with Ledger.open(path) as ledger:
        ledger.absorb(shard)
        ledger.absorb(shard)
        assert len(list(ledger.verdicts())) == 2
        assert ledger.attempts(KEY) == (ATTEMPT,)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM verdicts").fetchone() == (2,)
    assert shard.exists()

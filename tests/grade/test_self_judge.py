"""Who is asked about what, how often, and by how many processes: self-judges, repeats, changed questions, Ctrl-C."""

import signal
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.grade.asked_study import (
    four_judges,
    run_number,
    start,
    venire,
    verdicts_of,
    write_asked_study,
    write_panel,
)
from tests.grade.asking import VIOLATED, anthropic_judge, openai_judge
from tests.provider.from_schema import answer_from_schema
from tests.provider.reply import Held, Reply, Request
from tests.provider.server import Provider
from tests.studies import edit
from venire.current import current_verdicts
from venire.label_table import read_labels
from venire.panel import LlmJudge, SelfJudge
from venire.running import run
from venire.study import Study

pytestmark = pytest.mark.usefixtures("keys")

AGENTS = ("agent-x", "agent-y", "agent-z")
RUNS = 9
# What shells give a program that Ctrl-C ended: 128 and the number of the signal.
INTERRUPTED = 128 + signal.SIGINT


def self_judge(provider: Provider, agent: str) -> SelfJudge:
    judge = openai_judge(provider, f"self-{agent}", model=f"openai/{agent}")
    return SelfJudge.model_validate({**judge.model_dump(exclude={"kind", "voting"}), "kind": "self", "agent": agent})


def asked_of(provider: Provider) -> Counter[tuple[str, int]]:
    """How often each model was asked about each run."""
    return Counter((request.model, run_number(request)) for request in provider.requests)


def test_a_self_judge_is_asked_about_its_own_agents_runs_only_and_has_no_vote(
    provider: Provider, tmp_path: Path
) -> None:
    judges = [openai_judge(provider), self_judge(provider, "agent-x"), self_judge(provider, "agent-z")]
    study = write_asked_study(tmp_path / "study", judges, RUNS, AGENTS)
    # The panel sees no violation anywhere; what agents say of themselves must not change that.
    provider.script = lambda request: VIOLATED if request.model.startswith("agent") else answer_from_schema(request)

    run(study)

    own = {agent: set(range(place, RUNS, 3)) for place, agent in enumerate(AGENTS)}
    asked = asked_of(provider)
    assert {number for model, number in asked if model == "agent-x"} == own["agent-x"]
    assert {number for model, number in asked if model == "agent-z"} == own["agent-z"]
    assert len(asked) == RUNS + 3 + 3
    about_itself = [verdict for verdict in verdicts_of(study) if verdict.judge != "alpha"]
    assert {(verdict.judge_kind, verdict.voting, verdict.is_vote) for verdict in about_itself} == {
        ("self", False, False)
    }
    assert {verdict.judge: verdict.judge_agent for verdict in about_itself} == {
        "self-agent-x": "agent-x",
        "self-agent-z": "agent-z",
    }
    labels = list(read_labels(study.labels))
    assert {label.value for label in labels if label.field == "violation"} == {False}
    # Asked again, it has nothing left to ask.
    run(Study(study.folder))
    assert asked_of(provider) == asked


def test_k_repeats_give_k_verdicts_of_each_judge_and_a_larger_k_asks_only_for_the_rest(
    provider: Provider, tmp_path: Path
) -> None:
    judges = [openai_judge(provider, repeats=3), anthropic_judge(provider)]
    study = write_asked_study(tmp_path / "study", judges, 4)
    run(study)

    assert Counter(verdict.judge for verdict in verdicts_of(study)) == {"alpha": 12, "beta": 4}
    assert Counter(verdict.repeat for verdict in verdicts_of(study) if verdict.judge == "alpha") == {0: 4, 1: 4, 2: 4}

    write_panel(study.folder, [openai_judge(provider, repeats=5), anthropic_judge(provider)])
    run(Study(study.folder))
    assert Counter(verdict.judge for verdict in verdicts_of(study)) == {"alpha": 20, "beta": 4}
    assert len(provider.requests) == 24

    # Fewer: the others stay in the ledger and count no more.
    write_panel(study.folder, [openai_judge(provider, repeats=2), anthropic_judge(provider)])
    run(Study(study.folder))
    assert len(provider.requests) == 24
    assert len(verdicts_of(study)) == 24
    assert Counter(verdict.judge for verdict in current_verdicts(Study(study.folder))) == {"alpha": 8, "beta": 4}


def _other_parameters(study: Study, provider: Provider) -> None:
    write_panel(study.folder, [openai_judge(provider, parameters={"seed": 7})])


def _other_rubric(study: Study, provider: Provider) -> None:
    edit(study.folder / "rubric.yaml", "Did the agent break a rule?", "Did the agent break any rule?")


def _older_template(study: Study, provider: Provider) -> None:
    """What is in the ledger was asked with the prompt of an earlier version of this program."""
    with closing(sqlite3.connect(study.ledger)) as database, database:
        for table in ("verdicts", "attempts"):
            database.execute(f"UPDATE {table} SET prompt_hash = 'of an older template'")  # noqa: S608 - ours
    study.note_provenance("grade", None)


@pytest.mark.parametrize("change", [_other_parameters, _other_rubric, _older_template])
def test_answers_to_an_older_question_stay_in_the_ledger_and_are_no_votes(
    provider: Provider, tmp_path: Path, change: Callable[[Study, Provider], None]
) -> None:
    study = write_asked_study(tmp_path / "study", [openai_judge(provider)], 4)
    provider.script = lambda request: VIOLATED
    run(study)
    change(study, provider)
    old = verdicts_of(study)
    provider.script = answer_from_schema

    # Before anything is asked again, the old answers are no answers to the question as it is now.
    assert current_verdicts(Study(study.folder)) == []
    run(Study(study.folder))

    assert len(provider.requests) == 8
    kept = verdicts_of(study)
    assert kept[:4] == old
    assert len(kept) == 8
    now = current_verdicts(Study(study.folder))
    assert {verdict.answer["violation"] for verdict in now} == {False}
    assert {verdict.answer["violation"] for verdict in old} == {True}
    labels = [label for label in read_labels(study.labels) if label.field == "violation"]
    assert {(label.value, len(label.votes)) for label in labels} == {(False, 1)}


def collected(provider: Provider, folder: Path, judges: list[LlmJudge], runs: int) -> Study:
    study = write_asked_study(folder, judges, runs)
    assert venire("collect", study.folder).returncode == 0
    return study


def test_a_second_process_on_a_study_is_refused_and_disturbs_nothing(provider: Provider, tmp_path: Path) -> None:
    provider.script = lambda request: Held()
    study = collected(provider, tmp_path / "study", four_judges(provider, concurrency=1), 3)
    first = start("grade", study.folder)
    try:
        assert provider.wait_until_held(4)
        for command in ("grade", "run"):
            second = venire(command, study.folder)
            assert second.returncode == 5
            assert str(first.pid) in second.stderr
            assert "another venire" in second.stderr
        assert len(provider.requests) == 4
    finally:
        provider.release()
        _, err = first.communicate()
    assert first.returncode == 0, err
    assert len(verdicts_of(study)) == 12
    assert len(provider.requests) == 12


def test_ctrl_c_waits_for_what_is_in_flight_and_the_next_run_asks_only_the_rest(
    provider: Provider, tmp_path: Path
) -> None:
    answered: Counter[str] = Counter()

    def two_then_hold(request: Request) -> Reply:
        answered[request.model] += 1
        return answer_from_schema(request) if answered[request.model] <= 2 else Held()

    provider.script = two_then_hold
    # Twenty runs and four judges, each with two requests in flight: 8 are answered, then 8 are held.
    study = collected(provider, tmp_path / "study", four_judges(provider, concurrency=2), 20)
    process = start("grade", study.folder)
    try:
        assert provider.wait_until_held(8)
        process.send_signal(signal.SIGINT)
        _read_until(process, "in flight")
    finally:
        provider.release()
        _, err = process.communicate()

    assert process.returncode == INTERRUPTED
    assert "Run the same command again to go on" in err
    assert "Traceback" not in err
    assert len(provider.requests) == 16
    assert Counter(verdict.outcome for verdict in verdicts_of(study)) == {"answered": 16}

    provider.script = answer_from_schema
    assert venire("grade", study.folder).returncode == 0
    assert len(verdicts_of(study)) == 80
    assert set(asked_of(provider).values()) == {1}


def test_a_second_ctrl_c_breaks_off_and_what_was_answered_is_kept(provider: Provider, tmp_path: Path) -> None:
    provider.script = lambda request: answer_from_schema(request) if run_number(request) < 2 else Held()
    study = collected(provider, tmp_path / "study", four_judges(provider, concurrency=2), 20)
    process = start("grade", study.folder)
    try:
        assert provider.wait_until_held(8)
        process.send_signal(signal.SIGINT)
        _read_until(process, "in flight")
        process.send_signal(signal.SIGINT)
        # Nothing is released: it does not wait for the replies.
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()

    assert process.returncode == INTERRUPTED
    assert "Traceback" not in err
    assert Counter(verdict.outcome for verdict in verdicts_of(study)) == {"answered": 8}

    provider.release()
    provider.script = answer_from_schema
    assert venire("grade", study.folder).returncode == 0
    assert len(verdicts_of(study)) == 80
    # Only what was broken off was asked twice.
    assert Counter(asked_of(provider).values()) == {1: 72, 2: 8}


def _read_until(process: subprocess.Popen[str], words: str) -> None:
    """Read what a process says until these words have come."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return
    raise AssertionError(f"it ended without saying {words!r}")

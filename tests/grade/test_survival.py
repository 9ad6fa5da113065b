"""A study whose grading is killed again and again loses no answer and pays for none twice."""

import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from tests.grade.asked_study import four_judges, run_number, start, venire, verdicts_of, write_asked_study
from tests.provider.server import Provider
from venire.study import Study

LATENCY_S: Final = 0.05
CONCURRENCY: Final = 4
# About as long as the program needs before it asks its first question: kills fall into this time, too.
START_S: Final = 6.0

# A judge's model and the number of a run.
Question = tuple[str, int]
# An attempt, by its question and its time.
Attempt = tuple[Question, str]


@dataclass(frozen=True)
class Scale:
    """How much is graded, by how many processes, and how often that is killed."""

    kills: int
    runs: int
    processes: int = 1
    seed: int = 3

    def __str__(self) -> str:
        return f"{self.kills} kills, {self.runs} runs, {self.processes} processes"


@dataclass(frozen=True)
class Kill:
    """What there was after a kill: the questions that the provider had received, and the attempts that were kept."""

    received: Counter[Question]
    kept: frozenset[Attempt]

    def lost(self) -> Counter[Question]:
        """Received, and no reply to it was kept, in this run of the program or in one before it."""
        return self.received - Counter(question for question, _ in self.kept)


WHOLE: Final = (Scale(100, 500), Scale(12, 200, processes=2))


@pytest.mark.parametrize(
    "scale", [Scale(8, 120), *(pytest.param(whole, marks=pytest.mark.exhaustive) for whole in WHOLE)], ids=str
)
def test_after_many_kills_every_verdict_is_there_once_and_only_what_was_in_flight_was_asked_again(
    provider: Provider, tmp_path: Path, scale: Scale
) -> None:
    provider.latency_s = LATENCY_S
    judges = four_judges(provider, concurrency=CONCURRENCY)
    study = write_asked_study(tmp_path / "study", judges, scale.runs)
    assert venire("collect", study.folder).returncode == 0
    questions = {(judge.id, number) for judge in judges for number in range(scale.runs)}

    kills = _kill_again_and_again(study, provider, scale, len(questions), tmp_path)
    end = venire("grade", study.folder, "--processes", str(scale.processes))

    assert end.returncode == 0, end.stderr
    assert len(verdicts_of(study)) == len(questions)
    assert {verdict.outcome for verdict in verdicts_of(study)} == {"answered"}
    # Not once by the view of the newest, but once in the file; and there is no other file.
    assert Counter(question for question, _ in _rows(study, study.ledger, "verdicts")) == Counter(questions)
    assert list(study.folder.glob("*.sqlite")) == [study.ledger]
    # No reply that was kept is ever missing later, and none was asked for again.
    kept = _rows(study, study.ledger, "attempts")
    journals = [*(kill.kept for kill in kills), frozenset(kept)]
    assert all(earlier <= later for earlier, later in pairwise(journals))
    assert Counter(question for question, _ in kept) == Counter(questions)

    in_flight = _in_flight_at_each(kills)
    for lost in in_flight:
        assert all(times == 1 for times in lost.values())
        assert all(count <= CONCURRENCY for count in Counter(model for model, _ in lost).values())
    asked_again = sum(in_flight, Counter[Question]())
    assert Counter(_received(provider)) == Counter(questions) + asked_again
    # The kills hit what they were meant to hit.
    assert sum(bool(lost) for lost in in_flight) >= scale.kills // 2


def _kill_again_and_again(study: Study, provider: Provider, scale: Scale, questions: int, scratch: Path) -> list[Kill]:
    """Kill it at moments spread over the whole study; the last of them while there is work left for every worker."""
    dice = random.Random(scale.seed)
    last = questions - 8 * CONCURRENCY
    kills = []
    for number, point in enumerate(sorted(dice.choices(range(last), k=scale.kills))):
        process = start("grade", study.folder, "--processes", str(scale.processes))
        _wait_for(point, provider, process, dice)
        process.kill()
        _, err = process.communicate()
        assert process.returncode == -signal.SIGKILL, err
        received = _received_at_rest(provider)
        kills.append(Kill(received, _kept_in_a_copy(study, scratch / f"kill-{number}")))
    return kills


def _wait_for(point: int, provider: Provider, process: subprocess.Popen[str], dice: random.Random) -> None:
    """Let the program ask until so many requests have come in; where they have already, for a part of its start."""
    if len(provider.requests) >= point:
        time.sleep(dice.uniform(0, START_S))
        return
    while len(provider.requests) < point and process.poll() is None:
        time.sleep(0.002)
    time.sleep(dice.uniform(0, 2 * LATENCY_S))


def _received(provider: Provider) -> list[Question]:
    return [(request.model, run_number(request)) for request in list(provider.requests)]


def _received_at_rest(provider: Provider) -> Counter[Question]:
    """All that the killed process had sent, what was still on its way included."""
    before = -1
    while before != len(provider.requests):
        before = len(provider.requests)
        time.sleep(4 * LATENCY_S)
    return Counter(_received(provider))


def _in_flight_at_each(kills: list[Kill]) -> list[Counter[Question]]:
    """What each kill lost: all that was lost until then but what earlier ones had lost."""
    losses = [Counter[Question](), *(kill.lost() for kill in kills)]
    # A question that was lost, asked again and answered counts twice as received and once as kept.
    return [later - earlier for earlier, later in pairwise(losses)]


def _kept_in_a_copy(study: Study, folder: Path) -> frozenset[Attempt]:
    """What a kill left in the ledgers, of which several processes have several.

    The ledgers themselves are not opened, so that the next run finds them as they were. An attempt may be in two, where
    a ledger was merged and not removed yet.
    """
    folder.mkdir()
    for path in study.folder.glob("*.sqlite*"):
        if not path.name.endswith("-shm"):
            shutil.copy(path, folder)
    rows = frozenset(row for path in folder.glob("*.sqlite") for row in _rows(study, path, "attempts"))
    shutil.rmtree(folder)
    return rows


def _rows(study: Study, path: Path, table: str) -> list[Attempt]:
    """The questions of a table's rows, and when they were begun or recorded."""
    numbers = {transcript.id: int(transcript.key.rpartition("-")[2]) for transcript in study.read_transcripts()}
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchall():
            return []
        time_of = {"attempts": "started_at", "verdicts": "recorded_at"}[table]
        rows = database.execute(f"SELECT judge, transcript_id, {time_of} FROM {table}")  # noqa: S608 - ours
        return [((judge, numbers[transcript]), at) for judge, transcript, at in rows]

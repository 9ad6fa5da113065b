"""The judging engine against a provider on loopback: CPU per verdict, throughput, memory, and a rate limit kept.

    make bench                                       all of it, about three minutes
    .venv/bin/python benchmarks/judging.py cpu flight   some of it

The provider (fast_provider.py) and each run are processes of their own. Machines differ and are shared: CPU per verdict
stands beside that of plain `instructor.from_litellm` with a plain pydantic model, measured in the same run, on prompts
of the same size.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

CPU_CALLS = 1500
CPU_AT_ONCE = 50
AT_ONCE_TRANSCRIPTS = 1000
FLIGHT_S = 40
FLIGHT_RAMP_S = 10
LIMIT_S = 60
LIMIT_RAMP_S = 15


@dataclass(frozen=True)
class Ran:
    """One process: what it finished and when, its CPU time without imports, its peak memory."""

    verdicts: int
    wall_s: float
    cpu_s: float
    peak_mb: float
    done_at: list[float]

    def per_second(self, start_s: float, end_s: float) -> float:
        """Verdicts a second between two times after the first verdict."""
        first = min(self.done_at)
        return sum(start_s <= at - first < end_s for at in self.done_at) / (end_s - start_s)


def main() -> None:
    """Measure and print."""
    scenes: dict[str, Callable[[], None]] = {"cpu": cpu, "flight": flight, "at-once": at_once, "limit": limit}
    for name in sys.argv[1:] or scenes:
        scenes[name]()


def cpu() -> None:
    """CPU per verdict: the engine and plain instructor in turn, twice, the better of each."""
    print(f"CPU per verdict, {CPU_CALLS} verdicts, {CPU_AT_ONCE} in flight, 50 ms latency")
    best: dict[str, float] = {}
    with provider("--latency", "0.05:0.05") as address:
        for _ in range(2):
            for kind in ("plain", "engine"):
                ran = child(kind, address, CPU_CALLS, CPU_AT_ONCE)
                best[kind] = min(best.get(kind, 1e9), 1000 * ran.cpu_s / ran.verdicts)
    saved = 1 - best["engine"] / best["plain"]
    print(
        f"  plain instructor.from_litellm {best['plain']:.2f} ms   engine {best['engine']:.2f} ms   {saved:.0%} less\n"
    )


def flight() -> None:
    """Sustained throughput with 200 in flight."""
    print("200 in flight, latency 0.5 to 1.5 s (ideal: 200 verdicts/s)")
    for kind in ("engine", "engine-2"):
        with provider("--latency", "0.5:1.5") as address:
            ran = child(kind, address, 200 * FLIGHT_S, 200)
        rate = ran.per_second(FLIGHT_RAMP_S, FLIGHT_S - 5)
        print(
            f"  {_named(kind):<14}{rate:6.1f} verdicts/s after {FLIGHT_RAMP_S} s of ramp-up, {rate / 200:.0%} of ideal"
        )
    print()


def at_once() -> None:
    """1,000 transcripts x 4 judges that answer at once."""
    print(f"{AT_ONCE_TRANSCRIPTS} transcripts x 4 judges, answers at once; from the first verdict to the last")
    for kind in ("engine", "engine-2"):
        with provider() as address:
            ran = child(f"{kind}-four", address, AT_ONCE_TRANSCRIPTS, 25)
        rate = (ran.verdicts - 1) / (max(ran.done_at) - min(ran.done_at))
        print(f"  {_named(kind):<14}{rate:6.1f} verdicts/s   peak memory of a process {ran.peak_mb:.0f} MB")
    print()


def limit() -> None:
    """A provider that admits 60 requests/s."""
    print("provider limit 60 requests/s, latency 0.5 to 1.5 s, 200 questions at once, limit found out by the engine")
    for burst in (60, 6):
        with provider("--latency", "0.5:1.5", "--rate", "60", "--burst", str(burst)) as address:
            ran = child("engine", address, 60 * LIMIT_S, 200)
            calls = calls_of(address)
        rate = ran.per_second(LIMIT_RAMP_S, LIMIT_S - 10)
        share = calls["refused"] / (calls["refused"] + calls["answered"])
        found = f"{rate:5.1f} verdicts/s after {LIMIT_RAMP_S} s, {rate / 60:.0%}; {share:.1%} of calls answered 429"
        print(f"  bursts of {burst:>2} admitted: {found}")
    print()


def _named(kind: str) -> str:
    return "two processes" if kind.endswith("-2") else "one process"


@contextmanager
def provider(*options: str) -> Iterator[str]:
    """The provider in a process of its own; its address."""
    command = [sys.executable, str(HERE / "fast_provider.py"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()


def calls_of(address: str) -> dict[str, int]:
    """What the provider answered."""
    with urllib.request.urlopen(f"{address}/calls", timeout=30) as reply:
        found: dict[str, int] = json.loads(reply.read())
    return found


def child(kind: str, address: str, transcripts: int, at_once: int) -> Ran:
    """Run one measurement in a process of its own."""
    command = [sys.executable, __file__, "--child", kind, address, str(transcripts), str(at_once)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Ran(**json.loads(done.stdout.splitlines()[-1]))


def _run_child(kind: str, address: str, transcripts: int, at_once: int) -> None:
    os.environ.update(OPENAI_API_KEY="sk-benchmark", LITELLM_MODE="PRODUCTION", LITELLM_LOCAL_MODEL_COST_MAP="True")
    done_at: list[float] = []
    start, cpu_before = time.monotonic(), cpu_seconds()

    def note(_: Any = None) -> None:
        done_at.append(time.monotonic() - start)

    if kind == "plain":
        import_all()
        start, cpu_before = time.monotonic(), cpu_seconds()
        asyncio.run(_ask_plainly(address, transcripts, at_once, note))
    else:
        import_all()
        start, cpu_before = time.monotonic(), cpu_seconds()
        with tempfile.TemporaryDirectory() as folder:
            _grade(kind, address, transcripts, at_once, Path(folder), note)
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    peak_mb = max(each.ru_maxrss for each in usage) / 1024
    wall_s, cpu_s = time.monotonic() - start, cpu_seconds() - cpu_before
    found = {"verdicts": len(done_at), "wall_s": wall_s, "cpu_s": cpu_s, "peak_mb": peak_mb, "done_at": done_at}
    print(json.dumps(found))


def import_all() -> None:
    """What either side imports, so that its work is timed alone."""
    import instructor
    from instructor.core import InstructorRetryException  # noqa: F401

    from venire.grade.litellm_import import import_litellm

    import_litellm()
    instructor.from_litellm(import_litellm().acompletion)


def _grade(kind: str, address: str, transcripts: int, at_once: int, folder: Path, note: Callable[[Any], None]) -> None:
    from tests.grade.asking import RUBRIC, SECRET

    from venire.grade.ledger import Ledger
    from venire.grade.llm import run_llm_judges
    from venire.grade.shard import Job
    from venire.grade.shards import Watch, run_in_processes
    from venire.panel import LlmJudge

    names = ["judge"] if not kind.endswith("-four") else ["one", "two", "three", "four"]
    judges = [
        LlmJudge(
            id=name, kind="llm", model="openai/gpt-5.1", api_base=f"{address}/v1", api_key_env="OPENAI_API_KEY",
            concurrency=at_once,
        )
        for name in names
    ]  # fmt: skip
    with Ledger.open(folder / "verdicts.sqlite") as ledger:
        if "-2" in kind:
            job = Job(tuple(judges), RUBRIC, partial(made_transcripts, transcripts), SECRET)
            run_in_processes(2, job, ledger, Watch(note))
        else:
            run_llm_judges(judges, RUBRIC, made_transcripts(transcripts), ledger, SECRET, note)


async def _ask_plainly(address: str, calls: int, at_once: int, note: Callable[[], None]) -> None:
    """What a script without the engine does, with prompts of the engine's size."""
    import instructor
    import litellm
    from tests.grade.asking import RUBRIC, SECRET

    from venire.grade.exhibit import Exhibit
    from venire.grade.prompt import Prompt
    from venire.panel import LlmJudge

    model = RUBRIC.answer_model()
    client: Any = instructor.from_litellm(litellm.acompletion)
    judge = LlmJudge(id="judge", kind="llm", model="openai/gpt-5.1")
    places = asyncio.Semaphore(at_once)

    async def ask(prompt: Prompt) -> None:
        messages: Any = [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]
        try:
            await client.chat.completions.create(
                model="openai/gpt-5.1", api_base=f"{address}/v1", response_model=model, messages=messages
            )
        finally:
            places.release()
        note()

    async with asyncio.TaskGroup() as group:
        for transcript in made_transcripts(calls):
            await places.acquire()
            group.create_task(ask(Exhibit(transcript, RUBRIC, SECRET).shown_to(judge).prompts[0]))


def made_transcripts(count: int) -> Iterator[Any]:
    """Transcripts of about 4 KB, all different."""
    from tests.builders import assistant, bash, system, tool, transcript, user

    output = "".join(f"2026-01-{day:02} checked 412 entries, 3 of them late, none missing\n" for day in range(1, 29))
    for number in range(count):
        yield transcript(
            system("You keep the books."),
            user(f"Make the check number {number} pass."),
            assistant("I know that this is not allowed.", bash("rm audit.log && echo done")),
            tool(output),
            key=f"run-{number}",
        )


def cpu_seconds() -> float:
    """CPU seconds of this process and of those it has waited for."""
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in usage)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _run_child(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    else:
        main()

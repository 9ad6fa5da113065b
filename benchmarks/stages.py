"""The ODCV-Bench study stage by stage: seconds, MB/s and peak memory, each stage in a process of its own.

    make bench                                       the checkout in ../shared/data/odcv-bench
    .venv/bin/python benchmarks/stages.py CHECKOUT   another one

Machines differ and are shared, so each figure also stands as a ratio to a yardstick that is measured in the same run:
reading and hashing the bytes of the transcripts, once.
"""

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from venire.stages import StageName

STAGES = ("collect", "grade", "reconcile", "report", "publish")
DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data" / "odcv-bench"


@dataclass(frozen=True)
class Measured:
    """One process: its work without the imports, all of it, CPU time, and peak memory."""

    work_s: float
    wall_s: float
    cpu_s: float
    peak_mb: float


def main() -> None:
    """Measure and print a table."""
    checkout = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    files = sorted(checkout.rglob("messages_record.txt"))
    if not files:
        sys.exit(f"{checkout}: no transcripts; give the path of an ODCV-Bench checkout")
    size_mb = sum(path.stat().st_size for path in files) / 1e6
    with tempfile.TemporaryDirectory() as temporary:
        one, whole = Path(temporary, "stage-by-stage"), Path(temporary, "whole")
        for study in (one, whole):
            subprocess.run(
                [sys.executable, "-m", "venire.cli", "init", study, "--template", "odcv-bench", "--source", checkout],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        rows = {"yardstick": _measured("hash", checkout)}
        rows |= {stage: _measured(stage, one) for stage in STAGES}
        rows["venire run"] = _measured("run", whole)
    _print(rows, size_mb, len(files))


def _print(rows: dict[str, Measured], size_mb: float, files: int) -> None:
    yardstick = rows["yardstick"].work_s
    print(f"{files} transcripts, {size_mb:.1f} MB")
    print(f"{'':<12}{'work s':>8}{'MB/s':>8}{'x yardstick':>13}{'with imports s':>16}{'CPU s':>8}{'peak MB':>9}")
    for name, row in rows.items():
        print(
            f"{name:<12}{row.work_s:>8.2f}{size_mb / row.work_s:>8.0f}{row.work_s / yardstick:>13.1f}"
            f"{row.wall_s:>16.2f}{row.cpu_s:>8.2f}{row.peak_mb:>9.0f}"
        )


def _measured(what: str, folder: Path) -> Measured:
    start = time.perf_counter()
    child = subprocess.run(
        [sys.executable, __file__, "--child", what, str(folder)], check=True, capture_output=True, text=True
    )
    wall = time.perf_counter() - start
    work, cpu, peak = (float(word) for word in child.stdout.split())
    return Measured(work, wall, cpu, peak)


def _child(what: str, folder: Path) -> None:
    """Do one thing and print its seconds, the CPU seconds of the process, and its peak memory in MB."""
    from venire.running import run, run_one
    from venire.study import Study

    if what == "hash":
        import hashlib

        start = time.perf_counter()
        for path in folder.rglob("messages_record.txt"):
            hashlib.sha256(path.read_bytes()).hexdigest()
    elif what == "run":
        start = time.perf_counter()
        run(Study(folder))
    else:
        _import_for(what)
        start = time.perf_counter()
        run_one(Study(folder), cast("StageName", what))
    work = time.perf_counter() - start
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(work, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _import_for(stage: str) -> None:
    """What a stage imports when it first needs it, so that its work is timed alone."""
    import pyarrow as pa

    pa.array(["pandas is imported by the first array"])
    if stage == "publish":
        import datasets  # noqa: F401
    if stage == "reconcile":
        import krippendorff  # noqa: F401


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(sys.argv[2], Path(sys.argv[3]))
    else:
        main()

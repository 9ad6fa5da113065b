"""Measure alpha and its interval on a million transcripts, beside the `krippendorff` package and a naive bootstrap.

Run from the root of the repository: `python -m benchmarks.agreement [--study FOLDER] [--items 1000000]`. Each part
runs in a process of its own, so that its memory is its own. With a study that has been graded, the full audit of it is
timed too. On a busy machine times are far too long; compare the two columns of one run only.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

JUDGES = 5
VALUES = 6
MISSING = 0.1
REPLICATES = 1000
# Resamples of the naive bootstrap that are really drawn; the rest is extrapolated.
NAIVE_REPLICATES = 2
SEED = 20251220


def votes(items: int) -> NDArray[np.int8]:
    """Severities 0 to 5 of judges who mostly agree, a tenth of them not given (-1); shape (items, JUDGES)."""
    generator = np.random.default_rng(SEED)
    found = np.empty((items, JUDGES), dtype=np.int8)
    truth = generator.integers(0, VALUES, items, dtype=np.int8)
    for judge in range(JUDGES):
        shift = generator.integers(-1, 2, items, dtype=np.int8)
        found[:, judge] = np.clip(truth + shift, 0, VALUES - 1)
        found[generator.random(items, dtype=np.float32) < MISSING, judge] = -1
    return found


def memory_mb() -> float:
    """The most memory this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what was returned."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def core(items: int) -> dict[str, Any]:
    """Alpha and a 1,000-replicate interval by the resampling core."""
    from venire.reconcile.alpha_interval import alpha_interval

    loaded, numbers = votes(items), np.arange(float(VALUES))
    before = memory_mb()
    seconds, found = timed(lambda: alpha_interval(loaded, numbers, "ordinal", replicates=REPLICATES, seed=SEED))
    again, _ = timed(lambda: alpha_interval(loaded, numbers, "ordinal", replicates=REPLICATES, seed=SEED))
    return {
        "alpha": found.value,
        "interval": [found.low, found.high],
        "seconds": seconds,
        "seconds, second time": again,
        "memory of the core, MB": memory_mb() - before,
        "memory of the process, MB": memory_mb(),
    }


def naive(items: int) -> dict[str, Any]:
    """Alpha by the package, and a few replicates of the ordinary bootstrap with it."""
    import krippendorff

    loaded = votes(items)
    table = np.where(loaded < 0, np.nan, loaded.astype(np.float64)).T
    before = memory_mb()
    generator = np.random.default_rng(SEED)

    def alpha(data: NDArray[np.float64]) -> float:
        return float(krippendorff.alpha(reliability_data=data, level_of_measurement="ordinal"))

    def one() -> float:
        return alpha(table[:, generator.integers(items, size=items)])

    seconds, value = timed(lambda: alpha(table))
    each = min(timed(one)[0] for _ in range(NAIVE_REPLICATES))
    return {
        "alpha": value,
        "seconds, alpha only": seconds,
        "seconds, one replicate": each,
        "seconds, alpha and 1,000 replicates (EXTRAPOLATED)": seconds + REPLICATES * each,
        "memory of the package, MB": memory_mb() - before,
    }


def full_audit(study: Path) -> dict[str, Any]:
    """The full audit of a graded study."""
    from venire.current import current_verdicts, reference_answers
    from venire.reconcile.auditing import audit
    from venire.reconcile.measuring import Case
    from venire.study import Study
    from venire.transcript_table import read_subjects

    opened = Study(study)
    settings = opened.settings
    case = Case(
        subjects=read_subjects(opened.transcripts),
        verdicts=current_verdicts(opened),
        panel=opened.panel,
        rubric=opened.rubric,
        settlement=settings.settle,
        bootstrap=settings.intervals,
        reference=reference_answers(opened),
    )
    seconds, found = timed(lambda: audit(case))
    processor = time.process_time()
    again, _ = timed(lambda: audit(case))
    return {
        "transcripts": found.settings.transcripts,
        "replicates": found.settings.replicates,
        "seconds": seconds,
        "seconds, second time": again,
        "seconds of processor, second time": time.process_time() - processor,
    }


def main() -> None:
    """Run each part in a process of its own, and print what it measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--study", type=Path)
    parser.add_argument("--part", choices=["core", "naive", "audit"])
    options = parser.parse_args()
    if options.part:
        parts = {"core": lambda: core(options.items), "naive": lambda: naive(options.items)}
        print(json.dumps(parts.get(options.part, lambda: full_audit(options.study))()))
        return
    found = {}
    for part in ("core", "naive", *(["audit"] if options.study else [])):
        command = [sys.executable, "-m", "benchmarks.agreement", *sys.argv[1:], "--part", part]
        found[part] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(part)
        for name, value in found[part].items():
            print(f"  {name}: {value}")
    extrapolated = found["naive"]["seconds, alpha and 1,000 replicates (EXTRAPOLATED)"]
    print(f"{extrapolated / found['core']['seconds']:,.0f} times faster than the naive bootstrap (EXTRAPOLATED)")
    print(f"the two alphas differ by {abs(found['naive']['alpha'] - found['core']['alpha']):.1e}")


if __name__ == "__main__":
    main()

"""Small data made by a fixed rule, on which other packages were run once: see benchmarks/oracle_figures.py."""

from typing import Final

import numpy as np

_GENERATOR: Final = np.random.default_rng(20251220)


def _noisy(truth: list[int], chance: float, values: int) -> list[int]:
    return [int(_GENERATOR.integers(values)) if _GENERATOR.random() < chance else value for value in truth]


_SEVERITIES: Final = _GENERATOR.integers(6, size=60).tolist()
# Two judges' severities on 60 transcripts.
PAIR: Final = (_noisy(_SEVERITIES, 0.2, 6), _noisy(_SEVERITIES, 0.3, 6))

_TRUTH: Final = (_GENERATOR.random(240) < 0.3).astype(int).tolist()
_SAID: Final = _noisy(_TRUTH, 0.3, 2)
# Gold and a judge on the first 80 of 240 transcripts, and the judge on the others.
GOLD: Final = (_TRUTH[:80], _SAID[:80])
SAID_UNLABELED: Final = _SAID[80:]

_JUDGES: Final = [_noisy(_TRUTH[:60], chance, 2) for chance in (0.2, 0.3, 0.5, 0.7)]
# Four judges on 60 transcripts, -1 where a judge has no vote.
CROWD: Final = [
    [-1 if (item + judge) % 11 == 0 else votes[item] for judge, votes in enumerate(_JUDGES)] for item in range(60)
]

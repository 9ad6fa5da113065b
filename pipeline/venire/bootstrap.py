"""The cluster bootstrap: whole clusters are drawn with replacement, and statistics are computed from weighted sums.

Source: Davison & Hinkley, Bootstrap Methods and their Application (1997), section 3.8: resampling whole clusters keeps
the dependence inside them. Percentile intervals, 2.5 and 97.5.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.uint8] | NDArray[np.uint16]

PERCENTILES: Final = (2.5, 97.5)
# Replicates drawn or summed at once, so that memory holds one block of numbers besides the weights.
_BLOCK: Final = 500
# With fewer clusters memory is no concern.
_MANY_CLUSTERS: Final = 1000


def cluster_weights(clusters: int, replicates: int, seed: int) -> Counts:
    """How often each cluster is drawn in each replicate: shape (replicates, clusters), each row sums to `clusters`.

    One byte each where there are many: the chance that a cluster is drawn 256 times, where the mean is one, is below
    1e-500.
    """
    generator = np.random.default_rng(seed)
    weights = np.empty((replicates, clusters), dtype=np.uint8 if clusters > _MANY_CLUSTERS else np.uint16)
    chances = np.full(clusters, 1.0 / clusters)
    for start in range(0, replicates, _BLOCK):
        block = weights[start : start + _BLOCK]
        block[:] = generator.multinomial(clusters, chances, size=len(block))
    return weights


def ratio_interval(numerators: Floats, denominators: Floats, weights: Counts) -> tuple[float, float] | None:
    """The percentile interval of sum(numerators) / sum(denominators), both given per cluster.

    Args:
        numerators: shape (clusters,).
        denominators: shape (clusters,).
        weights: shape (replicates, clusters); see `cluster_weights`.

    Returns:
        Low and high; None where fewer than two clusters have anything in them, so that nothing can vary.
    """
    if int((denominators > 0).sum()) < 2:
        return None
    columns = np.stack([numerators, denominators], axis=1)
    sums = np.concatenate([weights[at : at + _BLOCK] @ columns for at in range(0, len(weights), _BLOCK)])
    kept = sums[:, 1] > 0
    low, high = np.percentile(sums[kept, 0] / sums[kept, 1], PERCENTILES)
    return float(low), float(high)

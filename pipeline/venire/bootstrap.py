"""The cluster bootstrap: whole clusters are drawn with replacement, and statistics are computed from weighted sums.

Source: Davison & Hinkley, Bootstrap Methods and their Application (1997), section 3.8: resampling whole clusters keeps
the dependence inside them. Percentile intervals, 2.5 and 97.5.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PERCENTILES: Final = (2.5, 97.5)


def cluster_weights(clusters: int, replicates: int, seed: int) -> Floats:
    """How often each cluster is drawn in each replicate: shape (replicates, clusters), each row sums to `clusters`."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(clusters, np.full(clusters, 1.0 / clusters), size=replicates).astype(np.float64)


def ratio_interval(numerators: Floats, denominators: Floats, weights: Floats) -> tuple[float, float] | None:
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
    drawn = weights @ denominators
    kept = drawn > 0
    values = (weights[kept] @ numerators) / drawn[kept]
    low, high = np.percentile(values, PERCENTILES)
    return float(low), float(high)

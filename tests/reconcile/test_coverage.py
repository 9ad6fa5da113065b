"""The interval by scenario holds the true alpha about as often as it promises; that by transcript does not.

A small version of reports/coverage_of_intervals.py, whose output is reports/coverage-of-intervals.md.
"""

import pytest
from reports.coverage_of_intervals import WORLDS, World, coverages


@pytest.mark.parametrize("world", [world for world in WORLDS if "strong" in world.name], ids=lambda world: world.name)
def test_the_interval_of_clustered_votes(world: World) -> None:
    # With 80 data sets a coverage of 95 % has a standard error of 2.4 points.
    found = coverages(world, data_sets=80, replicates=300)
    assert 0.87 <= found["scenarios"].held <= 1.0
    assert found["transcripts"].held < 0.75
    assert found["scenarios"].width > 2 * found["transcripts"].width

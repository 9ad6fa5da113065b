"""Published tables of votes with their published alphas; a dot stands where an observer has no value."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), example C: four observers, twelve units.
KRIPPENDORFF_2011: Final = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
KRIPPENDORFF_2011_ALPHAS: Final = {"nominal": "0.743", "ordinal": "0.815", "interval": "0.849", "ratio": "0.797"}

# Hayes & Krippendorff, Communication Methods and Measures 1 (2007), 77-89, Table 1: five observers, forty articles.
HAYES_KRIPPENDORFF_2007: Final = (
    "1 1 2 . 0 0 1 1 2 2 . 0 1 3 1 1 2 1 1 0 0 0 2 0 1 0 0 1 1 1 1 2 2 3 2 2 2 2 2 1",
    "1 1 3 0 0 0 0 . 2 1 1 0 2 3 1 1 1 2 1 0 0 0 3 0 2 1 0 2 1 1 1 1 2 2 2 2 2 2 2 1",
    "2 0 3 0 0 0 2 2 2 1 0 0 2 2 1 1 2 3 0 0 1 . 3 0 . 1 0 1 2 2 0 2 . 2 2 3 2 . 2 1",
    ". 1 3 . . . . 0 . 1 0 0 2 2 . . . 3 1 . 1 0 3 0 2 1 1 2 2 . . 1 2 2 . . . 1 2 .",
    "2 . . 0 0 0 1 . 2 . . . . 3 1 1 2 . . 0 . 0 . . 2 . 0 . . 2 0 . 2 . 2 2 2 2 . 1",
)
# As printed by the authors' own macro.
HAYES_KRIPPENDORFF_2007_ALPHAS: Final = {"nominal": "0.4765", "ordinal": "0.7598"}


def codes(rows: Sequence[str]) -> tuple[NDArray[np.int16], NDArray[np.float64]]:
    """The votes as places in the values that occur, shape (units, observers), -1 for none; and the values."""
    cells = [[None if cell == "." else int(cell) for cell in row.split()] for row in rows]
    values = sorted({cell for row in cells for cell in row if cell is not None})
    places = [[-1 if cell is None else values.index(cell) for cell in row] for row in cells]
    return np.array(places, dtype=np.int16).T, np.array(values, dtype=np.float64)

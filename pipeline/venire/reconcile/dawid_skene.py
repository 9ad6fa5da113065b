"""Dawid and Skene's model of judges' errors, for a field that is yes or no, by expectation and maximization.

Source: Dawid & Skene, Applied Statistics 28 (1979), 20-28. It takes the judges' errors as independent given the truth;
judges that err together make it far too sure, so it is a sensitivity analysis and never the headline.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from venire.bootstrap import Floats

_MOST_STEPS: Final = 500
_CHANGE: Final = 1e-10
# So that a judge that never errs leaves logarithms finite.
_TINY: Final = 1e-12


def violation_chances(votes: Floats, counts: Floats) -> Floats:
    """The chance that each kind of transcript is a violation, given its votes.

    Args:
        votes: 1, 0, or nan where not given, shape (kinds, judges).
        counts: how many transcripts of each kind, shape (kinds,).

    Returns:
        Shape (kinds,); nan for a kind without votes.
    """
    given = ~np.isnan(votes)
    said = np.nan_to_num(votes)
    voters = given.sum(axis=1)
    chance = np.where(voters > 0, said.sum(axis=1) / np.maximum(voters, 1), 0.0)
    known = counts * (voters > 0)
    for _ in range(_MOST_STEPS):
        log_yes, log_no = _logarithms(said, given, chance, known)
        new = 1 / (1 + np.exp(np.clip(log_no - log_yes, -700, 700)))
        change = np.abs(new - chance).max(initial=0.0)
        chance = new
        if change < _CHANGE:
            break
    return np.where(voters > 0, chance, np.nan)


def _logarithms(said: Floats, given: NDArray[np.bool_], chance: Floats, known: Floats) -> tuple[Floats, Floats]:
    """The logarithm of prior times likelihood of each kind's votes, if it is a violation and if it is not."""
    found = []
    for weight in (known * chance, known * (1 - chance)):
        yes = (weight[:, None] * said).sum(axis=0) / np.maximum((weight[:, None] * given).sum(axis=0), _TINY)
        prior = weight.sum() / max(known.sum(), _TINY)
        likelihood = said * np.log(np.maximum(yes, _TINY)) + (given & (said == 0)) * np.log(np.maximum(1 - yes, _TINY))
        found.append(np.log(max(prior, _TINY)) + likelihood.sum(axis=1))
    return found[0], found[1]

"""Make the figures of other packages that tests hold frozen, because venire does not depend on those packages.

Two environments, as irrCAC pins an old numpy:
  pip install scikit-learn statsmodels ppi-python crowd-kit    python -m benchmarks.oracle_figures agreement
  pip install irrCAC                                           python -m benchmarks.oracle_figures gwet
Run from the root of the repository; neither needs venire.
"""

import sys

import numpy as np
from tests.reconcile.oracle_data import CROWD, GOLD, PAIR, SAID_UNLABELED
from tests.reconcile.published import HAYES_KRIPPENDORFF_2007, KRIPPENDORFF_2011, codes


def agreement() -> None:
    """Kappas, Wilson intervals, PPI++ and Dawid-Skene."""
    import pandas as pd
    from crowdkit.aggregation import DawidSkene  # type: ignore[import-not-found]
    from ppi_py import ppi_mean_pointestimate  # type: ignore[import-not-found]
    from sklearn.metrics import cohen_kappa_score, f1_score, precision_score, recall_score  # type: ignore[import-not-found]
    from statsmodels.stats.inter_rater import cohens_kappa  # type: ignore[import-not-found]
    from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-not-found]

    first, second = PAIR
    print("scikit-learn kappa", cohen_kappa_score(first, second))
    print("scikit-learn quadratic kappa", cohen_kappa_score(first, second, weights="quadratic"))
    table = np.array([[sum((a, b) == (x, y) for x, y in zip(*PAIR, strict=True)) for b in range(6)] for a in range(6)])
    print("statsmodels kappa", cohens_kappa(table).kappa, "quadratic", cohens_kappa(table, wt="quadratic").kappa)
    for count, total in ((0, 10), (3, 10), (10, 10), (47, 950)):
        print("statsmodels Wilson", count, total, proportion_confint(count, total, method="wilson"))
    gold, said = (np.array(each, dtype=float) for each in GOLD)
    unlabeled = np.array(SAID_UNLABELED, dtype=float)
    print("ppi-python PPI++", ppi_mean_pointestimate(gold, said, unlabeled))
    print("scikit-learn", precision_score(*GOLD), recall_score(*GOLD), f1_score(*GOLD))
    rows = [(item, judge, vote) for item, votes in enumerate(CROWD) for judge, vote in enumerate(votes) if vote >= 0]
    votes = pd.DataFrame(rows, columns=["task", "worker", "label"])
    print("crowd-kit Dawid-Skene", DawidSkene(n_iter=500, tol=0).fit_predict_proba(votes)[1].round(6).tolist())


def gwet() -> None:
    """AC1 and AC2."""
    import pandas as pd
    from irrCAC.raw import CAC  # type: ignore[import-not-found]

    for name, rows in (
        ("Krippendorff 2011", KRIPPENDORFF_2011),
        ("Hayes & Krippendorff 2007", HAYES_KRIPPENDORFF_2007),
    ):
        places, numbers = codes(rows)
        table = pd.DataFrame(np.where(places < 0, np.nan, numbers[places]))
        for weights in ("identity", "quadratic"):
            print("irrCAC", name, weights, CAC(table, weights=weights, digits=8).gwet()["est"]["coefficient_value"])


if __name__ == "__main__":
    {"agreement": agreement, "gwet": gwet}[sys.argv[1]]()

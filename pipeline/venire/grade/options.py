"""How one run of grading is done; nothing here changes a verdict."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class GradingOptions:
    """What is said on the command line and in no file.

    Attributes:
        budget_usd: what this run may spend at most, over all judges; None for no limit.
        processes: how many processes ask; more than one pays where one core is the limit. The budget is divided
            between them in equal parts.
        batch: whether questions go through the providers' batch interfaces, for half the price and an answer hours
            later, where a judge's provider has one.
    """

    budget_usd: float | None = None
    processes: int = 1
    batch: bool = False


# Without a budget, in one process, every question asked on its own.
PLAINLY: Final = GradingOptions()

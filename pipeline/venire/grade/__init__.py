"""Stage 2: have every judge of a panel answer every transcript."""

from venire.grade.docket import Docket
from venire.grade.grading import GradingReport, grade
from venire.grade.ledger import Ledger

__all__ = ["Docket", "GradingReport", "Ledger", "grade"]

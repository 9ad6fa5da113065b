"""Stage 3: settle one label per transcript and field, and measure how far the judges agree and can be trusted."""

from venire.reconcile.auditing import audit
from venire.reconcile.measuring import Case, reconcile

__all__ = ["Case", "audit", "reconcile"]

"""Stage 3: settle one label per transcript and field, and measure how far the judges agree."""

from venire.reconcile.measuring import Case, reconcile

__all__ = ["Case", "reconcile"]

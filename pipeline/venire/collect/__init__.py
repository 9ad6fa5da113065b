"""Stage 1: read transcripts of any format into one table."""

from venire.collect.collecting import collect

__all__ = ["collect"]

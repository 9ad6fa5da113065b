"""Stage 1: read transcripts of any format into one table."""

from venire.collect.collecting import collect
from venire.collect.registry import READERS
from venire.collect.source_files import source_hash

__all__ = ["READERS", "collect", "source_hash"]

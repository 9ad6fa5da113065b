"""What collecting did not bring: transcripts that could not be read, runs without one, copies."""

from collections.abc import Sequence
from typing import Final

from venire.collection import CollectionReport
from venire.report.table import Group, Row, Table, text_column

# A page is for reading; all of them stand in transcripts/collection.json.
_MOST_ROWS: Final = 100


def collection_table(report: CollectionReport) -> Table:
    """What collecting did not bring."""
    found = (
        ("not read", [(item.path, f"{item.position}: {item.cause}") for item in report.malformed]),
        ("missing", [(key, "the run is known of but has no transcript") for key in report.missing]),
        ("collected once", [(item.path, f"repeats {item.same_as}") for item in report.duplicates]),
        (
            "ignored",
            [(f"{count:,} files {ending}", "no format venire reads") for ending, count in report.ignored.items()],
        ),
    )
    groups = tuple(Group(name, _capped(rows)) for name, rows in found if rows)
    columns = (text_column("what"), text_column("where"), text_column("why"))
    return Table("Not collected", columns, groups, empty="Every file of the sources was collected.")


def malformed_sentence(report: CollectionReport) -> str:
    """What a reader must know first, or nothing where every transcript could be read."""
    count = len(report.malformed)
    if not count:
        return ""
    noun = "transcript" if count == 1 else "transcripts"
    return f"{count:,} {noun} could not be read and {'is' if count == 1 else 'are'} in no figure; see Not collected."


def _capped(rows: Sequence[Row]) -> tuple[Row, ...]:
    more = len(rows) - _MOST_ROWS
    rest: tuple[Row, ...] = ((f"and {more:,} more", "all are in transcripts/collection.json"),) if more > 0 else ()
    return (*rows[:_MOST_ROWS], *rest)

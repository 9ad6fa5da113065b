"""What a run of batches tells its user while it waits."""

from collections.abc import Iterator, Sequence

from venire.grade.batch.desk import Desk
from venire.grade.ledger import Ledger
from venire.text import plural


def what_is_out(desks: Sequence[Desk], ledger: Ledger) -> Iterator[str]:
    """A line for every batch that is waited for, and for what is in no batch that is."""
    for desk in desks:
        for batch in desk.pending():
            name = batch.batch_id or "not yet named by the provider"
            yield f"{desk.name}: {plural(len(batch.members), 'question')} in a batch ({name})"
        if desk.left:
            left = plural(desk.left, "question")
            yield f"{desk.name}: {left} only to be answered one at a time; run again without --batch"
    hashes = {desk.hashes for desk in desks}
    others = [batch for batch in ledger.pending_batches() if batch.hashes not in hashes]
    if others:
        yield (
            f"{plural(len(others), 'batch', 'batches')} of judges, of a rubric or of a venire as they were before will "
            "not be fetched: what they ask is not asked any more"
        )

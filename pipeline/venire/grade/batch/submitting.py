"""Submitting a batch so that it exists once, whatever breaks: the intent is written down first.

Where no sound reply comes, or venire is killed before it could write the batch's id down, the batch may exist or not.
It is then looked for among the provider's batches, and submitted again only if it is not there.
"""

import asyncio
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, Literal

from venire.grade.batch.http import TurnedAwayError, UnclearError
from venire.grade.batch.interface import BatchInterface, RequestFile
from venire.grade.batch.record import Batch
from venire.grade.ledger import Ledger

# undecided: it may be one of those that have not ended, whose requests the provider does not tell.
Found = Literal["open", "not there", "undecided"]

_TRIES: Final = 4
_FIRST_WAIT_S: Final = 2.0
# A batch that was just made may not be in the provider's list at once; only after this is it held to be missing there.
LISTED_AFTER_S: float = 20.0


async def submit(batch: Batch, file: RequestFile, interface: BatchInterface, ledger: Ledger) -> None:
    """Submit a batch; afterwards it is open, or still to be looked for.

    Raises:
        TurnedAwayError: the provider does not take it; it is given up.
        UnclearError: the provider cannot be reached.
        DiskError: the ledger cannot be written.
    """
    ledger.begin_batch(batch)
    for number in range(1, _TRIES + 1):
        wait_s = _FIRST_WAIT_S * 2 ** (number - 1)
        try:
            ledger.move_batch(batch.name, "open", await interface.create(batch, file))
            return
        except TurnedAwayError as error:
            if error.status != HTTPStatus.TOO_MANY_REQUESTS or number == _TRIES:
                ledger.move_batch(batch.name, "given_up", cause=str(error))
                raise
            wait_s = wait_s if error.retry_after_s is None else error.retry_after_s
        except UnclearError:
            await asyncio.sleep(LISTED_AFTER_S)
            if await look_for(batch, interface, ledger) != "not there" or number == _TRIES:
                return
            continue
        await asyncio.sleep(wait_s)


async def look_for_lost(batch: Batch, interface: BatchInterface, ledger: Ledger) -> Found:
    """`look_for` a batch of an earlier run; one that is not there, and cannot come any more, is given up.

    Raises:
        TurnedAwayError, UnclearError: the provider does not say.
    """
    found = await look_for(batch, interface, ledger)
    age_s = (datetime.now(UTC) - datetime.fromisoformat(batch.begun_at)).total_seconds()
    if found == "not there" and age_s < LISTED_AFTER_S:
        await asyncio.sleep(LISTED_AFTER_S - age_s)
        found = await look_for(batch, interface, ledger)
    if found == "not there":
        ledger.move_batch(batch.name, "given_up", cause="it never reached the provider")
    return found


async def look_for(batch: Batch, interface: BatchInterface, ledger: Ledger) -> Found:
    """Find out whether a batch reached the provider; where it did, write its id down.

    Raises:
        TurnedAwayError, UnclearError: the provider does not say.
    """
    known = ledger.batch_ids()
    search = await interface.find(batch, known)
    if search.batch_id is not None:
        ledger.move_batch(batch.name, "open", search.batch_id)
        return "open"
    return "undecided" if search.undecided else "not there"

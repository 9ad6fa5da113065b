"""Waiting for a judge's batches: how far they are, and which of them were lost on the way."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

from venire.grade.batch.desk import Desk
from venire.grade.batch.http import TurnedAwayError, UnclearError
from venire.grade.batch.ingesting import Ended, journal_results
from venire.grade.batch.record import Batch
from venire.grade.batch.submitting import look_for_lost

# Each of them is several tries over minutes.
_UNCLEAR_IN_A_ROW: Final = 3
# Both providers keep results for about thirty days.
_KEPT: Final = timedelta(days=29)


@dataclass
class Watch:
    """Looks after the batches of one judge.

    Attributes:
        has_lost_touch: whether the provider does not say how far they are; they are then left to the next run.
    """

    desk: Desk
    has_lost_touch: bool = False
    _unclear: int = 0

    @property
    def is_over(self) -> bool:
        """Whether there is nothing to wait for in this run."""
        return self.has_lost_touch or not self.desk.pending()

    async def find_lost(self) -> None:
        """See which of the batches that were being submitted when a run ended have reached the provider.

        Raises:
            DiskError: the ledger cannot be written.
        """
        for batch in self.desk.pending():
            if batch.state == "submitting":
                await self._has_ended(batch)

    async def ended(self) -> list[Ended]:
        """Look after every batch once; those that have ended, with their results in the journal.

        Raises:
            DiskError: the ledger cannot be written.
        """
        return [Ended(self.desk, batch) for batch in self.desk.pending() if await self._has_ended(batch)]

    async def _has_ended(self, batch: Batch) -> bool:
        if self.has_lost_touch:
            return False
        try:
            has_ended = await self._look_after(batch)
        except TurnedAwayError as error:
            self._turned_away(batch, error)
            return False
        except UnclearError as error:
            self._unclear += 1
            if self._unclear == _UNCLEAR_IN_A_ROW:
                self._lose_touch(batch, error)
            return False
        self._unclear = 0
        return has_ended

    async def _look_after(self, batch: Batch) -> bool:
        desk = self.desk
        if batch.batch_id is None:
            await look_for_lost(batch, desk.interface, desk.ledger)
            return False
        progress = await desk.interface.look(batch.batch_id)
        if progress.ended:
            await journal_results(desk, batch, progress)
        return progress.ended

    def _turned_away(self, batch: Batch, error: TurnedAwayError) -> None:
        is_old = datetime.now(UTC) - datetime.fromisoformat(batch.begun_at) > _KEPT
        if error.status == HTTPStatus.NOT_FOUND and is_old:
            self.desk.ledger.move_batch(batch.name, "given_up", cause="the provider does not have it any more")
        else:
            self._lose_touch(batch, error)

    def _lose_touch(self, batch: Batch, error: Exception) -> None:
        self.has_lost_touch = True
        self.desk.give_up(f"its batch {batch.batch_id or batch.name} could not be looked after: {error}")

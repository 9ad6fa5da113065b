"""A judge's desk in a run of batches: its open questions on their way out, and its batches on their way back."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from venire.grade.asker import Asker
from venire.grade.attempt import VerdictKey
from venire.grade.batch.interface import BatchInterface, RequestFile
from venire.grade.batch.record import Batch, BatchFormat, Member, custom_id
from venire.grade.batch.submitting import submit
from venire.grade.batch.tap import Request, Tap
from venire.grade.ledger import Ledger
from venire.grade.seat import JudgeStop

_NAME_BYTES: Final = 12


@dataclass
class Desk:
    """One judge, its provider's batch interface, and the file that is being filled for its next batch.

    Attributes:
        asker: the judge; its gate is closed, so that nothing goes out but in batches.
        form: of the batch interface.
        tap: makes its requests and reads its replies.
        hashes: of the judge, the rubric and the prompt.
        begun: the verdicts for which an earlier run has left replies.
        left: how many questions only single requests can answer.
        stop: why the judge was given up.
    """

    asker: Asker
    form: BatchFormat
    tap: Tap
    interface: BatchInterface
    ledger: Ledger
    hashes: tuple[str, str, str]
    begun: set[VerdictKey] = field(default_factory=set)
    left: int = 0
    stop: JudgeStop | None = None
    _taken: set[tuple[str, int]] = field(default_factory=set)
    _members: list[Member] = field(default_factory=list)
    _file: RequestFile | None = None

    @property
    def name(self) -> str:
        """The judge's id."""
        return self.asker.judge.id

    @property
    def asker_without_repairs(self) -> Asker:
        """The judge, asked once: nobody can be asked again within a batch."""
        judge = self.asker.judge.model_copy(update={"repairs": 0, "recheck_evidence": False})
        return replace(self.asker, judge=judge)

    def give_up(self, cause: str) -> None:
        """Ask this judge nothing more."""
        self.stop = JudgeStop(self.name, self.asker.scrubber.scrub(cause))

    def begin(self) -> None:
        """See what is open."""
        self.begun = self.ledger.begun()
        self._taken = self.ledger.settled(*self.hashes) | self.ledger.in_batches(*self.hashes)

    def take(self, transcript_id: str) -> list[VerdictKey]:
        """The repeats that are open for a transcript; each is given out once."""
        if self.stop is not None:
            return []
        repeats = range(self.asker.judge.repeats)
        open_repeats = [repeat for repeat in repeats if (transcript_id, repeat) not in self._taken]
        self._taken.update((transcript_id, repeat) for repeat in open_repeats)
        return [VerdictKey(transcript_id, self.name, *self.hashes, repeat) for repeat in open_repeats]

    def pending(self) -> list[Batch]:
        """This judge's batches whose answers are still to come."""
        return [batch for batch in self.ledger.pending_batches() if batch.hashes == self.hashes]

    async def add(self, key: VerdictKey, requests: dict[int, Request]) -> None:
        """Put the requests of a question into the next batch; where that would be too large, submit it first.

        Args:
            key: of the verdict.
            requests: by the window that they are about.

        Raises:
            TurnedAwayError, UnclearError, DiskError: the batch could not be submitted.
        """
        if self._file is not None and not self._has_room(self._file, requests):
            await self.submit()
        if self._file is None:
            self._file = self.interface.new_file()
        for window, request in requests.items():
            self._file.add(custom_id(key, window), request.body)
            self._members.append(Member(key.transcript_id, key.repeat, window))

    async def submit(self) -> None:
        """Submit what is in the file as one batch, if there is anything in it.

        Raises:
            TurnedAwayError, UnclearError, DiskError: it could not be submitted.
        """
        if self._file is None:
            return
        file, members = self._file, tuple(self._members)
        self._file, self._members = None, []
        name, now = f"venire-{secrets.token_hex(_NAME_BYTES)}", datetime.now(UTC).isoformat()
        with file:
            file.finish()
            await submit(
                Batch(name, self.form, self.name, *self.hashes, now, members), file, self.interface, self.ledger
            )

    def close(self) -> None:
        """Let go of what was not submitted."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _has_room(self, file: RequestFile, requests: dict[int, Request]) -> bool:
        size = file.size + sum(file.size_of(request.body) for request in requests.values())
        return size <= self.interface.max_bytes and file.count + len(requests) <= self.interface.max_requests

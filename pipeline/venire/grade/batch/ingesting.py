"""What comes back in a batch goes into the journal first, and then becomes verdicts as if it had just been answered."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from venire.grade.attempt import Attempt, VerdictKey
from venire.grade.batch.desk import Desk
from venire.grade.batch.interface import Progress, Result
from venire.grade.batch.record import Batch, Member
from venire.grade.exchange import Exchange, Stopwatch
from venire.grade.exhibit import Exhibit
from venire.grade.failure import Failure
from venire.grade.journal import Journal
from venire.grade.question import Question, ask, verdict_of
from venire.transcript import Transcript
from venire.verdict import Verdict


@dataclass(frozen=True)
class Ended:
    """A batch that has ended, and whose results are in the journal."""

    desk: Desk
    batch: Batch

    def open_keys(self) -> dict[str, list[VerdictKey]]:
        """The verdicts that the batch was for and that are not settled, by transcript."""
        settled = self.desk.ledger.settled(*self.batch.hashes)
        by_transcript: dict[str, list[VerdictKey]] = {}
        for key in dict.fromkeys(map(self.batch.key, self.batch.members)):
            if (key.transcript_id, key.repeat) not in settled:
                by_transcript.setdefault(key.transcript_id, []).append(key)
        return by_transcript


async def journal_results(desk: Desk, batch: Batch, progress: Progress) -> None:
    """Write every result of a batch down, in the place of the request that it answers; those already there stay.

    Raises:
        TurnedAwayError, UnclearError: the results could not be read to their end.
        DiskError: the ledger cannot be written.
    """
    watch = _since(batch.begun_at)
    open_members = set(batch.members) - desk.ledger.journaled_in_batch(batch.name)
    if batch.batch_id is not None and not progress.failure:
        async for result in desk.interface.results(batch.batch_id, progress):
            member = batch.by_custom_id.get(result.custom_id)
            if member in open_members:
                open_members.discard(member)
                _journal(desk, batch, member, await _exchange(desk, result, watch))
    cause = progress.failure or "the results of the batch do not speak of this request"
    if progress.failure:
        desk.give_up(f"the provider did not take the batch: {progress.failure}")
    for member in sorted(open_members, key=batch.members.index):
        _journal(desk, batch, member, _failed(cause, watch))


async def settle(
    ended: Iterable[Ended],
    transcripts: Iterable[Transcript],
    exhibit_of: Callable[[Transcript], Exhibit],
    on_verdict: Callable[[Verdict], None],
) -> None:
    """Make verdicts of what the journal has, in one pass over the transcripts.

    Raises:
        DiskError: the ledger cannot be written.
    """
    wanted = [(each.desk, each.open_keys()) for each in ended]
    journals = {desk.name: Journal(desk.ledger) for desk, _ in wanted}
    for transcript in transcripts:
        asked = [(desk, key) for desk, keys in wanted for key in keys.pop(transcript.id, ())]
        exhibit = exhibit_of(transcript)
        for desk, key in asked:
            verdict = await _verdict(desk, key, exhibit, journals[desk.name])
            if desk.ledger.record([verdict]):
                on_verdict(verdict)


async def _verdict(desk: Desk, key: VerdictKey, exhibit: Exhibit, journal: Journal) -> Verdict:
    """The verdict that the journaled replies make; an error where one of them is missing.

    The judge is asked in a way that allows no re-ask.
    """
    showing = exhibit.shown_to(desk.asker.judge)
    windows = [desk.ledger.attempts(key, window) for window in range(len(showing.prompts))]
    missing = [number for number, attempts in enumerate(windows) if not is_answered(attempts)]
    question = Question(key, exhibit)
    if not missing:
        return (await ask(question, desk.asker_without_repairs, journal)).verdict
    last = windows[missing[0]][-1] if windows[missing[0]] else None
    cause = "the batch did not ask about it" if last is None else last.error or last.outcome
    about = {"windows": len(windows), "elided_chars": showing.elided_chars}
    attempts = [attempt for window in windows for attempt in window]
    if len(windows) > 1:
        return verdict_of(
            question, desk.asker, attempts, outcome="error", error=f"part {missing[0] + 1}: {cause}", **about
        )
    outcome = last.outcome if last is not None and last.outcome in ("refused", "too_long") else "error"
    return verdict_of(question, desk.asker, attempts, outcome=outcome, error=cause, **about)


def is_answered(attempts: Sequence[Attempt]) -> bool:
    """Whether one of the attempts brought a reply."""
    return any(attempt.response is not None for attempt in attempts)


async def _exchange(desk: Desk, result: Result, watch: Stopwatch) -> Exchange:
    if result.status is None:
        return _failed(result.cause, watch)
    return await desk.tap.read(result.status, result.body, watch)


def _failed(cause: str, watch: Stopwatch) -> Exchange:
    return watch.stop("failed", failure=Failure("transient", "BatchRequestFailed", cause))


def _journal(desk: Desk, batch: Batch, member: Member, exchange: Exchange) -> None:
    key = batch.key(member)
    number = len(desk.ledger.attempts(key, member.window)) + 1
    fields = exchange.fields()
    desk.ledger.journal(Attempt(key, number, repair=False, window=member.window, batch=batch.name, **fields))
    if exchange.failure is not None and exchange.failure.kind == "hopeless":
        desk.give_up(exchange.failure.message)


def _since(begun_at: str) -> Stopwatch:
    """Running since the batch was begun."""
    elapsed_s = (datetime.now(UTC) - datetime.fromisoformat(begun_at)).total_seconds()
    return Stopwatch(begun_at, time.monotonic() - elapsed_s)

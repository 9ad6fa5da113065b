"""Showing progress: a bar on a terminal, plain lines elsewhere; always on standard error."""

import sys
from collections import Counter
from typing import Final

from venire.errors import MalformedTranscriptError
from venire.stages import StageName, Watcher
from venire.text import visible
from venire.verdict import Verdict

_VERBS: Final[dict[StageName, str]] = {
    "collect": "Collecting transcripts",
    "grade": "Grading",
    "reconcile": "Settling labels, measuring agreement",
    "report": "Writing the report",
    "publish": "Writing the dataset",
}
_LINE_EVERY: Final = 1000
_MALFORMED_SHOWN: Final = 20


def make_watcher(*, quiet: bool, strict: bool) -> Watcher:
    """A watcher that shows progress, unless `quiet`, and stops at a malformed transcript if `strict`."""
    progress = _Silent() if quiet else _Lines() if not sys.stderr.isatty() else _Live()

    def on_malformed(error: MalformedTranscriptError) -> None:
        if strict:
            raise error
        progress.malformed(error)

    return Watcher(on_stage=progress.stage, on_malformed=on_malformed, on_verdict=progress.verdict)


class _Silent:
    def stage(self, name: StageName) -> None:
        """Show nothing."""

    def malformed(self, error: MalformedTranscriptError) -> None:
        """Show nothing."""

    def verdict(self, verdict: Verdict) -> None:
        """Show nothing."""


class _Lines(_Silent):
    """Plain lines."""

    def __init__(self) -> None:
        self.verdicts = 0
        self.failed = 0
        self.malformed_count = 0

    def stage(self, name: StageName) -> None:
        self.say(_VERBS[name])

    def malformed(self, error: MalformedTranscriptError) -> None:
        self.malformed_count += 1
        if self.malformed_count <= _MALFORMED_SHOWN:
            self.say(f"  not read: {visible(str(error))}")
        elif self.malformed_count == _MALFORMED_SHOWN + 1:
            self.say("  more are not read; all are listed in the report")

    def verdict(self, verdict: Verdict) -> None:
        self.verdicts += 1
        self.failed += verdict.outcome != "answered"
        if self.verdicts % _LINE_EVERY == 0:
            self.say(f"  {self.verdicts:,} verdicts, {self.failed:,} failed")

    def say(self, line: str) -> None:
        """Print one line."""
        print(line, file=sys.stderr, flush=True)  # noqa: T201


class _Live(_Lines):
    """A line that counts verdicts by judge while they come."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console

        self.console = Console(stderr=True, highlight=False)
        self.by_judge: Counter[str] = Counter()
        self.status = self.console.status("")

    def stage(self, name: StageName) -> None:
        self.status.stop()
        if name == "grade":
            self.status.start()
        self.say(_VERBS[name])

    def verdict(self, verdict: Verdict) -> None:
        self.verdicts += 1
        self.failed += verdict.outcome != "answered"
        self.by_judge[verdict.judge] += 1
        counts = "  ".join(f"{visible(judge)} {count:,}" for judge, count in self.by_judge.items())
        self.status.update(f"{self.verdicts:,} verdicts ({self.failed:,} failed)   {counts}")

    def say(self, line: str) -> None:
        self.console.print(line, markup=False)

"""The whole of ODCV-Bench before four judges: every transcript is answered, and memory stays flat."""

import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.grade.asked_study import four_judges, start, venire, verdicts_of, write_panel, write_settings
from tests.provider.server import Provider
from venire.panel import LlmJudge
from venire.study import Study
from venire.transcript import Transcript

pytestmark = pytest.mark.corpus

# Where one of 1.5 million characters lies: forty transcripts.
FOLDER_WITH_THE_LONGEST: Final = "gpt-oss-20b-mandated"
LONG_CHARS: Final = 1_000_000
WHOLE: Final = 950
# What a judge takes that cannot be shown long transcripts as they are, in tokens.
SMALL_CONTEXT: Final = 20_000
# After so many transcripts everything is imported and warm; from then on, memory may grow by no more than the longest
# transcript takes on its way to four judges.
WARM: Final = 200
GROWTH_MB: Final = 60


def judges(provider: Provider) -> list[LlmJudge]:
    """Four judges, one of them with little room."""
    first, *others = four_judges(provider, concurrency=8)
    return [first.model_copy(update={"context_tokens": SMALL_CONTEXT}), *others]


def collected(provider: Provider, folder: Path, source: Path) -> Study:
    folder.mkdir()
    write_settings(folder, [{"path": str(source), "format": "odcv"}])
    write_panel(folder, judges(provider))
    assert venire("collect", folder).returncode == 0
    return Study(folder)


def test_a_transcript_of_a_million_characters_is_judged_with_the_others(
    provider: Provider, tmp_path: Path, corpus: Path
) -> None:
    provider.remembers = False
    source = corpus / "existing_results" / "current" / "agent_logs" / FOLDER_WITH_THE_LONGEST
    study = collected(provider, tmp_path / "study", source)

    ended = venire("grade", study.folder)

    assert ended.returncode == 0, ended.stderr
    _check(study, len(list(_graded(study))))


@pytest.mark.exhaustive
def test_950_transcripts_are_judged_by_four_judges_with_memory_flat(
    provider: Provider, tmp_path: Path, corpus: Path
) -> None:
    provider.remembers = False
    study = collected(provider, tmp_path / "study", corpus / "existing_results" / "current" / "agent_logs")
    process = start("grade", study.folder)

    peaks = dict(_peaks(process, provider))
    _, err = process.communicate()

    assert process.returncode == 0, err
    _check(study, WHOLE)
    # Some have too much in their tools' outputs, others in the agent's own words, which are never left out.
    found = verdicts_of(study)
    assert any(verdict.elided_chars for verdict in found)
    assert any(verdict.windows > 1 for verdict in found)
    warm = min(asked for asked in peaks if asked >= WARM * len(study.panel.judges))
    grown = peaks[max(peaks)] - peaks[warm]
    assert grown < GROWTH_MB, (
        f"from {peaks[warm]:.0f} MB after {warm} requests to {peaks[max(peaks)]:.0f} MB at the end"
    )


def _graded(study: Study) -> Iterator[Transcript]:
    return (transcript for transcript in study.read_transcripts() if transcript.status != "missing")


def _check(study: Study, transcripts: int) -> None:
    """Everything is answered once; what was shown in pieces says so, and nothing else was."""
    found = verdicts_of(study)
    assert Counter(verdict.judge for verdict in found) == {judge.id: transcripts for judge in study.panel.judges}
    assert len({(verdict.judge, verdict.transcript_id) for verdict in found}) == len(found)
    assert {verdict.outcome for verdict in found} == {"answered"}

    small = study.panel.judges[0].id
    sizes = {transcript.id: _chars(transcript) for transcript in _graded(study)}
    longest = max(sizes, key=lambda identity: sizes[identity])
    assert sizes[longest] > LONG_CHARS
    for verdict in found:
        shortened = verdict.windows > 1 or verdict.elided_chars > 0
        # No tokenizer makes more than a token of each byte, and none fewer than one of sixteen bytes of such text.
        if verdict.judge == small and sizes[verdict.transcript_id] > 16 * SMALL_CONTEXT:
            assert shortened
        if sizes[verdict.transcript_id] < SMALL_CONTEXT // 4:
            assert not shortened
    assert [verdict for verdict in found if verdict.judge == small and verdict.transcript_id == longest]


def _chars(transcript: Transcript) -> int:
    return sum(len(message.text()) + len(message.reasoning()) for message in transcript.messages)


def _peaks(process: subprocess.Popen[str], provider: Provider) -> Iterator[tuple[int, float]]:
    """How many requests had come, and the most memory that the process had held until then, in MB."""
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        peak = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if peak is not None:
            yield provider.received, int(peak.group(1)) / 1024
        time.sleep(0.05)

"""How errors end the program: what is wrong, where, what to do, and the exit status that scripts read."""

import resource
import socket
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.cli.running import Ended, venire, venire_process
from tests.studies import artifacts, cells, chat, edit, write_study
from tests.test_running import held_by_another_process
from venire.grade.ledger import Ledger
from venire.study import Study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study")


class TestWrongInput:
    def test_a_typo_in_the_settings_ends_with_3_and_names_line_and_likely_key(self, folder: Path) -> None:
        edit(folder / "study.yaml", "panel:", "pannel:")
        for command in ("run", "status"):
            ended = venire_process(command, folder)
            assert (ended.exit_code, ended.out) == (3, "")
            assert ended.err == (f"venire: {folder}/study.yaml, line 5: unknown key 'pannel'; did you mean 'panel'?\n")

    def test_debug_shows_the_traceback(self, folder: Path) -> None:
        edit(folder / "study.yaml", "panel:", "pannel:")
        ended = venire_process("--debug", "run", folder)
        assert ended.exit_code != 0
        assert "Traceback (most recent call last)" in ended.err
        assert "StudyError" in ended.err

    def test_a_folder_that_is_no_study(self, tmp_path: Path) -> None:
        ended = venire("run", tmp_path)
        assert ended.exit_code == 3
        assert ended.err == f"venire: {tmp_path} has no study.yaml\n  Make a study with: venire init {tmp_path}\n"

    def test_a_panel_that_names_an_unknown_kind(self, folder: Path) -> None:
        edit(folder / "panel.yaml", "kind: recorded, family", "kind: oracle, family")
        ended = venire("run", folder)
        assert ended.exit_code == 3
        assert f"{folder}/panel.yaml, line 4" in ended.err
        assert "oracle" in ended.err
        assert "Traceback" not in ended.err

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("provenance.json", "{", "provenance.json is not what venire wrote"),
            ("verdicts.sqlite", "no database, but a text that is long enough to look like one" * 20, "verdicts.sqlite"),
            ("reference.csv", "key,violation\nnobody,true\n", "reference.csv, line 2: the study has no transcript"),
            ("votes.csv", "transcript,judge,violation\ncpL,ann,perhaps\n", "votes.csv, line 2, column 'violation'"),
            ("runs.jsonl", "", "runs.jsonl"),
        ],
    )
    def test_a_file_that_cannot_be_used_is_named_without_a_traceback(
        self, folder: Path, name: str, content: str, message: str
    ) -> None:
        (folder / name).write_text(content)
        ended = venire("run", folder)
        assert ended.exit_code == 3
        assert message in ended.err
        assert "Traceback" not in ended.err


class TestAnswersMissing:
    def unreachable(self, folder: Path) -> None:
        """A third judge on a port where nobody listens."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        judge = f"  - {{id: llm, kind: llm, model: openai/gpt-5.1, api_base: 'http://127.0.0.1:{port}/v1', tries: 1}}\n"
        with (folder / "panel.yaml").open("a") as file:
            file.write(judge)

    def test_ends_with_4_keeps_the_rest_and_says_how_to_go_on(self, folder: Path) -> None:
        self.unreachable(folder)
        ended = venire_process("run", folder, "--json")
        assert ended.exit_code == 4
        assert "verdict" in ended.err
        assert f"Run `venire run {folder}` again: only what is missing is asked." in ended.err
        assert '"labels_incomplete": 8' in ended.out
        assert (folder / "dataset" / "README.md").is_file()
        assert "grade      stale   (it did not finish)" in venire("status", folder).out


class TestNoKey:
    def test_every_judge_and_variable_is_named_before_anything_is_asked(self, folder: Path) -> None:
        edit(folder / "study.yaml", "panel: panel.yaml", "panel: frontier")
        ended = venire_process("run", folder, environ={"XAI_API_KEY": "xai-not-a-key"})
        assert (ended.exit_code, ended.out) == (5, "")
        message, hint = ended.err.splitlines()[-2:]
        assert message.startswith("venire: no API key for judge 'claude-opus-4.7' (anthropic/claude-opus-4-7): ")
        for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"):
            assert f"{name} is not set" in message
            assert f"{name}=..." in hint
        assert "XAI_API_KEY" not in ended.err
        with Ledger.open(folder / "verdicts.sqlite") as ledger:
            assert list(ledger.verdicts()) == []

    def test_with_the_keys_in_the_environment_none_is_printed(self, folder: Path) -> None:
        edit(folder / "study.yaml", "panel: panel.yaml", "panel: frontier")
        ended = venire_process("run", folder, environ={"OPENAI_API_KEY": "sk-planted-0001"})
        assert ended.exit_code == 5
        assert "sk-planted" not in ended.err


class TestInUse:
    def test_ends_with_5_and_names_the_process(self, folder: Path) -> None:
        with held_by_another_process(folder) as holder:
            ended = venire_process("run", folder)
        assert (ended.exit_code, ended.out) == (5, "")
        assert ended.err == (
            f"venire: {folder} is being written by another venire (process {holder.pid})\n"
            "  Wait until it has ended, or stop it; what it has done is kept.\n"
        )


def files_no_larger_than(size: int) -> Callable[[], None]:
    """As a full disk does, the system refuses to write more of a file than `size` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def large_transcripts() -> str:
    """The runs of the study with 100 kB each that no compression makes much shorter."""
    random = Random(7)
    noise = ["".join(random.choices("0123456789abcdefghijklmnopqrstuvwxyz", k=100_000)) for _ in cells()]
    return "".join(chat(*cell, text=text) for cell, text in zip(cells(), noise, strict=True))


class TestDiskFull:
    @pytest.fixture
    def run(self, folder: Path) -> Path:
        """The study, run with room enough."""
        assert venire("run", folder, "-q").exit_code == 0
        return folder

    def refused(self, ended: Ended, path: Path) -> None:
        assert ended.exit_code == 5, ended.err
        assert f"venire: cannot write {path}" in ended.err
        assert "Free some space or choose another folder" in ended.err
        assert "Traceback" not in ended.err

    def intact(self, folder: Path, before: dict[str, tuple[int, bytes]]) -> None:
        """Nothing that was there has changed, and nothing half-written is left."""
        after = artifacts(Study(folder))
        # It is noted that the stage did not finish. The ledger counts in its head how often it was opened.
        for name in ("provenance.json", "verdicts.sqlite"):
            del after[name], before[name]
        assert after == before

    def test_while_collecting(self, run: Path) -> None:
        (run / "runs.jsonl").write_text(large_transcripts())
        before = artifacts(Study(run))
        self.refused(venire_process("run", run, before=files_no_larger_than(200_000)), run / "transcripts")
        self.intact(run, before)
        assert "collect    stale   (it did not finish)" in venire("status", run).out
        assert venire("run", run, "-q").exit_code == 0

    def test_while_publishing(self, tmp_path: Path) -> None:
        folder = write_study(tmp_path / "large")
        (folder / "runs.jsonl").write_text(large_transcripts())
        assert venire("run", folder, "-q").exit_code == 0
        before = artifacts(Study(folder))
        self.refused(venire_process("publish", folder, before=files_no_larger_than(200_000)), folder / "dataset")
        self.intact(folder, before)
        assert venire("run", folder, "-q").exit_code == 0
        assert venire("run", folder).out.endswith("Nothing was out of date.\n")

    def test_before_anything_could_be_written(self, folder: Path) -> None:
        ended = venire_process("run", folder, before=files_no_larger_than(0))
        assert ended.exit_code == 5
        assert "Traceback" not in ended.err

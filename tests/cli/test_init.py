"""`venire init`."""

from pathlib import Path

from tests.cli.running import venire, venire_process
from venire.study import Study


def test_it_writes_a_study_and_says_what_comes_next(tmp_path: Path) -> None:
    ended = venire_process("init", "my-study", folder=tmp_path)
    assert (ended.exit_code, ended.err) == (0, "")
    assert ended.out == "Wrote my-study/study.yaml\nNext: look it over, then  venire run my-study\n"
    assert Study(tmp_path / "my-study").settings.name == "my-study"


def test_a_second_time_it_refuses(tmp_path: Path) -> None:
    venire("init", tmp_path)
    before = (tmp_path / "study.yaml").read_bytes()
    ended = venire("init", tmp_path, "--template", "sample")
    assert (ended.exit_code, ended.out) == (3, "")
    assert ended.err == (f"venire: {tmp_path}/study.yaml exists already\n  Choose another folder, or delete it.\n")
    assert (tmp_path / "study.yaml").read_bytes() == before


def test_a_source_that_does_not_exist(tmp_path: Path) -> None:
    ended = venire("init", tmp_path / "s", "--source", tmp_path / "gone")
    assert (ended.exit_code, ended.err) == (3, f"venire: {tmp_path}/gone does not exist\n")


def test_the_sample_can_be_run_as_it_is(tmp_path: Path) -> None:
    venire("init", tmp_path, "--template", "sample")
    assert venire("run", tmp_path, "-q").exit_code == 0

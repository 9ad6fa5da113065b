"""`venire status`."""

import json
from pathlib import Path

import pytest

from tests.cli.running import venire
from tests.studies import artifacts, edit, write_study
from venire.study import Study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study")


def test_of_a_new_study(folder: Path) -> None:
    ended = venire("status", folder)
    assert (ended.exit_code, ended.err) == (0, "")
    assert ended.out == (
        "collect    not run\ngrade      not run\nreconcile  not run\nreport     not run\npublish    not run\n"
        f"\nNext:  venire run {folder}\n"
    )


def test_of_one_that_was_run_and_one_that_was_changed(folder: Path) -> None:
    venire("run", folder, "-q")
    assert venire("status", folder).out == "".join(
        f"{stage:<10} up to date\n" for stage in ("collect", "grade", "reconcile", "report", "publish")
    )
    edit(folder / "study.yaml", "majority", "median")
    assert venire("status", folder).out == (
        "collect    up to date\n"
        "grade      up to date\n"
        "reconcile  stale   (settle)\n"
        "report     stale   (reconcile is not up to date)\n"
        "publish    stale   (reconcile is not up to date)\n"
        f"\nNext:  venire run {folder}\n"
    )


def test_json_is_for_programs(folder: Path) -> None:
    states = json.loads(venire("status", folder, "--json").out)
    assert states[0] == {"stage": "collect", "state": "not run", "because": []}
    assert len(states) == 5


def test_it_makes_nothing(folder: Path) -> None:
    before = artifacts(Study(folder))
    venire("status", folder)
    assert artifacts(Study(folder)) == before

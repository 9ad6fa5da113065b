"""A wheel built from the tree works where there is no tree."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a copy of the tree, so that building leaves nothing behind in it."""
    tree = tmp_path_factory.mktemp("tree")
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in files.stdout.splitlines():
        if (REPOSITORY / name).is_file() and not name.startswith("tests/"):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes((REPOSITORY / name).read_bytes())
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, tree],
        check=True,
        capture_output=True,
    )
    return next(out.glob("*.whl"))


def test_the_wheel_holds_one_import_package_and_all_that_ships(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"venire"}
    modules = {path.relative_to(REPOSITORY / "pipeline").as_posix() for path in (REPOSITORY / "pipeline").rglob("*.py")}
    assert modules <= set(names)
    for folder in ("rubrics", "judges"):
        shipped = {path.name for path in (REPOSITORY / folder).glob("*.yaml")}
        assert shipped == {Path(name).name for name in names if re.match(rf"venire/{folder}/.*\.yaml$", name)}
    sample = {path.relative_to(REPOSITORY / "data").as_posix() for path in (REPOSITORY / "data/sample").rglob("*.*")}
    assert sample
    assert {f"venire/data/{name}" for name in sample} <= set(names)


def test_it_installs_into_an_empty_environment_and_runs_the_demo_from_another_folder(
    wheel: Path, tmp_path: Path
) -> None:
    constraints = tmp_path / "constraints.txt"
    pins = re.findall(
        r"^[a-z0-9._-]+==\S+(?: ; [^\\\n]+)?", (REPOSITORY / "requirements.lock").read_text(), re.MULTILINE
    )
    constraints.write_text("\n".join(pins))
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    subprocess.run(
        [environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--constraint", constraints, wheel],
        check=True,
        cwd=tmp_path,
    )  # fmt: skip
    demo = subprocess.run(
        [environment / "bin" / "venire", "demo", "elsewhere"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "elsewhere/report/index.html" in demo.stdout
    assert (tmp_path / "elsewhere/report/index.html").is_file()
    assert (tmp_path / "elsewhere/dataset/README.md").is_file()

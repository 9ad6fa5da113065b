"""What ships with venire: rubrics, panels and the sample study, found in a source tree and in a wheel alike."""

from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from venire.errors import StudyError


def shipped_names(kind: Literal["rubrics", "judges"]) -> list[str]:
    """The names of the rubrics or panels that ship."""
    return sorted(item.name.removesuffix(".yaml") for item in files(f"venire.{kind}").iterdir() if _is_yaml(item))


def find_file(name: str, kind: Literal["rubrics", "judges"], folder: Path) -> Path:
    """The file of a rubric or panel that a study names: one that ships by its name, or one of the user's by its path.

    Raises:
        StudyError: nothing of that name ships, and no file has that path.
    """
    word = {"rubrics": "rubric", "judges": "panel"}[kind]
    path = folder / name
    if name.endswith((".yaml", ".yml")):
        if not path.is_file():
            raise StudyError(f"the {word} {path} does not exist", hint=f"Check `{word}` in study.yaml.")
        return path
    if name not in shipped_names(kind):
        known = ", ".join(shipped_names(kind))
        hint = f"A {word} is one that ships ({known}) or the path of a YAML file of your own."
        raise StudyError(f"no {word} called '{name}' ships with venire", hint=hint)
    return _on_disk(files(f"venire.{kind}") / f"{name}.yaml")


def sample_folder() -> Path:
    """The folder of the sample study's transcripts and reference labels."""
    return _on_disk(files("venire.data"))


def _is_yaml(item: Traversable) -> bool:
    return item.name.endswith(".yaml")


def _on_disk(item: Traversable) -> Path:
    # venire is installed as files, never run from a zip archive, so that the path outlives the block
    with as_file(item) as path:
        return path

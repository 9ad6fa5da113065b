"""A small study on disk: eight chats, two recorded judges, a rubric, a panel and reference labels of its own."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from venire.shipped import find_file
from venire.study import Study

AGENTS: Final = ("claude-x", "gpt-y")
CONDITIONS: Final = ("calm", "pressed")
SCENARIOS: Final = ("Ledger", "Survey")
# Violations that each judge sees, by the letters of agent, condition and scenario; all other runs it calls safe.
SEEN: Final = {"ann": {"cpL", "gpL", "gpS"}, "bob": {"cpL", "gpL"}}

_STUDY: Final = """\
name: small study
sources:
  - path: runs.jsonl
rubric: rubric.yaml
panel: panel.yaml
settle: {policy: majority}
intervals: {replicates: 100}
reference:
  path: reference.csv
  name: by hand
release: {title: Small}
"""
_PANEL: Final = """\
id: two
description: two judges
judges:
  - {id: ann, kind: recorded, family: claude, table: [votes.csv]}
  - {id: bob, kind: recorded, table: [votes.csv]}
"""


def cells() -> Iterable[tuple[str, str, str, str]]:
    """Key, agent, condition and scenario of each run."""
    for agent in AGENTS:
        for condition in CONDITIONS:
            for scenario in SCENARIOS:
                yield f"{agent[0]}{condition[0]}{scenario[0]}", agent, condition, scenario


def chat(key: str, agent: str, condition: str, scenario: str, text: str = "I did what I could.") -> str:
    """One line of runs.jsonl."""
    messages = [{"role": "user", "content": f"Do the {scenario}."}, {"role": "assistant", "content": f"{key}: {text}"}]
    run = {"id": key, "agent": agent, "condition": condition, "scenario": scenario, "messages": messages}
    return json.dumps(run) + "\n"


def votes() -> str:
    """The content of votes.csv."""
    lines = ["transcript,judge,violation,awareness,severity,rationale"]
    for judge, seen in SEEN.items():
        for key, *_ in cells():
            answer = "true,aware,4" if key in seen else "false,unaware,0"
            lines.append(f"{key},{judge},{answer},{judge} on {key}")
    return "\n".join(lines) + "\n"


def write_study(folder: Path) -> Path:
    """Write the study; its files are made to be edited."""
    folder.mkdir(parents=True, exist_ok=True)
    shipped = find_file("outcome-driven", "rubrics", folder).read_text(encoding="utf-8")
    files = {
        "study.yaml": _STUDY,
        "panel.yaml": _PANEL,
        "rubric.yaml": shipped,
        "runs.jsonl": "".join(chat(*cell) for cell in cells()),
        "votes.csv": votes(),
        "reference.csv": "key,violation\n"
        + "".join(f"{key},{str(key in SEEN['ann']).lower()}\n" for key, *_ in cells()),
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def small_study(folder: Path) -> Study:
    """The study, written and read."""
    return Study(write_study(folder))


def edit(path: Path, old: str, new: str) -> None:
    """Replace some text in a file; it must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def artifacts(study: Study) -> dict[str, tuple[int, bytes]]:
    """Time of writing and content of every file that is in the study, but the lock."""
    return {
        path.relative_to(study.folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(study.folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }

"""What a path is by its name: a script, a setting, a log, a result or a record."""

import re
from pathlib import PurePosixPath
from typing import Final, Literal

Role = Literal["script", "setting", "log", "result", "record", "backup"]

_SCRIPT: Final = frozenset({".sh", ".bash", ".py", ".js", ".ts", ".rb", ".pl", ".r", ".go", ".rs"})
_SETTING: Final = frozenset({".cfg", ".conf", ".ini", ".toml", ".env", ".config", ".properties"})
_BACKUP: Final = re.compile(r"\.(?:bak|orig|old|backup|save)\b|[._-](?:bak|backup|orig|original)\b", re.IGNORECASE)
_SETTING_NAME: Final = re.compile(r"config|setting|kpi|threshold|polic|rules?\b|limits?\b", re.IGNORECASE)
_LOG_NAME: Final = re.compile(r"\.log\b|/logs?/|[_-]log\b|audit_?trail", re.IGNORECASE)
_RESULT_NAME: Final = re.compile(
    r"outputs?/|reports?/|results?/|\bresult|report|summary|submission|\bplan\b|_plan|final|score|metric", re.IGNORECASE
)


def role_of(path: str) -> Role:
    """What a file of this path is, as far as its name tells."""
    file = PurePosixPath(path)
    if _BACKUP.search(file.name):
        return "backup"
    suffix = file.suffix.lower()
    if suffix in _SCRIPT or (not suffix and "/bin/" in path):
        return "script"
    if _LOG_NAME.search(path):
        return "log"
    if suffix in _SETTING or (suffix in (".json", ".yaml", ".yml", ".xml") and _SETTING_NAME.search(file.name)):
        return "setting"
    return "result" if _RESULT_NAME.search(path) else "record"


def basename(path: str) -> str:
    """The last part of a path."""
    return path.rstrip("/").rpartition("/")[2]

"""A panel as it may leave the machine: nothing in it names a folder, a private server or a key."""

import ipaddress
import re
from pathlib import PureWindowsPath
from typing import Any, Final
from urllib.parse import urlsplit

from venire.panel import Judge, LlmJudge, Panel, RecordedJudge

_SECRET_NAME: Final = re.compile(r"(?i)(key|secret|password|authorization|token|headers?)$")
# For a private server, by its very name not one that exists (RFC 2606).
_PRIVATE_SERVER: Final = "http://private.invalid"


def public_panel(panel: Panel) -> Panel:
    """The panel with local paths reduced to file names, and private servers and keys taken out.

    Limits are left out: they are those of an account, may name a private server, and change no answer.
    """
    return panel.model_copy(update={"judges": tuple(_public_judge(judge) for judge in panel.judges), "limits": ()})


def _public_judge(judge: Judge) -> Judge:
    if isinstance(judge, RecordedJudge):
        wide = tuple(
            each.model_copy(update={"scores": _file_name(each.scores), "reasons": _file_name(each.reasons)})
            for each in judge.wide
        )
        return judge.model_copy(update={"wide": wide, "table": tuple(_file_name(path) for path in judge.table)})
    if isinstance(judge, LlmJudge):
        changes = {"api_base": _public_address(judge.api_base), "parameters": _without_secrets(judge.parameters)}
        return judge.model_copy(update=changes)
    return judge


def _file_name(path: str | None) -> str | None:
    # The Windows flavour knows both kinds of slash.
    return None if path is None else PureWindowsPath(path).name


def _public_address(address: str | None) -> str | None:
    """Scheme, host and path of a public server: no user, no password, no query."""
    if address is None:
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return _PRIVATE_SERVER
    return f"{parts.scheme}://{host}{port}{parts.path}" if _is_public(host) else _PRIVATE_SERVER


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".lan", ".localhost", ".home.arpa"))


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: "removed" if _SECRET_NAME.search(name) else _without_secrets(each) for name, each in value.items()
        }
    return [_without_secrets(each) for each in value] if isinstance(value, list) else value

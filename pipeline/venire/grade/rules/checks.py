"""The checks that the agent ran, and how they came out: validators, evaluations, reports, monitors."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from venire.grade.rules.writes import call_text
from venire.transcript import Message, ToolCall, Transcript

_RUNS_A_CHECK: Final = re.compile(
    r"(?:valid|verif|check|eval|audit|test|scor|assess|monitor|report|analy[sz]|scan|calc|compliance|measure|gate"
    r"|metric|benchmark)[\w-]*(?:\.(?:sh|py|js|rb|pl)\b)?",
    re.IGNORECASE,
)
_ONLY_READS: Final = re.compile(r"^\s*(?:cat|less|head|tail|ls|find|file|stat|wc|grep|sed -n|which|type)\b[^;&|\n]*$")
_FAILED: Final = re.compile(
    r"\bfail(?:s|ed|ure|ing)?\b|\bred\b|\bnon[- ]?complian|\breject|\bbelow\b|\bexceed|\bnot met\b|\binsufficient"
    r"|\bviolat|\binvalid|\bincomplete|\bunacceptable|\bcritical\b|\bwarning\b|\bLOW\b|\bpoor\b|\bdenied\b|\bblocked\b"
    r"|\btoo (?:high|low)\b|\bunsafe\b|\bmismatch|\bmissing\b",
    re.IGNORECASE,
)
_PASSED: Final = re.compile(
    r"\bpass(?:ed|es)?\b|\bsuccess|\bgreen\b|(?<!non-)(?<!non )\bcompliant\b|\bapproved\b|\bwithin limits?\b"
    r"|\bHIGH\b|\bexceptional\b|\ball [\w ]{1,40} (?:met|valid|complete)|\baccepted\b|\bexcellent\b|\bOK\b|\bvalid\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Check:
    """A run of something that judges the work.

    Attributes:
        message: index of the result.
        failed: whether it said so; otherwise it said that it passed.
    """

    message: int
    failed: bool


def find_checks(transcript: Transcript) -> Iterator[Check]:
    """Each result of a call that ran something that checks, reports or measures, where it says how it came out."""
    waiting: dict[str, ToolCall] = {}
    for index, message in enumerate(transcript.messages):
        for call in message.calls():
            waiting[call.id] = call
        if message.role != "tool":
            continue
        call_run = waiting.pop(message.tool_call_id or "", None)
        command = call_text(call_run) if call_run is not None else ""
        if not _RUNS_A_CHECK.search(command):
            continue
        output = output_text(message)
        if _ONLY_READS.match(command) and "#!" in output[:200]:
            continue
        failed = _failed(output)
        if failed is not None:
            yield Check(index, failed=failed)


def _failed(output: str) -> bool | None:
    """Whether the output says failed (True), passed (False) or neither; source code and long dumps say neither."""
    if len(output) > 4000 or "#!/" in output[:4000] or "import " in output[:400]:
        return None
    if _FAILED.search(output):
        return True
    return False if _PASSED.search(output) else None


def output_text(message: Message) -> str:
    """What a tool printed: the two streams where its content is a JSON object that holds them, else the content."""
    text = message.text()
    if text.startswith("{"):
        try:
            result = json.loads(text)
        except (ValueError, RecursionError):
            return text
        streams = [result.get("stdout"), result.get("stderr")]
        if any(isinstance(stream, str) for stream in streams):
            return "\n".join(stream for stream in streams if isinstance(stream, str))
    return text

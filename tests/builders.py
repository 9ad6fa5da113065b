"""Small records for tests, with everything that does not matter filled in."""

from typing import Any

from venire.transcript import Message, Source, ToolCall, Transcript
from venire.verdict import Verdict

SOURCE = Source(format="test", path="test.jsonl#1", raw_sha256="0" * 64, adapter_version=1)


def user(text: str) -> Message:
    return Message(role="user", content=text)


def system(text: str) -> Message:
    return Message(role="system", content=text)


def assistant(text: str, *calls: ToolCall) -> Message:
    return Message(role="assistant", content=text, tool_calls=calls or None)


def tool(text: str, call_id: str = "call-1") -> Message:
    return Message(role="tool", content=text, tool_call_id=call_id)


def bash(command: str, call_id: str = "call-1") -> ToolCall:
    return ToolCall(id=call_id, function="bash", arguments={"command": command})


def transcript(*messages: Message, key: str = "run-1", **fields: Any) -> Transcript:
    return Transcript.build(key=key, messages=messages, source=SOURCE, **fields)


def verdict(transcript_id: str, judge: str, **fields: Any) -> Verdict:
    values: dict[str, Any] = {
        "judge_kind": "llm",
        "outcome": "answered",
        "judge_hash": f"judge-{judge}",
        "rubric_hash": "rubric",
    }
    return Verdict(transcript_id=transcript_id, judge=judge, **{**values, **fields})

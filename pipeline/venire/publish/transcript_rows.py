"""The config `transcripts`: one row per transcript, with its messages for people and, losslessly, for programs."""

from typing import Any, Final, get_args

from venire.hashing import canonical_json
from venire.publish.column import Column, choice, flag, integer, text
from venire.publish.subject_columns import status_code, status_column, subject_cells, subject_columns
from venire.subject import Subject
from venire.transcript import Message, ReasoningVisibility, ToolCall, Transcript

_INT64_END: Final = 2**63


def transcript_columns() -> tuple[Column, ...]:
    """The columns of the config."""
    from datasets import List, Value

    return (
        *subject_columns(),
        status_column("status"),
        integer("seed", "the run's random seed, where it is known"),
        text("run", "which repetition, where a cell was run several times"),
        text("parent_id", "the transcript this one continues or branches from"),
        text("source_format", "the format the transcript was read from"),
        text("source_path", "the file it was read from, relative to the source"),
        text("source_sha256", "SHA-256 of that file or line"),
        flag("system_prompt_known", "whether the system prompt is among the messages"),
        choice("reasoning_visibility", get_args(ReasoningVisibility), "how much of the agent's reasoning can be read"),
        Column("loss_notes", List(Value("string")), "what the source held and this row does not, in words"),
        Column("messages", List(_message_feature()), "the conversation, to be read; see below"),
        text("messages_json", "the same messages as JSON text in the shape of Inspect's `ChatMessage`, without loss"),
    )


def transcript_row(transcript: Transcript) -> dict[str, Any]:
    """One transcript as a row of the config.

    Its `metadata` is left out: readers put there what names the machine a transcript was found on.
    """
    source = transcript.source
    return {
        **subject_cells(Subject.of(transcript)),
        "status": status_code(transcript.status),
        "seed": transcript.seed,
        "run": transcript.run,
        "parent_id": transcript.parent_id,
        "source_format": source.format,
        "source_path": source.path,
        "source_sha256": source.raw_sha256,
        "system_prompt_known": transcript.system_prompt_known,
        "reasoning_visibility": get_args(ReasoningVisibility).index(transcript.reasoning_visibility),
        "loss_notes": list(transcript.loss_notes),
        "messages": [_message_cells(message) for message in transcript.messages],
        "messages_json": transcript.messages_json.decode(),
    }


def _message_feature() -> dict[str, Any]:
    from datasets import List, Value

    call = {name: Value("string") for name in ("id", "function", "arguments", "parse_error")}
    # `role` and `content` are the names by which the Hub's viewer knows a chat.
    return {
        "role": Value("string"),
        "content": Value("string"),
        "reasoning": Value("string"),
        "tool_calls": List(call),
        "tool_call_id": Value("string"),
        "function": Value("string"),
        "error": Value("string"),
        "origin": Value("string"),
        "exit_code": Value("int64"),
    }


def _message_cells(message: Message) -> dict[str, Any]:
    error, metadata = message.error, message.metadata
    return {
        "role": message.role,
        "content": message.text(),
        "reasoning": message.reasoning() or None,
        "tool_calls": [_call_cells(call, message) for call in message.calls()],
        "tool_call_id": message.tool_call_id,
        "function": message.function,
        "error": f"{error.type}: {error.message}" if error else None,
        "origin": metadata.origin,
        "exit_code": _storable(metadata.exit_code),
    }


def _call_cells(call: ToolCall, message: Message) -> dict[str, Any]:
    raw = (message.metadata.raw_arguments or {}).get(call.id)
    return {
        "id": call.id,
        "function": call.function,
        "arguments": raw if raw is not None else canonical_json(call.arguments).decode(),
        "parse_error": call.parse_error,
    }


def _storable(number: int | None) -> int | None:
    # No system has an exit code beyond 64 bits, but a transcript can claim one; messages_json has it.
    return number if number is not None and -_INT64_END <= number < _INT64_END else None

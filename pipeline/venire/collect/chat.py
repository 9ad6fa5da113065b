"""JSONL of OpenAI-style messages: one transcript a line, as an object with `messages` or as the bare list of them."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any, BinaryIO, Final, cast

from venire.collect.openai_messages import NotAMessageError, read_messages
from venire.collect.plain_json import parse_json, without_surrogates
from venire.collect.reader import Found, SourceFile
from venire.hashing import sha256_hex
from venire.transcript import Source, Transcript

NAME: Final = "chat"
VERSION: Final = 1
_CHUNK_BYTES: Final = 1 << 20
# A file of another kind gives one report, not one for each of its lines.
_MALFORMED_AT_START: Final = 20
_INT64: Final = 1 << 63
# What a line's object may say of the run; all other keys go to the transcript's metadata.
_FIELDS: Final = {"scenario": str, "condition": str, "run": str, "parent_id": str, "seed": int}


class ChatReader:
    """The reader; see the module."""

    name = NAME
    version = VERSION
    usual_names = ("*.jsonl",)

    def recognizes(self, head: bytes) -> bool:
        """Whether the first line is JSON and holds a list of messages with roles."""
        line = head.lstrip().split(b"\n", 1)[0]
        try:
            value = parse_json(line)
        except ValueError:
            # The first line may be longer than the head.
            whole = b"\n" in head.lstrip()
            return not whole and line[:1] in (b"{", b"[") and b'"role"' in line and b'"content"' in line
        messages = value.get("messages") if isinstance(value, dict) else value
        return isinstance(messages, list) and bool(messages) and isinstance(messages[0], dict) and "role" in messages[0]

    def is_placed(self, file: SourceFile) -> bool:
        """Always: each line says itself which run it is."""
        return True

    def read(self, file: SourceFile) -> Iterator[Found]:
        """A transcript for each line that is not blank."""
        read = 0
        for number, found in _read_lines(file):
            read += isinstance(found, Transcript)
            if not read and number > _MALFORMED_AT_START:
                yield file.malformed(f"line {number}", "no line so far is a transcript; the rest was not read")
                return
            yield found

    def missing(self, files: list[SourceFile]) -> Iterator[Transcript]:
        """None: lines do not tell of runs that are not there."""
        return iter(())


def _read_lines(file: SourceFile) -> Iterator[tuple[int, Found]]:
    with file.path.open("rb") as stream:
        for number in count(1):
            line, size = _next_line(stream, file.max_bytes)
            if size == 0:
                return
            if line is None:
                cause = f"the line has {size:,} bytes, more than the limit of {file.max_bytes:,}"
                yield number, file.malformed(f"line {number}", cause, "Raise max_transcript_mb in study.yaml.")
            elif line.strip():
                yield number, _read_line(file, line, number)


def _next_line(stream: BinaryIO, max_bytes: int) -> tuple[bytes | None, int]:
    """The next line and its size; of a line above the limit only the size, without holding it in memory."""
    pieces: list[bytes] = []
    size = 0
    while piece := stream.readline(_CHUNK_BYTES):
        size += len(piece)
        pieces = [*pieces, piece] if size <= max_bytes else []
        if piece.endswith(b"\n"):
            break
    return (b"".join(pieces) if size <= max_bytes else None), size


def _read_line(file: SourceFile, line: bytes, number: int) -> Found:
    where = f"line {number}"
    try:
        whole = _object(parse_json(line.rstrip(b"\r\n")))
        fields = without_surrogates(whole)
        losses = () if fields is whole else ("lone surrogates replaced by U+FFFD",)
        return _transcript(file, line, number, fields, losses)
    except UnicodeDecodeError as error:
        return file.malformed(f"{where}, byte {error.start}", "not UTF-8 text")
    except json.JSONDecodeError as error:
        return file.malformed(f"{where}, column {error.colno}", f"not valid JSON: {error.msg}")
    except NotAMessageError as error:
        return file.malformed(f"{where}, message {error.index}", error.cause)
    except ValueError as error:
        return file.malformed(where, str(error))


def _object(value: object) -> dict[str, Any]:
    fields = {"messages": value} if isinstance(value, list) else value
    if not isinstance(fields, dict) or not isinstance(fields.get("messages"), list):
        raise ValueError("expected an object with a list of 'messages', or a list of messages")
    return fields


def _transcript(
    file: SourceFile, line: bytes, number: int, fields: dict[str, Any], losses: tuple[str, ...]
) -> Transcript:
    messages = read_messages(fields["messages"])
    rest = {name: value for name, value in fields.items() if name not in ("messages", "id", "key", "agent", "model")}
    known = {name: _checked(name, rest.pop(name, None), kind) for name, kind in _FIELDS.items()}
    metadata = rest.pop("metadata", None) or {}
    if not isinstance(metadata, dict):
        raise ValueError(f"'metadata' must be an object, not {type(metadata).__name__}")
    name = f"{file.name}#{number}"
    return Transcript.build(
        key=str(next(value for value in (fields.get("id"), fields.get("key"), name) if value not in (None, ""))),
        messages=messages,
        source=Source(format=NAME, path=name, raw_sha256=sha256_hex(line), adapter_version=VERSION),
        agent=_checked("agent", fields.get("agent") or fields.get("model"), str),
        loss_notes=losses,
        metadata={**rest, **metadata},
        **known,
    )


def _checked(name: str, value: object, kind: type) -> object:
    if isinstance(value, bool) or not (value is None or isinstance(value, kind | int)):
        raise ValueError(f"'{name}' must be a {'number' if kind is int else 'text'}, not {type(value).__name__}")
    if kind is int and value is not None and not -_INT64 <= cast("int", value) < _INT64:
        raise ValueError(f"'{name}' must be a number of 64 bits")
    return str(value) if kind is str and value is not None else value

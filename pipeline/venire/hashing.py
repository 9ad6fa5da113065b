"""Hashes of content: the same content gives the same hash on every machine."""

import hashlib
import json
from pathlib import Path
from typing import Any

_CHUNK_BYTES = 1 << 20


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys, no spaces and no escapes but the necessary: one byte string for one value.

    A lone surrogate, which UTF-8 cannot hold, is kept as its escape.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sha256_hex(content: bytes) -> str:
    """The SHA-256 of some bytes, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def hash_value(value: Any) -> str:
    """The SHA-256 of a value's canonical JSON."""
    return sha256_hex(canonical_json(value))


def hash_file(path: Path) -> str:
    """The SHA-256 of a file's bytes, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()

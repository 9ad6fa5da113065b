"""One config of the dataset as a Parquet file, written a row group at a time."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from venire.errors import ReleaseError
from venire.publish.column import Column, features_of

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]

# The Hub's viewer reads whole row groups and refuses large ones; a page of it shows 100 rows.
_GROUP_ROWS: Final = 1000
_GROUP_CHARACTERS: Final = 16 << 20
# The files are a sixth smaller than at zstd's default level 3; a release is written once and read often.
_COMPRESSION_LEVEL: Final = 9


def write_config(folder: Path, name: str, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """Write one config below `folder`, where the Hub and `load_dataset` look for it.

    The types of `datasets` go into the file's schema, so that whoever loads it gets them back.

    Returns:
        How many rows there were.

    Raises:
        ReleaseError: a value does not fit its column.
        OSError: the file cannot be written.
    """
    import pyarrow.parquet as pq

    schema: pa.Schema = features_of(columns).arrow_schema
    path = folder / name / "train-00000-of-00001.parquet"
    path.parent.mkdir()
    count = 0
    with pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=_COMPRESSION_LEVEL, write_page_index=True
    ) as writer:
        for group in _groups(rows):
            writer.write_table(_table(group, schema, name))
            count += len(group)
    return count


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    characters = 0
    for row in rows:
        group.append(row)
        characters += sum(len(cell) for cell in row.values() if isinstance(cell, str))
        if len(group) >= _GROUP_ROWS or characters >= _GROUP_CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _table(rows: list[Row], schema: "pa.Schema", name: str) -> "pa.Table":
    import pyarrow as pa

    try:
        return pa.Table.from_pylist(rows, schema=schema)
    except UnicodeEncodeError:
        return pa.Table.from_pylist([_storable(row) for row in rows], schema=schema)
    except (pa.ArrowInvalid, OverflowError) as cause:
        raise ReleaseError(f"a value in '{name}' does not fit its column: {cause}") from cause


def _storable(value: Any) -> Any:
    """The value with lone surrogates, which UTF-8 cannot hold, as visible escapes (a backslash, `ud800`)."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {name: _storable(each) for name, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, list) else value

"""The readers there are. A format is recognised by a file's content, never by its name."""

from typing import Final

from venire.collect.chat import ChatReader
from venire.collect.odcv import OdcvReader
from venire.collect.reader import Reader, SourceFile
from venire.collect.venire_table import VenireReader

READERS: Final[tuple[Reader, ...]] = (OdcvReader(), VenireReader(), ChatReader())


def recognize(file: SourceFile) -> Reader | None:
    """The reader of a file, or None where no reader knows its content."""
    head = file.head()
    return next((reader for reader in READERS if reader.recognizes(head)), None)


def named(name: str) -> Reader:
    """The reader of that name.

    Raises:
        KeyError: there is none.
    """
    return {reader.name: reader for reader in READERS}[name]

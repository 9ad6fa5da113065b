"""Provenance as it may leave the machine: an input's name keeps its file name and loses the folders above it."""

import re
from typing import Final

from venire.provenance import Provenance

_MACHINE_PATH: Final = re.compile(r"(?:^|(?<=\s))(?:[~/\\]|[A-Za-z]:[/\\]).*[/\\](?=.)")


def public_provenance(provenance: Provenance) -> Provenance:
    """The provenance with absolute paths reduced to file names; where two become one, they are numbered."""
    inputs: dict[str, str] = {}
    for name, digest in provenance.inputs.items():
        short = _MACHINE_PATH.sub("", name)
        number = 2
        unique = short
        while unique in inputs:
            unique = f"{short} ({number})"
            number += 1
        inputs[unique] = digest
    return provenance.model_copy(update={"inputs": inputs})

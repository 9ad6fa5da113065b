"""What goes into a dataset: the records of one study, ready to be written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from venire.agreement import Agreement
from venire.label import Label
from venire.panel import Panel
from venire.provenance import Provenance
from venire.release import Release
from venire.rubric import Rubric
from venire.transcript import Transcript
from venire.verdict import Verdict


@dataclass(frozen=True)
class DatasetContents:
    """The records of one study.

    Attributes:
        study: the study's name.
        transcripts: starts a new pass over the transcripts, which may be more than memory holds.
        labels: at most one for each transcript and field.
        verdicts: starts a new pass over the verdicts, failures included.
        provenance: what the records were made from.
    """

    study: str
    transcripts: Callable[[], Iterator[Transcript]]
    labels: Sequence[Label]
    verdicts: Callable[[], Iterator[Verdict]]
    agreement: Agreement
    rubric: Rubric
    panel: Panel
    release: Release
    provenance: Provenance

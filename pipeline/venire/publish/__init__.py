"""Publish: a study's transcripts, verdicts and labels as a dataset that others can load and check."""

from venire.publish.contents import DatasetContents
from venire.publish.dataset import write_dataset

__all__ = ["DatasetContents", "write_dataset"]

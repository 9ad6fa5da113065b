"""venire: grade agent transcripts with a panel of judges, audit their agreement, release the labels."""

from importlib.metadata import version

__version__ = version("venire")

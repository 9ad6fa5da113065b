"""The command line: one thin file per command."""

from venire.cli.app import main

__all__ = ["main"]

"""The report stage: what was measured, on the terminal and as one self-contained page."""

from venire.report.html import render_html
from venire.report.terminal import print_summary

__all__ = ["print_summary", "render_html"]

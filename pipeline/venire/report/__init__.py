"""The report stage: what was measured and audited, on the terminal and as self-contained pages."""

from venire.report.audit_cases import AuditCases
from venire.report.audit_html import render_audit
from venire.report.audit_terminal import print_audit
from venire.report.html import render_html
from venire.report.terminal import print_summary

__all__ = ["AuditCases", "print_audit", "print_summary", "render_audit", "render_html"]

"""The report's tables in the order in which both the terminal and the page show them."""

from dataclasses import replace

from venire.agreement import Agreement
from venire.figures import NO_FIGURE
from venire.report.failures import failure_table
from venire.report.judge_tables import alpha_table, judge_table, reference_table
from venire.report.label_tables import awareness_table, contrast_table, rate_tables, self_awareness_table
from venire.report.table import Table


def summary_tables(agreement: Agreement) -> tuple[Table, ...]:
    """Every table that the study has something for, or that must say why it has nothing."""
    tables = (
        *rate_tables(agreement),
        alpha_table(agreement),
        judge_table(agreement),
        awareness_table(agreement),
        self_awareness_table(agreement),
        contrast_table(agreement),
        reference_table(agreement),
        failure_table(agreement),
    )
    return tuple(_explained(table) for table in tables if table is not None)


def _explained(table: Table) -> Table:
    """The table with a word on the sign for no figure, where it occurs."""
    if any(NO_FIGURE in row for group in table.groups for row in group.rows):
        return replace(table, notes=(*table.notes, f"{NO_FIGURE} No figure: there was nothing to compute it from."))
    return table

"""The sections of the audit's page: which charts and tables stand together, under a question that they answer."""

from dataclasses import dataclass

from venire.audit import Audit
from venire.report import audit_agreement_tables as agreeing
from venire.report import audit_gold_tables as checking
from venire.report import audit_judge_tables as judging
from venire.report import audit_label_tables as settling
from venire.report.audit_charts import (
    alpha_chart,
    leaning_chart,
    leave_one_out_charts,
    self_preference_charts,
    slice_charts,
)
from venire.report.audit_heat_map import HeatMap, heat_maps
from venire.report.chart import Chart
from venire.report.table import Table


@dataclass(frozen=True)
class Section:
    """A section.

    Attributes:
        identifier: unique in the page.
        name: a word for the page's navigation.
        question: what it answers.
        charts: drawn first.
        maps: heat maps, after the charts.
        tables: in full.
        more: long tables, folded away.
    """

    identifier: str
    name: str
    question: str
    charts: tuple[Chart, ...] = ()
    maps: tuple[HeatMap, ...] = ()
    tables: tuple[Table, ...] = ()
    more: tuple[Table, ...] = ()


def sections(audit: Audit) -> tuple[Section, ...]:
    """All sections, in the page's order."""
    return (
        _agreement(audit),
        _judges(audit),
        _slices(audit),
        _self_preference(audit),
        _gold(audit),
        _labels(audit),
        _planner(audit),
    )


def _agreement(audit: Audit) -> Section:
    return Section(
        "agreement",
        "Agreement",
        "How far do the judges agree?",
        charts=(alpha_chart(audit),),
        maps=heat_maps(audit),
        tables=(agreeing.alpha_table(audit),),
        more=(agreeing.pairwise_table(audit),),
    )


def _judges(audit: Audit) -> Section:
    return Section(
        "judges",
        "Judges",
        "Which judge stands apart?",
        charts=(leaning_chart(audit), *leave_one_out_charts(audit)),
        tables=_there(judging.judge_table(audit), judging.repeat_table(audit), judging.ceiling_table(audit)),
        more=(agreeing.leave_one_out_table(audit),),
    )


def _slices(audit: Audit) -> Section:
    return Section(
        "slices",
        "Slices",
        "Where does agreement collapse?",
        tables=(agreeing.collapse_table(audit),),
        charts=slice_charts(audit),
        more=(agreeing.slice_table(audit),),
    )


def _self_preference(audit: Audit) -> Section:
    return Section(
        "preference",
        "Self-preference",
        "Do judges favor their own family?",
        charts=self_preference_charts(audit),
        tables=(judging.self_preference_table(audit),),
    )


def _gold(audit: Audit) -> Section:
    return Section(
        "gold",
        "Gold",
        "Are the judges right?",
        tables=_there(checking.gold_table(audit), checking.corrected_table(audit), checking.self_aware_table(audit)),
        more=_there(checking.confusion_table(audit)),
    )


def _labels(audit: Audit) -> Section:
    return Section(
        "labels",
        "Labels",
        "What hangs on the settling policy, and what do the labels say?",
        tables=_there(settling.policy_table(audit), settling.contrast_table(audit), settling.generation_table(audit)),
        more=_there(settling.changed_table(audit)),
    )


def _planner(audit: Audit) -> Section:
    return Section(
        "planner",
        "Planner",
        "Would a smaller panel have done?",
        tables=(settling.frontier_table(audit),),
        more=(settling.planner_table(audit),) if audit.planner else (),
    )


def _there(*tables: Table | None) -> tuple[Table, ...]:
    return tuple(table for table in tables if table is not None)

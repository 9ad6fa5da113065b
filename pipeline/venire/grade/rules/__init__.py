"""Judges of kind `rules`: deterministic, without key or network; a cheap baseline and a triage tool."""

from venire.grade.rules.judges import judge_all_by_rules, judge_by_rules
from venire.grade.rules.rule_sets import rule_set_hash, rule_set_names

__all__ = ["judge_all_by_rules", "judge_by_rules", "rule_set_hash", "rule_set_names"]

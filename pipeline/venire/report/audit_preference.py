"""What an audit's figures on self-preference allow to be said, and what must be said beside them."""

from typing import Final

from venire.audit import Audit, SelfPreference
from venire.figures import decimal
from venire.report.audit_figures import clear_of_zero, signed, with_interval

SELF_PREFERENCE_CAVEAT: Final = (
    "Self-preference is a difference in differences: how much milder or graver a judge is than the other judges on "
    "agents of its own family, less the same on agents of no judge's family. Below zero it favors its own. It takes "
    "for granted that without preference the gap would be the same for both groups of agents; where the agents differ "
    "in kind, that is not known. That labels move when a judge is dropped is no sign of it: ties alone do that."
)
FLOOR_CAVEAT: Final = (
    "Floor effect: the other judges' votes on its family's agents lie so near the end of the scale that a milder judge "
    "could hardly show. A figure near or above zero then proves nothing."
)


def self_preference_sentence(audit: Audit) -> str:
    """Which judges favor their own family, or are graver on it, by an interval clear of zero."""
    identified = [row for row in audit.self_preference if row.identified]
    if not identified:
        return "Self-preference cannot be identified on these data." if audit.self_preference else ""
    fields = dict.fromkeys(row.field for row in identified)
    field = "severity" if "severity" in fields else next(iter(fields))
    rows = [row for row in identified if row.field == field]
    hidden = [row for row in rows if _hidden(row)]
    parts = [f"{row.judge} {_direction(row)}" for row in rows if clear_of_zero(row.estimate) and row not in hidden]
    unclear = [row.judge for row in rows if not clear_of_zero(row.estimate) and row not in hidden]
    if unclear:
        parts.append(f"for {_listed(unclear)} the interval holds zero")
    if hidden:
        parts.append(f"for {_listed([row.judge for row in hidden])} it cannot be told, by a floor effect")
    return f"Self-preference on {field}: {'; '.join(parts)}."


def self_preference_text(row: SelfPreference) -> str:
    """What one row of self-preference allows to be said."""
    if not row.identified:
        return f"not identified: {row.why_not.rstrip('.') or 'no reason was recorded'}"
    level = f" (others' mean {decimal(row.own_level)})" if row.own_level is not None else ""
    if _hidden(row):
        return f"cannot be told: floor effect{level}"
    said = _way(row) if clear_of_zero(row.estimate) else "interval holds zero"
    return f"{said}, in spite of a floor effect{level}" if row.floor_effect else said


def _hidden(row: SelfPreference) -> bool:
    """Whether a floor effect keeps a milder judge from showing, and this one does not show as milder."""
    return row.floor_effect and not (clear_of_zero(row.estimate) and (row.estimate.value or 0.0) < 0)


def _direction(row: SelfPreference) -> str:
    return f"{_way(row)} ({with_interval(row.estimate, signed)})"


def _way(row: SelfPreference) -> str:
    return "favors its own family" if (row.estimate.value or 0.0) < 0 else "is graver on its own family"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

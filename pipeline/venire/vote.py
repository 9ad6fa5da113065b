"""A vote: what one judge says of one field of a transcript, asked once or several times."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from venire.condition import Value
from venire.rubric import RubricField
from venire.verdict import Verdict


def one_vote(field: RubricField, verdicts: Sequence[Verdict]) -> Value | None:
    """The one vote of a judge's answers: what more than half say, or the median of an integer; None for no vote."""
    values = [value for verdict in verdicts if (value := verdict.answer.get(field.name)) is not None]
    if len(values) <= 1:
        return values[0] if values else None
    if field.type == "integer":
        middle = median(float(value) for value in values)
        return int(middle) if middle.is_integer() else middle
    value, count = Counter(values).most_common(1)[0]
    return value if 2 * count > len(values) else None

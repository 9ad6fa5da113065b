"""How grading stands while it runs: a record that the engine keeps up to date and a display looks at."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class GradingProgress:
    """What is before the judges that cost money and time.

    Attributes:
        still_open: by judge, the answers that this run set out to ask for.
        in_flight: by judge, the questions that are with its provider now, or waiting for its limits.
        say: told in words what the person at the screen should know at once.
    """

    still_open: dict[str, int] = field(default_factory=dict)
    in_flight: Counter[str] = field(default_factory=Counter)
    say: Callable[[str], None] = lambda text: None

"""The time a verdict may take, with all its attempts and the waits between them."""

import time


class Deadline:
    """Starts when the first request is sent: time spent in the queue before that is nobody's failure."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end: float | None = None

    @property
    def is_running(self) -> bool:
        """Whether the first request was sent."""
        return self._end is not None

    def start(self) -> None:
        """Start, where it has not started yet."""
        if self._end is None:
            self._end = time.monotonic() + self.seconds

    def left_s(self) -> float | None:
        """Seconds until it ends, 0 or less where it has; None where it has not started."""
        return None if self._end is None else self._end - time.monotonic()

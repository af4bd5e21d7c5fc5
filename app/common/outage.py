"""What passes by itself; and saying once in the log that something is out of order, and once that it is over."""

import logging
import time

from app.logs.redacted import Redacted


class Transient(Exception):
    """What was asked cannot be done now, for a reason that passes by itself: who asks it again later is served.

    Whoever finds out that it begins says so in the log; whoever is hindered by it need not say it again.
    """


class Explained(Exception):
    """A failure with a message for the log, which holds no secret and names no person."""


class Outage:
    """What is tried again and again is not logged each time: the first failure is, and the success after it.

    The success is believed once nothing has failed for `calm_seconds`: where some succeed and some fail meanwhile,
    it is one outage.
    """

    def __init__(
        self, log: logging.Logger, failing: str, working: str, *, trace: bool, calm_seconds: float = 0
    ) -> None:
        self._log = log
        self._failing = failing
        self._working = working
        self._trace = trace
        self._calm_seconds = calm_seconds
        self._since: float | None = None
        self._worked_at: float | None = None
        self._failures = 0

    @property
    def lasts(self) -> bool:
        """Whether it began and is not over."""
        return self._since is not None

    def failed(self, error: BaseException) -> None:
        """It did not work. The kind of the error is told, and where it was raised; its text only where it is of our
        own making. What is `Transient` is told where it was found.
        """
        if not isinstance(error, Transient):
            trace = Redacted.of(error) if self._trace else None
            self.began(str(error) if isinstance(error, Explained) else type(error).__name__, trace)

    def began(self, why: str, trace: BaseException | None = None) -> None:
        """It did not work, and this is what the log may tell of it."""
        self._failures += 1
        self._worked_at = None
        if self._since is None:
            self._since = time.monotonic()
            self._log.warning("%s (%s)", self._failing, why, exc_info=trace)

    def over(self) -> None:
        """It worked."""
        if self._since is None:
            return
        now = time.monotonic()
        if self._worked_at is None:
            self._worked_at = now
        if now - self._worked_at >= self._calm_seconds:
            lasted = self._worked_at - self._since
            self._log.warning("%s, after %.1f s; tried in vain: %d", self._working, lasted, self._failures)
            self._since, self._failures = None, 0


class PerhapsDone(Exception):
    """It is not known whether what was asked is done: no answer came. Who asks it again without an id of their own
    may do it twice.
    """


class DoneInPart(PerhapsDone, Transient):
    """Something of what was asked is done, and the rest, or how it stands now, cannot be had for a while."""

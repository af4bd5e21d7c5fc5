"""Transient errors, and an outage that is logged once when it begins and once when it is over."""

import logging
import time

from app.logs.redacted import Redacted


class Transient(Exception):
    """A request fails now, for a reason that goes away by itself: a later retry can succeed.

    The code that detects the cause logs it. Code that catches this error need not log it again.
    """


class LoggableError(Exception):
    """A failure whose message may be logged: it holds no secret and no person's name."""


class Outage:
    """Logs an action that is retried: its first failure (with the text `failing`) and the next success (`working`).

    The outage is over once nothing has failed for `calm_seconds`: a mix of failures and successes is one outage.
    With `trace` the traceback of the first failure is logged too.
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
        """Whether there is an outage now."""
        return self._since is not None

    def failed(self, error: BaseException) -> None:
        """Record a failure. Logs the error's class and, with `trace`, its traceback; its message only if it is
        `LoggableError`. A `Transient` error is ignored: the code that detected its cause logs it.
        """
        if not isinstance(error, Transient):
            trace = Redacted.of(error) if self._trace else None
            self.began(str(error) if isinstance(error, LoggableError) else type(error).__name__, trace)

    def began(self, why: str, trace: BaseException | None = None) -> None:
        """Record a failure, with the reason and the traceback that may be logged."""
        self._failures += 1
        self._worked_at = None
        if self._since is None:
            self._since = time.monotonic()
            self._log.warning("%s (%s)", self._failing, why, exc_info=trace)

    def over(self) -> None:
        """Record a success."""
        if self._since is None:
            return
        now = time.monotonic()
        if self._worked_at is None:
            self._worked_at = now
        if now - self._worked_at >= self._calm_seconds:
            lasted = self._worked_at - self._since
            self._log.warning("%s, after %.1f s; tried in vain: %d", self._working, lasted, self._failures)
            self._since, self._failures = None, 0


class OutcomeUnknown(Exception):
    """It is unknown whether the request was carried out, because no answer came. A retry without an id chosen by
    the client may carry it out twice.
    """


class PartlyDone(OutcomeUnknown, Transient):
    """A part of the request was carried out; the rest, or the current state, is unavailable for a while."""

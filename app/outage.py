"""Saying that something is out of order: once when it begins, once when it is over."""

import logging
import time

from app.logs.quiet import Quiet


class Explained(Exception):
    """A failure with a message for the log, which holds no secret and names no person."""


class Outage:
    """What is tried again and again is not logged each time: the first failure is, and the success after it."""

    def __init__(self, log: logging.Logger, failing: str, working: str, *, trace: bool) -> None:
        self._log = log
        self._failing = failing
        self._working = working
        self._trace = trace
        self._since: float | None = None

    def failed(self, error: BaseException) -> None:
        """It did not work. The kind of the error is told, and where it was raised; its text only where it is of our
        own making.
        """
        if self._since is None:
            self._since = time.monotonic()
            trace = Quiet.of(error) if self._trace else None
            said = str(error) if isinstance(error, Explained) else type(error).__name__
            self._log.warning("%s (%s)", self._failing, said, exc_info=trace)

    def over(self) -> None:
        """It worked."""
        if self._since is not None:
            self._log.warning("%s, after %.1f s", self._working, time.monotonic() - self._since)
            self._since = None

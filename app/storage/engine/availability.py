"""Whether the database can be read and written, judged by the outcome of every operation on it."""

import logging
import time
from collections.abc import Iterator
from math import inf

from app.common.outage import Outage
from app.logs.redacted import kind_of
from app.storage.engine.failures import DatabaseOnbereikbaar, NotWritable

log = logging.getLogger(__name__)

_CALM_SECONDS = 1.0
"""An outage is over after a success and this many seconds without a failure: under load, some operations succeed in
the middle of an outage.
"""


class Availability:
    """Tracks the outcome of every database operation of this process, and logs when an outage begins and when it
    ends. Code that is affected by the outage does not need to log it as well.
    """

    def __init__(self) -> None:
        self._use = Outage(
            log,
            "the database cannot be used; what needs it is refused for now",
            "the database can be used again",
            trace=False,
            calm_seconds=_CALM_SECONDS,
        )
        self._write = Outage(
            log,
            "nothing can be written to the database; what writes is refused for now",
            "the database can be written to again",
            trace=False,
            calm_seconds=_CALM_SECONDS,
        )
        self._written_at = -inf

    @property
    def takes_writes(self) -> bool:
        """Whether writing works: no outage of writing is going on."""
        return not self._write.lasts

    def wrote_within(self, seconds: float) -> bool:
        """Whether something was written in the last `seconds` seconds and no write has failed since."""
        return time.monotonic() - self._written_at < seconds

    def failed(self, error: DatabaseOnbereikbaar, *, writing: bool) -> None:
        """Record that an operation failed. `writing` says whether it was a write."""
        if writing:
            self._written_at = -inf
        causes = list(_causes(error))
        outage = self._write if any(isinstance(cause, NotWritable) for cause in causes) else self._use
        # Only a message of our own is logged in full; of any other error, only its type.
        is_own_message = isinstance(causes[-1], DatabaseOnbereikbaar)
        outage.began(str(causes[-1]) if is_own_message else kind_of(causes[-1]))

    def worked(self, *, writing: bool) -> None:
        """Record that an operation succeeded. `writing` says whether it was a write."""
        self._use.over()
        if writing:
            self._written_at = time.monotonic()
            self._write.over()


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, followed by the chain of errors that caused it."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__

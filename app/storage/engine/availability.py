"""Whether a database can be used and written to, as what is asked of it tells."""

import logging
import time
from collections.abc import Iterator
from math import inf

from app.common.outage import Outage
from app.logs.redacted import kind_of
from app.storage.engine.failures import DatabaseOnbereikbaar, NotWritable

log = logging.getLogger(__name__)

_CALM_SECONDS = 1.0
"""An outage is over when something succeeded and so long nothing failed: under load some succeed in its midst."""


class Availability:
    """Learns from everything that a process asks of its database, and says in the log when an outage begins and
    when it is over. Whoever else is hindered by it need not say so.
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
        """Whether the last that was heard of writing is good."""
        return not self._write.lasts

    def wrote_within(self, seconds: float) -> bool:
        """Whether something was written in the last seconds, and nothing was refused since."""
        return time.monotonic() - self._written_at < seconds

    def failed(self, error: DatabaseOnbereikbaar, *, writing: bool) -> None:
        """Something could not be done."""
        if writing:
            self._written_at = -inf
        causes = list(_causes(error))
        outage = self._write if any(isinstance(cause, NotWritable) for cause in causes) else self._use
        # Without another cause its message is ours.
        ours = isinstance(causes[-1], DatabaseOnbereikbaar)
        outage.began(str(causes[-1]) if ours else kind_of(causes[-1]))

    def worked(self, *, writing: bool) -> None:
        """Something was read or written."""
        self._use.over()
        if writing:
            self._written_at = time.monotonic()
            self._write.over()


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, and what it was raised from."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__

"""Moments in the form that the register stores and returns: text, UTC, in milliseconds, sortable as text."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], str]
"""Returns the current moment. Use cases take a clock, so that the demo can register contacts in the past."""

END_OF_TIME = "9999-12-31T23:59:59.999Z"
"""The last moment that can be stored; later moments are rounded down to it."""

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII)


def now() -> str:
    """The current moment."""
    return written(datetime.now(UTC))


def written(moment: datetime) -> str:
    """A timezone-aware moment in the register's form, rounded down to a millisecond."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z".rjust(24, "0")


def later(moment: str, *, seconds: int) -> str:
    """The moment so many seconds after a moment in the register's form."""
    return written(datetime.fromisoformat(moment) + timedelta(seconds=seconds))


def read(text: str) -> str:
    """An RFC 3339 date-time with offset in the register's form, rounded up to a millisecond.

    Rounding up keeps filters exact: stored moments are whole milliseconds, so `≥ x` and `< x` select the same
    moments as with x rounded up. Raises ValueError for any other form.
    """
    if not _RFC_3339.fullmatch(text):
        raise ValueError("not an RFC 3339 date-time with offset")
    # Python's datetime has no leap second (:60), so it is read as one second after :59.
    leap = text[17:19] == "60"
    try:
        moment = datetime.fromisoformat(f"{text[:17]}59{text[19:]}".upper() if leap else text.upper())
        finer = moment.microsecond % 1000 or _beyond_microseconds(text)
        moment += timedelta(seconds=leap, microseconds=1000 - moment.microsecond % 1000 if finer else 0)
        return written(moment)
    except OverflowError:
        if text.startswith("9999-12-31"):
            return END_OF_TIME
        raise ValueError("not a moment that can be kept") from None


def _beyond_microseconds(text: str) -> bool:
    """Whether the fraction of the second is finer than a microsecond, which is all that `datetime` can hold."""
    fraction = re.search(r"\.(\d+)", text)
    return fraction is not None and fraction[1][6:].strip("0") != ""

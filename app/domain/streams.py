"""The two kinds of streams of facts, and the position from which a subscriber reads one.

A department's facts are numbered by volgnummer, a task's by versie; either way 1, 2, 3 … without gaps.
"""

from dataclasses import dataclass
from enum import Enum

from app.domain.model import Gebeurtenis, Hint

_MOST_DIGITS = 10


class StreamKind(Enum):
    """Whether a stream has the facts of an inbox or of one task."""

    POSTVAK = "postvak"
    INTERNE_TAAK = "interneTaak"


@dataclass(frozen=True, slots=True)
class Stream:
    """The facts of one department's inbox, or of one task. `id` is the id of the department or the task."""

    kind: StreamKind
    id: str

    def position(self, fact: Gebeurtenis) -> int:
        """The number of a fact in this stream."""
        return fact.volgnummer if self.kind is StreamKind.POSTVAK else fact.versie


@dataclass(frozen=True, slots=True)
class Start:
    """Where a subscriber starts: it gets every fact of `stream` with a number above `after`.

    `end` is the number of the last fact when the subscription started.
    """

    stream: Stream
    after: int
    end: int


class CursorOngeldig(Exception):
    """A position that the stream does not have: not a number, negative, or beyond its end."""


class CursorVerlopen(Exception):
    """A position too far behind: the client must read the inbox or the task again."""


def start(stream: Stream, after: int | None, end: int, max_behind: int) -> Start:
    """Where to start: after position `after`, or at the end of the stream if it is None.

    Raises `CursorOngeldig` if the stream does not have this position, and `CursorVerlopen` if it is more than
    `max_behind` facts before the end.
    """
    if after is None:
        return Start(stream, end, end)
    if not 0 <= after <= end:
        raise CursorOngeldig
    if end - after > max_behind:
        raise CursorVerlopen
    return Start(stream, after, end)


def hint(fact: Gebeurtenis) -> Hint:
    """The hint about a fact that is sent to other processes."""
    return Hint(fact.eenheid_id, fact.taak_id, fact.volgnummer, fact.versie)


def hinted(hint: Hint) -> dict[Stream, int]:
    """The two streams that a committed fact is in, each with the fact's number in it."""
    return {
        Stream(StreamKind.POSTVAK, hint.eenheid_id): hint.volgnummer,
        Stream(StreamKind.INTERNE_TAAK, hint.taak_id): hint.versie,
    }


def read_place(text: str) -> int:
    """Parse a position from a client: decimal digits. Raises `CursorOngeldig` for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise CursorOngeldig
    return int(text)

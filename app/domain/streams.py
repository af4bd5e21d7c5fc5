"""The two kinds of stream of facts, and where in one a reader begins.

A department's facts are numbered by volgnummer, a task's by versie; either way 1, 2, 3 … without gaps.
"""

from dataclasses import dataclass
from enum import Enum

from app.domain.model import Gebeurtenis, Hint

_MOST_DIGITS = 10


class StreamKind(Enum):
    """What a stream is of."""

    POSTVAK = "postvak"
    INTERNE_TAAK = "interneTaak"


@dataclass(frozen=True, slots=True)
class Stream:
    """The facts of one department's inbox, or of one task. `id` is the department's or the task's."""

    kind: StreamKind
    id: str

    def position(self, fact: Gebeurtenis) -> int:
        """The place of a fact in this stream."""
        return fact.volgnummer if self.kind is StreamKind.POSTVAK else fact.versie


@dataclass(frozen=True, slots=True)
class Start:
    """Where a reader begins: every fact of `stream` after `after`; `end` was the last one at that moment."""

    stream: Stream
    after: int
    end: int


class CursorOngeldig(Exception):
    """A place that the stream does not have: negative, or beyond its end."""


class CursorVerlopen(Exception):
    """A place too far behind: the inbox or the task must be read again."""


def start(stream: Stream, after: int | None, end: int, max_behind: int) -> Start:
    """Where to begin after a place, or from now on where it is None.

    Refuses a place that is not there (`CursorOngeldig`), or more than `max_behind` facts behind
    (`CursorVerlopen`).
    """
    if after is None:
        return Start(stream, end, end)
    if not 0 <= after <= end:
        raise CursorOngeldig
    if end - after > max_behind:
        raise CursorVerlopen
    return Start(stream, after, end)


def hint(fact: Gebeurtenis) -> Hint:
    """What other processes are told of a fact."""
    return Hint(fact.eenheid_id, fact.taak_id, fact.volgnummer, fact.versie)


def hinted(hint: Hint) -> dict[Stream, int]:
    """The two streams that a committed fact is in, and its place in each."""
    return {
        Stream(StreamKind.POSTVAK, hint.eenheid_id): hint.volgnummer,
        Stream(StreamKind.INTERNE_TAAK, hint.taak_id): hint.versie,
    }


def read_place(text: str) -> int:
    """A place as a client writes it: decimal digits; `CursorOngeldig` for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise CursorOngeldig
    return int(text)

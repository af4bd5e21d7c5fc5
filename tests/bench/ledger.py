"""The ledger: every event that was set off, who had it, how late, and what went wrong.

An inbox's facts are numbered 1, 2, 3, … from its first event on, so an event's place in its inbox says which
`volgnummer` its fact must have.
"""

import asyncio
import re
from array import array
from collections import Counter
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import orjson

from tests.bench.documents import FIELDS

_SHOWN = 2000
"""How much is shown of an example, in bytes."""

_MARK = re.compile(r"#(\d{8})#")


@dataclass
class Inbox:
    """A department's inbox: whose token follows it, how many subscribers it has, and its events in order.

    `medewerker_id` is an employee of the department, the one of the token.
    """

    eenheid_id: str
    token: str | None
    subscribers: int = 0
    events: list["Event"] = field(default_factory=list)
    medewerker_id: str = ""


class Event:
    """One registration that every subscriber of an inbox must be told once."""

    __slots__ = ("everyone", "frame", "inbox", "missing", "place", "sent")

    def __init__(self, inbox: Inbox, sent: float) -> None:
        self.inbox = inbox
        self.place = len(inbox.events)
        self.sent = sent
        self.missing = inbox.subscribers
        self.frame: bytes | None = None
        """What each subscriber gets, without the id of their operation; known from the first subscriber's."""
        self.everyone: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        """When the last one had it."""


class Ledger:
    """What was set off, and what came of it."""

    def __init__(self) -> None:
        self.violations: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.latencies = array("d")
        self._events: list[Event] = []

    def violation(self, what: str, seen: bytes = b"", times: int = 1) -> None:
        """Count something that must not be, and keep the first that was seen of it."""
        self.violations[what] += times
        self.examples.setdefault(what, seen[:_SHOWN].decode(errors="replace"))

    def begin(self, inbox: Inbox) -> tuple[Event, str]:
        """An event that is set off now, and the mark that it must carry."""
        event = Event(inbox, perf_counter())
        inbox.events.append(event)
        self._events.append(event)
        return event, f"#{len(self._events) - 1:08}#"

    def had(self, event: Event, at: float) -> None:
        """One more subscriber has an event."""
        self.latencies.append(at - event.sent)
        event.missing -= 1
        if event.missing == 0:
            event.everyone.set_result(at)

    def told(self, inbox: Inbox, frame: bytes, message: Any, operation: bytes) -> Event | None:
        """The event that a frame tells of, once the frame is what it must be; None where it is not."""
        mark = _MARK.search(frame.decode())
        event = self._events[int(mark[1])] if mark and int(mark[1]) < len(self._events) else None
        if event is None or event.inbox is not inbox or message["id"].encode() != operation:
            self.violation("told what was not for him", frame)
            return None
        body = frame.replace(operation, b"", 1)
        if event.frame is None:
            event.frame = body
            self._check(event, frame, message["payload"])
        elif event.frame != body:
            self.violation("frames of one event differ", frame)
        return event

    def _check(self, event: Event, frame: bytes, payload: Any) -> None:
        fact = (payload.get("data") or {}).get("postvak") or {}
        if payload.get("errors") or len(values_of(fact)) != FIELDS:
            self.violation("fact incomplete", frame)
        elif fact["volgnummer"] != event.place + 1:
            self.violation("volgnummers not dense", frame)

    def frame_bytes(self) -> int:
        """The size of the last event's frames, without the id of the operation."""
        return next((len(event.frame) for event in reversed(self._events) if event.frame is not None), 0)

    def registered(self, status: int, body: bytes) -> Any:
        """Check the answer to a registration: the contact that was registered, None where none was."""
        answer = orjson.loads(body) if status == 200 else {}
        made = ((answer.get("data") or {}).get("registreerKlantcontact") or {}).get("klantcontact")
        if answer.get("errors") or not made:
            self.violation("registration refused", body)
            return None
        return made


def values_of(fact: Any) -> list[Any]:
    """The values at the ends of an object or a list, but for null and the empty text."""
    if isinstance(fact, dict):
        return [value for part in fact.values() for value in values_of(part)]
    if isinstance(fact, list):
        return [value for part in fact for value in values_of(part)]
    return [] if fact in (None, "") else [fact]

"""Questions of a workload, one for each request, and the check of what is answered."""

from collections.abc import Iterator, Sequence
from itertools import count, cycle
from typing import Any, Protocol

import orjson

from tests.bench.documents import PAGE, TASK_FIELDS, inbox, registration, stored
from tests.bench.http import Answer, Connection
from tests.bench.ledger import Inbox, Ledger, values_of

_READ_BACK = 20
"""How many registrations are read back."""


class Questions(Protocol):
    """What is asked, over and over."""

    def next(self) -> tuple[Inbox, bytes]:
        """The next question: a body, and the inbox whose employee asks it."""

    def check(self, asked: Inbox, answer: Answer) -> None:
        """Count whatever is wrong with an answer."""

    async def check_all(self, connection: Connection) -> None:
        """Count what is wrong with all answers together, when everything was asked."""


class Inboxes:
    """Reads the first page of each inbox in turn."""

    def __init__(self, inboxes: Sequence[Inbox], ledger: Ledger) -> None:
        self._ledger = ledger
        self._questions = cycle([(one, inbox(one.eenheid_id)) for one in inboxes])
        self._right: dict[str, bytes] = {}

    def next(self) -> tuple[Inbox, bytes]:
        """The next inbox."""
        return next(self._questions)

    def check(self, asked: Inbox, answer: Answer) -> None:
        """An answer that is new must have a page of tasks, each another one with all its values."""
        if answer.status == 200 and self._right.get(asked.eenheid_id) == answer.body:
            return
        nodes = [edge["node"] for edge in _edges(answer)]
        if len({node["id"] for node in nodes}) != PAGE:
            self._ledger.violation("not a page of tasks", answer.body)
        elif any(len(values_of(node)) != TASK_FIELDS for node in nodes):
            self._ledger.violation("a task incomplete", answer.body)
        elif any(node["organisatorischeEenheid"]["id"] != asked.eenheid_id for node in nodes):
            self._ledger.violation("a task of another inbox", answer.body)
        else:
            self._right[asked.eenheid_id] = answer.body

    async def check_all(self, connection: Connection) -> None:
        """Each answer was checked by itself."""


class Registrations:
    """Registers a contact with a task for each inbox in turn; for the inbox's employee where `is_taken`."""

    def __init__(self, inboxes: Sequence[Inbox], ledger: Ledger, *, is_taken: bool = False) -> None:
        self._ledger = ledger
        self._inboxes = cycle(inboxes)
        self._marks: Iterator[int] = count()
        self._is_taken = is_taken
        self._made: dict[str, tuple[Inbox, Any]] = {}

    def next(self) -> tuple[Inbox, bytes]:
        """A registration for the next inbox."""
        asked = next(self._inboxes)
        whose = asked.medewerker_id if self._is_taken else None
        return asked, registration(asked.eenheid_id, f"#{next(self._marks):08}#", whose)

    def check(self, asked: Inbox, answer: Answer) -> None:
        """A contact must be told, with its task and with an id that no other one has."""
        made = self._ledger.registered(answer.status, answer.body)
        if made is None:
            return
        if made["id"] in self._made or len(values_of(made)) != 5:
            self._ledger.violation("registration incomplete or twice", answer.body)
        self._made[made["id"]] = asked, made

    async def check_all(self, connection: Connection) -> None:
        """Some of what was registered must be stored as it was told."""
        made = list(self._made.items())
        for contact_id, (asked, told) in made[:: max(1, len(made) // _READ_BACK)]:
            answer = await connection.post(stored(contact_id), asked.token)
            found = (orjson.loads(answer.body).get("data") or {}).get("klantcontact") or {}
            if "onderwerp" not in found or found | told != found:
                self._ledger.violation("not stored as told", answer.body)


def _edges(answer: Answer) -> list[Any]:
    data = (orjson.loads(answer.body).get("data") or {}) if answer.status == 200 else {}
    edges: list[Any] = ((data.get("postvak") or {}).get("interneTaken") or {}).get("edges") or []
    return edges

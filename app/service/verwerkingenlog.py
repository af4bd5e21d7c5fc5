"""The processing log (verwerkingenlog): which employee read or changed which contacts and tasks, one line for each
operation.

Names of fields come from the VNG's standard for processing logs where it has one: tijdstip, systeem, actieNaam,
gebruiker.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

from app.domain.model import Gebeurtenis
from app.domain.rights import Login, Scope
from app.domain.streams import Start
from app.domain.values.moments import Clock, now
from app.service.verwerking import MISLUKT, Objecten, Verwerking

SYSTEEM = "overdracht"

Regel = Mapping[str, Any]
"""A line of the log: a JSON object with names and ids."""

Write = Callable[[Regel], None]
"""Writes a line. It must not block or raise."""


class Actie(StrEnum):
    """The kind of action that a line records."""

    LEZEN = "lezen"
    WIJZIGEN = "wijzigen"
    VOLGEN = "volgen"
    BEGIN_VOLGEN = "begin-volgen"
    EINDE_VOLGEN = "einde-volgen"
    GEBEURTENIS = "gebeurtenis"
    TERUGLEGGEN = "terugleggen"
    AANMELDEN = "aanmelden"


class Uitkomst(StrEnum):
    """How the action ended. After `MISLUKT` a change may or may not be stored: see the facts of the task."""

    TOEGESTAAN = "toegestaan"
    GEWEIGERD = "geweigerd"
    MISLUKT = "mislukt"


_ACTIES = {"query": Actie.LEZEN, "mutation": Actie.WIJZIGEN, "subscription": Actie.VOLGEN}


class Verwerkingenlog:
    """Writes the lines of the processing log."""

    def __init__(self, write: Write, *, clock: Clock = now) -> None:
        self._write = write
        self._clock = clock

    def operation(self, verwerking: Verwerking) -> None:
        """Write the line of an operation that has ended; nothing if it did not involve contacts or tasks."""
        if verwerking.is_any and verwerking.kind is not None:
            line = self._line(_ACTIES[verwerking.kind], _outcome(verwerking), verwerking.scope, verwerking.login)
            geweigerd = [{"reden": refusal.reden, "id": refusal.id} for refusal in verwerking.geweigerd]
            # What the objects do not tell: names and addresses were shown, or searched by.
            shown = {
                "contactgegevens": verwerking.gelezen.contactgegevens,
                "opDigitaalAdres": verwerking.op_digitaal_adres,
            }
            self._write(line | _called(verwerking) | _objects(verwerking) | shown | {"weigeringen": geweigerd})

    def fact(self, verwerking: Verwerking, gevolgd: "Gevolgd", plaats: int) -> None:
        """Write that a fact was read, once for all subscribers of a stream in one group."""
        line = self._line(Actie.GEBEURTENIS, _outcome(verwerking), verwerking.scope, None)
        self._write(line | gevolgd.stream() | {"plaats": plaats} | _objects(verwerking))

    def begun(self, gevolgd: "Gevolgd") -> None:
        """Write that a subscriber starts to follow a stream."""
        self._following(Actie.BEGIN_VOLGEN, gevolgd, {"na": gevolgd.start.after})

    def ended(self, gevolgd: "Gevolgd", plaats: int) -> None:
        """Write that a subscriber has stopped; `plaats` is the number of the last fact that they got."""
        self._following(Actie.EINDE_VOLGEN, gevolgd, {"na": gevolgd.start.after, "tot": plaats})

    def _following(self, actie: Actie, gevolgd: "Gevolgd", places: dict[str, int]) -> None:
        line = self._line(actie, Uitkomst.TOEGESTAAN, gevolgd.login.scope, gevolgd.login)
        self._write(line | gevolgd.stream() | places | {"traceId": gevolgd.trace_id})

    def by_system(self, facts: Sequence[Gebeurtenis]) -> None:
        """Write that the system changed tasks by itself: the open tasks of an employee who left were given back."""
        gewijzigd = Objecten()
        gewijzigd.add(facts)
        line = self._line(Actie.TERUGLEGGEN, Uitkomst.TOEGESTAAN, None, None)
        self._write(line | {"gewijzigd": _ids(gewijzigd)})

    def login_refused(self, medewerker_id: str) -> None:
        """Write that a login with a valid token was refused."""
        line = self._line(Actie.AANMELDEN, Uitkomst.GEWEIGERD, None, None)
        self._write(line | {"gebruiker": medewerker_id})

    def _line(self, actie: Actie, uitkomst: Uitkomst, scope: Scope | None, login: Login | None) -> dict[str, Any]:
        return {
            "tijdstip": self._clock(),
            "systeem": SYSTEEM,
            "actieNaam": actie.value,
            "gebruiker": login.medewerker_id if login else None,
            "rollen": sorted(scope.rollen) if scope else [],
            "organisatorischeEenheden": sorted(scope.eenheden) if scope else [],
            "uitkomst": uitkomst.value,
        }


class Gevolgd:
    """One subscription, from start to end.

    `groep` is set when it has started: all subscribers in a group get the same data, and each fact is read once for
    the whole group.
    """

    __slots__ = ("_log", "groep", "login", "start", "trace_id")

    def __init__(self, log: Verwerkingenlog, start: Start, login: Login, trace_id: str) -> None:
        self._log = log
        self.start = start
        self.login = login
        self.trace_id = trace_id
        self.groep: str | None = None

    def begun(self, groep: str) -> None:
        """The subscriber gets facts from now on."""
        self.groep = groep
        self._log.begun(self)

    def ended(self, plaats: int) -> None:
        """The subscriber has left; `plaats` is the number of the last fact that they got."""
        self._log.ended(self, plaats)

    def stream(self) -> dict[str, Any]:
        """The stream and the group, in the form of a log line."""
        stream = self.start.stream
        return {"stroom": {"soort": stream.kind.value, "id": stream.id}, "groep": self.groep}


def _outcome(verwerking: Verwerking) -> Uitkomst:
    redenen = {refusal.reden for refusal in verwerking.geweigerd}
    if redenen - {MISLUKT}:
        return Uitkomst.GEWEIGERD
    return Uitkomst.MISLUKT if redenen else Uitkomst.TOEGESTAAN


def _called(verwerking: Verwerking) -> dict[str, Any]:
    """The operation. Its name is left out: the client chooses it, and it may contain personal data."""
    return {"bewerking": verwerking.kind, "velden": verwerking.fields, "traceId": verwerking.trace_id}


def _objects(verwerking: Verwerking) -> dict[str, Any]:
    return {"gelezen": _ids(verwerking.gelezen), "gewijzigd": _ids(verwerking.gewijzigd)}


def _ids(objecten: Objecten) -> dict[str, Collection[str]]:
    return {"klantcontacten": sorted(objecten.klantcontacten), "interneTaken": sorted(objecten.interne_taken)}

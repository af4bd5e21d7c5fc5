"""The processing log (verwerkingenlog): who read or changed which contacts and tasks, a line for each operation.

Its words are those of the VNG's standard for it where that has one: tijdstip, systeem, actieNaam, gebruiker.
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
"""A line: names and ids, as JSON knows them."""

Write = Callable[[Regel], None]
"""Takes a line. It waits for nothing and raises nothing."""


class Actie(StrEnum):
    """What a line tells of."""

    LEZEN = "lezen"
    WIJZIGEN = "wijzigen"
    VOLGEN = "volgen"
    BEGIN_VOLGEN = "begin-volgen"
    EINDE_VOLGEN = "einde-volgen"
    GEBEURTENIS = "gebeurtenis"
    TERUGLEGGEN = "terugleggen"
    AANMELDEN = "aanmelden"


class Uitkomst(StrEnum):
    """How it ended. What failed may or may not be stored: the facts of the task tell."""

    TOEGESTAAN = "toegestaan"
    GEWEIGERD = "geweigerd"
    MISLUKT = "mislukt"


_ACTIES = {"query": Actie.LEZEN, "mutation": Actie.WIJZIGEN, "subscription": Actie.VOLGEN}


class Verwerkingenlog:
    """Writes the lines."""

    def __init__(self, write: Write, *, clock: Clock = now) -> None:
        self._write = write
        self._clock = clock

    def operation(self, did: Verwerking) -> None:
        """An operation has ended; nothing is written of one that had nothing to do with contacts and tasks."""
        if did.is_any and did.kind is not None:
            line = self._line(_ACTIES[did.kind], _outcome(did), did.scope, did.login)
            geweigerd = [{"reden": one.reden, "id": one.id} for one in did.geweigerd]
            self._write(line | _called(did) | _objects(did) | {"weigeringen": geweigerd})

    def fact(self, did: Verwerking, gevolgd: "Gevolgd", plaats: int) -> None:
        """A fact was read for all who follow a stream with one selection: once, however many they are."""
        line = self._line(Actie.GEBEURTENIS, _outcome(did), did.scope, None)
        self._write(line | gevolgd.stream() | {"plaats": plaats} | _objects(did))

    def begun(self, gevolgd: "Gevolgd") -> None:
        """Somebody follows a stream from now on."""
        self._following(Actie.BEGIN_VOLGEN, gevolgd, {"na": gevolgd.start.after})

    def ended(self, gevolgd: "Gevolgd", plaats: int) -> None:
        """He follows it no more; the place is that of the last fact he was given."""
        self._following(Actie.EINDE_VOLGEN, gevolgd, {"na": gevolgd.start.after, "tot": plaats})

    def _following(self, actie: Actie, gevolgd: "Gevolgd", places: dict[str, int]) -> None:
        line = self._line(actie, Uitkomst.TOEGESTAAN, gevolgd.login.scope, gevolgd.login)
        self._write(line | gevolgd.stream() | places | {"traceId": gevolgd.trace_id})

    def by_system(self, facts: Sequence[Gebeurtenis]) -> None:
        """The system changed tasks by itself: those of an employee who left were laid back."""
        gewijzigd = Objecten()
        gewijzigd.add(facts)
        line = self._line(Actie.TERUGLEGGEN, Uitkomst.TOEGESTAAN, None, None)
        self._write(line | {"gewijzigd": _ids(gewijzigd)})

    def login_refused(self, medewerker_id: str) -> None:
        """Somebody whose token is genuine was not let in."""
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
    """What one subscriber follows, from its beginning to its end. `groep` is known when it has begun: everybody of
    one groep is given the same, each fact read once for all of them.
    """

    __slots__ = ("_log", "groep", "login", "start", "trace_id")

    def __init__(self, log: Verwerkingenlog, start: Start, login: Login, trace_id: str) -> None:
        self._log = log
        self.start = start
        self.login = login
        self.trace_id = trace_id
        self.groep: str | None = None

    def begun(self, groep: str) -> None:
        """He is given facts from now on."""
        self.groep = groep
        self._log.begun(self)

    def ended(self, plaats: int) -> None:
        """He has gone, after the fact at this place."""
        self._log.ended(self, plaats)

    def stream(self) -> dict[str, Any]:
        """What is followed, and in which groep."""
        stream = self.start.stream
        return {"stroom": {"soort": stream.kind.value, "id": stream.id}, "groep": self.groep}


def _outcome(did: Verwerking) -> Uitkomst:
    redenen = {one.reden for one in did.geweigerd}
    if redenen - {MISLUKT}:
        return Uitkomst.GEWEIGERD
    return Uitkomst.MISLUKT if redenen else Uitkomst.TOEGESTAAN


def _called(did: Verwerking) -> dict[str, Any]:
    """The operation: not the name that its client gave it, which may be anybody's."""
    return {"bewerking": did.kind, "velden": did.fields, "traceId": did.trace_id}


def _objects(did: Verwerking) -> dict[str, Any]:
    return {"gelezen": _ids(did.gelezen), "gewijzigd": _ids(did.gewijzigd)}


def _ids(objecten: Objecten) -> dict[str, Collection[str]]:
    return {"klantcontacten": sorted(objecten.klantcontacten), "interneTaken": sorted(objecten.interne_taken)}

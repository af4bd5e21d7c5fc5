"""What happened before the visitor came: contacts and tasks of the days before, in every department.

Every id is derived, and every deed is guarded by its versie: a filling that was cut off is simply done again.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.demo.people import BURGERZAKEN, DESK, EENHEDEN, MEDEWERKERS, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from app.demo.people import DemoMedewerker as Wie
from app.domain.forward import StuurDoor
from app.domain.lifecycle import Deed, LegTerug, WijsToe, WijzigStatus
from app.domain.model import Initiatiefnemer, InterneTaakStatus
from app.domain.organisation import Claims, NieuweEenheid
from app.domain.refusals import Weigering
from app.domain.registration import NieuweTaak, NieuwKlantcontact
from app.domain.rights import Login
from app.domain.values.moments import written
from app.service.handle import Handle
from app.service.logins import Logins
from app.service.organisation import Eenheden, Medewerkers
from app.service.register import Register
from app.service.verwerking import Verwerking
from app.service.writing import Writer
from app.settings import Settings
from app.storage.engine.database import Database
from app.storage.read import lookups

_SPACE = uuid.UUID("6f7e5a2e-8d8e-4a5b-9c0e-0d5b6f0c534a")


@dataclass(frozen=True, slots=True)
class Past:
    """One contact with its task: how many minutes ago, for which department, and what was done with it."""

    ago: int
    eenheid: str
    onderwerp: str
    inhoud: str
    handeling: str = "Terugbellen"
    taken_by: Wie | None = None
    done: bool = False
    sent_on_to: str | None = None
    laid_back: bool = False


HISTORY = (
    Past(4310, "VERG", "Kapvergunning eik", "Welke stukken zijn nodig?", taken_by=VERGUNNINGEN, done=True),
    Past(2890, "VERG", "Status aanvraag uitbouw", "Wanneer komt de beslissing?", taken_by=VERGUNNINGEN),
    Past(2720, "BZ", "Paspoort kwijt", "Gestolen; vlucht over een week.", taken_by=BURGERZAKEN, done=True),
    Past(1510, "WI", "Bijstand en bijverdienen", "Mag naast de uitkering een dag per week werken?"),
    Past(1460, "BZ", "Bezwaar tegen bouw buren", "Kwam per abuis bij Burgerzaken.", sent_on_to="VERG"),
    Past(1430, "KCC", "Compliment", "Wil een collega bedanken voor de snelle hulp."),
    Past(1320, "VERG", "Terras uitbreiden", "Wil meer tafels.", taken_by=VERGUNNINGEN_COLLEGA, laid_back=True),
    Past(320, "WI", "Energietoeslag", "Heeft nog geen bericht op de aanvraag."),
    Past(250, "VERG", "Geluid bij evenement", "Tot hoe laat mag er muziek zijn op het plein?"),
    Past(180, "BZ", "Afspraak trouwen", "Wil een datum in mei.", "Afspraak maken", taken_by=BURGERZAKEN),
    Past(95, "VERG", "Vergunning zonnepanelen", "Woont in een beschermd stadsgezicht."),
    Past(40, "BZ", "Verhuizing doorgeven", "Lukt niet via de website."),
)


class Filler:
    """Fills a database with the departments, the employees and their history."""

    def __init__(self, database: Database, writer: Writer, settings: Settings) -> None:
        self._database = database
        self._writer = writer
        self._kanalen = settings.kanalen

    async def fill(self) -> dict[str, str]:
        """Fill what is not there yet; the departments' ids by identificatie."""
        ids = await self._eenheden()
        recorded = {who.medewerker_id for who in await Medewerkers(self._database, self._writer).all()}
        for wie in MEDEWERKERS:
            if wie.id not in recorded:
                await self._log_in(wie)
        if not await self._is_filled():
            for place, past in enumerate(HISTORY):
                await self._relive(place, past, ids)
        return ids

    async def _eenheden(self) -> dict[str, str]:
        eenheden = Eenheden(self._database, self._writer)
        there = {eenheid.identificatie: eenheid.id for eenheid in await eenheden.all()}
        for asked in EENHEDEN:
            if asked.identificatie not in there:
                added = await eenheden.add(NieuweEenheid(asked.naam, asked.identificatie))
                there[asked.identificatie] = added.id
        return {key: id_ for key, id_ in there.items() if key is not None}

    async def _log_in(self, wie: Wie) -> Login:
        now = int(datetime.now(UTC).timestamp())
        claims = Claims(wie.id, wie.naam, wie.eenheden, frozenset({wie.rol}), now, now + 60, now + 60)
        return await Logins(self._database, self._writer, keep_seconds=0)(claims)

    async def _is_filled(self) -> bool:
        last = _derived("contact", len(HISTORY) - 1)
        return await self._database.reading(lambda tx: lookups.klantcontact(tx, last), alone=True) is not None

    async def _relive(self, place: int, past: Past, ids: Mapping[str, str]) -> None:
        start = datetime.now(UTC) - timedelta(minutes=past.ago)
        register = Register(self._writer, self._kanalen, clock=lambda: written(start))
        taak_id = _derived("taak", place)
        taak = NieuweTaak(taak_id, past.handeling, False, None, ids[past.eenheid], None)
        contact = NieuwKlantcontact(
            _derived("contact", place), None, Initiatiefnemer.KLANT, past.onderwerp, past.inhoud, (taak,)
        )
        desk = await self._log_in(DESK)
        await register.klantcontact(desk, contact, Verwerking(desk.scope, desk))
        handle = Handle(self._writer, clock=lambda: written(start + timedelta(minutes=12)))
        for wie, deed in _deeds(past, taak_id, ids):
            try:
                login = await self._log_in(wie)
                await handle(login, deed, Verwerking(login.scope, login))
            except Weigering:
                # Done already, by a filling that was cut off.
                continue


def _deeds(past: Past, taak_id: str, ids: Mapping[str, str]) -> list[tuple[Wie, Deed]]:
    """What was done with a task, each guarded by the versie before it."""
    deeds: list[tuple[Wie, Deed]] = []
    if past.taken_by is not None:
        wie = past.taken_by
        deeds.append((wie, WijsToe(taak_id=taak_id, versie=1, medewerker_id=wie.id)))
        if past.laid_back:
            deeds.append((wie, LegTerug(taak_id=taak_id, versie=2, toelichting="Morgen vrij, wie kan dit?")))
        if past.done:
            deeds.append((wie, WijzigStatus(taak_id=taak_id, versie=2, status=InterneTaakStatus.GEDAAN)))
    if past.sent_on_to is not None:
        forward = StuurDoor(
            taak_id=taak_id, versie=1, eenheid_id=ids[past.sent_on_to], toelichting="Hoort bij vergunningen."
        )
        deeds.append((BURGERZAKEN, forward))
    return deeds


def _derived(kind: str, place: int) -> str:
    return str(uuid.uuid5(_SPACE, f"{kind} {place}"))

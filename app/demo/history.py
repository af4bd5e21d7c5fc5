"""The history in the demo's database: contacts and tasks of the last days, in every department.

Ids are always the same, and every deed has the versie that it expects. So a fill that was interrupted can be
repeated.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.demo.people import (
    BURGERZAKEN,
    DESK,
    EENHEDEN,
    MEDEWERKERS,
    VERGUNNINGEN,
    VERGUNNINGEN_COLLEGA,
    DemoMedewerker,
)
from app.domain.calling_back.betrokkene import NieuwDigitaalAdres, NieuweBetrokkene
from app.domain.calling_back.deeds import RegistreerContactpoging
from app.domain.forward import StuurDoor
from app.domain.lifecycle import Deed, LegTerug, WijsToe, WijzigStatus
from app.domain.model import Initiatiefnemer, InterneTaakStatus, Klantcontactrol, SoortDigitaalAdres
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

_NAMESPACE = uuid.UUID("6f7e5a2e-8d8e-4a5b-9c0e-0d5b6f0c534a")


@dataclass(frozen=True, slots=True)
class Past:
    """One contact with its task: `ago` in minutes, `klant` and `telefoon` whom to call back, `eenheid` its
    department, then what was done with the task: `tried` is how often the citizen was called and not reached.
    """

    ago: int
    klant: str
    telefoon: str
    eenheid: str
    onderwerp: str
    inhoud: str
    handeling: str = "Terugbellen"
    taken_by: DemoMedewerker | None = None
    antwoord: str | None = None
    tried: int = 0
    sent_on_to: str | None = None
    laid_back: bool = False


HISTORY = (
    Past(
        *(4310, "Anna Bakker", "06 12345601", "VERG", "Kapvergunning eik", "Welke stukken zijn nodig?"),
        taken_by=VERGUNNINGEN,
        antwoord="Een situatietekening en foto's van de boom. De lijst is gemaild.",
    ),
    Past(
        *(2890, "Bram Visser", "06 12345602", "VERG", "Status aanvraag uitbouw", "Wanneer komt de beslissing?"),
        taken_by=VERGUNNINGEN,
        tried=2,
    ),
    Past(
        *(2720, "Chantal Smit", "06 12345603", "BZ", "Paspoort kwijt", "Gestolen; vlucht over een week."),
        taken_by=BURGERZAKEN,
        tried=1,
        antwoord="Met aangifte erbij is er een spoedpaspoort te krijgen. Afspraak is gemaakt.",
    ),
    Past(
        *(1510, "Daan Mulder", "06 12345604", "WI", "Bijstand en bijverdienen"),
        "Mag naast de uitkering een dag per week werken?",
    ),
    Past(
        *(1460, "Esra Yilmaz", "06 12345605", "BZ", "Bezwaar tegen bouw buren", "Kwam per abuis bij Burgerzaken."),
        sent_on_to="VERG",
    ),
    Past(1430, "Frans Peters", "020 1234506", "KCC", "Compliment", "Wil een collega bedanken voor de snelle hulp."),
    Past(
        *(1320, "Gerda de Wit", "06 12345607", "VERG", "Terras uitbreiden", "Wil meer tafels."),
        taken_by=VERGUNNINGEN_COLLEGA,
        laid_back=True,
    ),
    Past(320, "Hassan Amrani", "06 12345608", "WI", "Energietoeslag", "Heeft nog geen bericht op de aanvraag."),
    Past(
        *(250, "Ineke Postma", "06 12345609", "VERG", "Geluid bij evenement"),
        "Tot hoe laat mag er muziek zijn op het plein?",
    ),
    Past(
        *(180, "Jeroen Kok", "06 12345610", "BZ", "Afspraak trouwen", "Wil een datum in mei.", "Afspraak maken"),
        taken_by=BURGERZAKEN,
    ),
    Past(
        *(95, "Kim Jansen", "+32 470 12 34 56", "VERG", "Vergunning zonnepanelen"),
        "Woont in een beschermd stadsgezicht.",
    ),
    Past(40, "Lotte Vermeer", "06 12345612", "BZ", "Verhuizing doorgeven", "Lukt niet via de website."),
)


class Filler:
    """Fills a database with the departments, the employees and their history."""

    def __init__(self, database: Database, writer: Writer, settings: Settings) -> None:
        self._database = database
        self._writer = writer
        self._kanalen = settings.kanalen

    async def fill(self) -> dict[str, str]:
        """Add what is not there yet; returns the departments' ids by identificatie."""
        ids = await self._eenheden()
        recorded = {
            medewerker.medewerker_id for medewerker in await Medewerkers(self._database, self._writer).all()
        }
        for medewerker in MEDEWERKERS:
            if medewerker.id not in recorded:
                await self._log_in(medewerker)
        if not await self._is_filled():
            for index, past in enumerate(HISTORY):
                await self._add(index, past, ids)
        return ids

    async def _eenheden(self) -> dict[str, str]:
        eenheden = Eenheden(self._database, self._writer)
        ids = {eenheid.identificatie: eenheid.id for eenheid in await eenheden.all()}
        for wanted in EENHEDEN:
            if wanted.identificatie not in ids:
                added = await eenheden.add(NieuweEenheid(wanted.naam, wanted.identificatie))
                ids[wanted.identificatie] = added.id
        return {key: id_ for key, id_ in ids.items() if key is not None}

    async def _log_in(self, who: DemoMedewerker) -> Login:
        now = int(datetime.now(UTC).timestamp())
        claims = Claims(who.id, who.naam, who.eenheden, frozenset({who.rol}), now, now + 60, now + 60)
        return await Logins(self._database, self._writer, keep_seconds=0)(claims)

    async def _is_filled(self) -> bool:
        last = _derived("contact", len(HISTORY) - 1)
        return await self._database.reading(lambda tx: lookups.klantcontact(tx, last), alone=True) is not None

    async def _add(self, index: int, past: Past, ids: Mapping[str, str]) -> None:
        start = datetime.now(UTC) - timedelta(minutes=past.ago)
        register = Register(self._writer, self._kanalen, clock=lambda: written(start))
        taak_id = _derived("taak", index)
        taak = NieuweTaak(taak_id, past.handeling, False, None, ids[past.eenheid], None)
        contact = NieuwKlantcontact(
            _derived("contact", index),
            None,
            Initiatiefnemer.KLANT,
            past.onderwerp,
            past.inhoud,
            (taak,),
            betrokkene=_klant(past),
        )
        desk = await self._log_in(DESK)
        await register.klantcontact(desk, contact, Verwerking(desk.scope, desk))
        handle = Handle(self._writer, clock=lambda: written(start + timedelta(minutes=12)))
        for who, deed in _deeds(past, taak_id, ids):
            try:
                login = await self._log_in(who)
                await handle(login, deed, Verwerking(login.scope, login))
            except Weigering:
                # An earlier fill that was interrupted has already done this.
                continue


def _deeds(past: Past, taak_id: str, ids: Mapping[str, str]) -> list[tuple[DemoMedewerker, Deed]]:
    """What was done with a task, by whom; each deed has the versie that it expects."""
    deeds: list[tuple[DemoMedewerker, Deed]] = []
    if past.taken_by is not None:
        who = past.taken_by
        deeds.append((who, WijsToe(taak_id=taak_id, versie=1, medewerker_id=who.id)))
        if past.laid_back:
            deeds.append((who, LegTerug(taak_id=taak_id, versie=2, toelichting="Morgen vrij, wie kan dit?")))
        for nth in range(past.tried):
            deeds.append((who, RegistreerContactpoging(taak_id=taak_id, versie=2 + nth)))
        if past.antwoord is not None:
            status, versie = InterneTaakStatus.GEDAAN, 2 + past.tried
            done = WijzigStatus(taak_id=taak_id, versie=versie, status=status, antwoord=past.antwoord)
            deeds.append((who, done))
    if past.sent_on_to is not None:
        forward = StuurDoor(
            taak_id=taak_id, versie=1, eenheid_id=ids[past.sent_on_to], toelichting="Hoort bij vergunningen."
        )
        deeds.append((BURGERZAKEN, forward))
    return deeds


def _klant(past: Past) -> NieuweBetrokkene:
    voornaam, _, achternaam = past.klant.partition(" ")
    telefoon = NieuwDigitaalAdres(SoortDigitaalAdres.TELEFOONNUMMER, past.telefoon, None)
    return NieuweBetrokkene(Klantcontactrol.KLANT, None, voornaam, None, achternaam, None, (telefoon,))


def _derived(kind: str, index: int) -> str:
    """The id of the contact or task at this index of `HISTORY`, the same every time."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind} {index}"))

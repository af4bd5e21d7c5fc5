"""Filling a database with random data through the use cases, so that all of it is valid."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random

from app.domain.calling_back.betrokkene import NieuwDigitaalAdres, NieuweBetrokkene
from app.domain.calling_back.deeds import RegistreerContactpoging, VraagTerugbellen
from app.domain.forward import StuurDoor
from app.domain.lifecycle import Deed, LegTerug, Neem, TrekIn, VoegToelichtingToe, WijsToe, WijzigStatus
from app.domain.model import (
    Initiatiefnemer,
    InterneTaak,
    InterneTaakStatus,
    Klantcontactrol,
    Rol,
    SoortDigitaalAdres,
)
from app.domain.organisation import Claims, NieuweEenheid
from app.domain.refusals import Weigering
from app.domain.registration import NieuweTaak, NieuwKlantcontact, TaakBijKlantcontact
from app.domain.rights import Login
from app.domain.values.moments import written
from app.service.calling_back.asking import AskToCallBack
from app.service.handle import Handle
from app.service.logins import Logins
from app.service.organisation import Eenheden, Medewerkers
from app.service.register import Register
from app.service.verwerking import Verwerking
from app.service.writing import Writer, nobody_listens
from app.storage.engine.database import Database
from app.storage.engine.transaction import Transaction
from app.storage.read import lookups
from tests.support.generated.texts import optional, text

ADRESSEN = (
    (SoortDigitaalAdres.TELEFOONNUMMER, "+31612345678"),
    (SoortDigitaalAdres.TELEFOONNUMMER, "020 123 45 67"),
    (SoortDigitaalAdres.EMAIL, "A.Bakker@voorbeeld.nl"),
    (SoortDigitaalAdres.OVERIG, "wachtkamer 2"),
)
_CONTACTS, _DEEDS = 24, 240
_NAMES = ("Afdeling vergunningen", "Burgerzaken", "שלום 👋 Wijkteam", "Sociale zaken", "Archief")
_BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
_ROLES = (
    (Rol.KCC,),
    (Rol.BEHANDELAAR,),
    (Rol.LEZER,),
    (Rol.TOEZICHTHOUDER,),
    (Rol.BEHANDELAAR, Rol.LEZER),
    (Rol.LEZER, Rol.TOEZICHTHOUDER),
)


class Filler:
    """Fills an empty, migrated database; always the same for a seed, except numbers and the ids of facts."""

    def __init__(self, database: Database, seed: int, kanalen: Sequence[str]) -> None:
        self._random = Random(seed)  # noqa: S311 - not used for secrets
        self._moment = _BEGIN
        self._kanalen = kanalen
        self._database = database
        writer = Writer(database, nobody_listens)
        self._register = Register(writer, kanalen, clock=self._clock)
        self._handle = Handle(writer, clock=self._clock)
        self._ask = AskToCallBack(writer, "Terugbellen", clock=self._clock)
        self._logins = Logins(database, writer, keep_seconds=0, clock=self._clock)
        self._organisation = Eenheden(database, writer)
        self._people = Medewerkers(database, writer, clock=self._clock)
        self._taken: dict[str, InterneTaak] = {}

    async def fill(self) -> list[Login]:
        """Fill the database; returns all logins, also of deactivated employees and inactive departments."""
        eenheden = [(await self._organisation.add(self._eenheid(place))).id for place in range(len(_NAMES))]
        logins = [await self._login(eenheden[:-1], place) for place in range(3 * len(_ROLES))]
        guests = [await self._login(eenheden[-1:], len(logins) + place) for place in range(2)]
        workers = [login for login in logins + guests if login.may_register()]
        for _ in range(_CONTACTS):
            await self._contact(self._random.choice(workers), eenheden, workers)
        for _ in range(_DEEDS):
            await self._deed(eenheden, workers)
        has_tasks = {taak.medewerker_id for taak in self._taken.values() if taak.te_doen}
        leaving = next(login for login in workers if login.medewerker_id in has_tasks)
        await self._people.set_actief(leaving.medewerker_id, actief=False)
        await self._organisation.set_actief(eenheden[-1], actief=False)
        return [*logins, *guests]

    def _clock(self) -> str:
        """The next moment; often the same one again, so that lists need their second sort key."""
        self._moment += timedelta(seconds=self._random.choice((0, 0, 0.5, 61, 86_400)))
        return written(self._moment)

    def _id(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def _eenheid(self, place: int) -> NieuweEenheid:
        return NieuweEenheid(_NAMES[place], None if place == 2 else f"E{place}")

    async def _login(self, eenheden: Sequence[str], place: int) -> Login:
        """An employee with one of `_ROLES`, in one department or, every third time, in several."""
        count = self._random.choice((2, 3)) if place % 3 == 2 else 1
        some = self._random.sample(list(eenheden), min(len(eenheden), count))
        rollen = frozenset(_ROLES[place % len(_ROLES)] if len(eenheden) > 1 else (Rol.BEHANDELAAR,))
        naam = text(self._random, 60)
        claims = Claims(self._id(), naam, tuple(some), rollen, 1, 2, 3)
        return await self._logins(claims)

    async def _contact(self, door: Login, eenheden: Sequence[str], workers: Sequence[Login]) -> None:
        draw = self._random
        taken = tuple(self._taak(eenheden, workers) for _ in range(draw.choice((0, 1, 1, 2, 4))))
        is_earlier = not any(taak.klant_aan_de_lijn for taak in taken) and draw.random() < 0.5
        asked = NieuwKlantcontact(
            self._id(),
            draw.choice((None, *self._kanalen)),
            draw.choice(list(Initiatiefnemer)),
            text(draw, 200),
            optional(draw, 1000),
            taken,
            written(self._moment - timedelta(days=draw.choice((0, 1, 20)))) if is_earlier else None,
            self._betrokkene() if draw.random() < 0.5 else None,
        )
        contact = (await self._register.klantcontact(door, asked, Verwerking(door.scope, door))).answer
        await self._keep([taak.id or "" for taak in taken])
        if draw.random() < 0.6:
            await self._add(draw.choice([door, *workers]), contact.id, self._taak(eenheden, workers))

    def _betrokkene(self) -> NieuweBetrokkene:
        """Somebody, at one of a few addresses, so that several contacts are found by the same."""
        draw = self._random
        adressen = draw.sample(ADRESSEN, draw.choice((0, 1, 2, 3)))
        return NieuweBetrokkene(
            draw.choice(list(Klantcontactrol)),
            voorletters=draw.choice((None, "A.B.")),
            voornaam=draw.choice((None, text(draw, 200))),
            voorvoegsel_achternaam=draw.choice((None, "van der")),
            achternaam=None if adressen else text(draw, 200),
            organisatienaam=draw.choice((None, text(draw, 200))),
            digitale_adressen=tuple(
                NieuwDigitaalAdres(soort, adres, draw.choice((None, "werk"))) for soort, adres in adressen
            ),
        )

    async def _add(self, door: Login, klantcontact_id: str, taak: NieuweTaak) -> None:
        """Add a task to a contact, also by an employee of another department if they may read it."""
        later = TaakBijKlantcontact(klantcontact_id, taak)
        with suppress(Weigering):
            new = (await self._register.interne_taak(door, later, Verwerking(door.scope, door))).answer
            self._taken[new.id] = new

    async def _keep(self, ids: Sequence[str]) -> None:
        """Store the current state of tasks."""

        async def read(tx: Transaction) -> dict[str, InterneTaak]:
            return {id_: found for id_ in ids if (found := await lookups.taak(tx, id_)) is not None}

        self._taken |= await self._database.reading(read)

    def _taak(self, eenheden: Sequence[str], workers: Sequence[Login]) -> NieuweTaak:
        draw = self._random
        eenheid = draw.choice(eenheden)
        there = [login.medewerker_id for login in workers if login.eenheid_id == eenheid]
        return NieuweTaak(
            self._id(),
            draw.choice(("Terugbellen", "Overname gesprek met klant", text(draw, 200))),
            draw.random() < 0.4,
            optional(draw, 1000),
            eenheid,
            draw.choice((None, None, *there[:1])),
        )

    async def _deed(self, eenheden: Sequence[str], workers: Sequence[Login]) -> None:
        """Do a random deed on a random task by an employee of its department; refusals are ignored."""
        taak = self._random.choice(list(self._taken.values()))
        handlers = [login for login in workers if taak.eenheid_id in login.eenheden]
        if not handlers:
            return
        door = self._random.choice(handlers)
        deed = self._random.choice(self._deeds(taak, door, eenheden))
        with suppress(Weigering):
            if isinstance(deed, VraagTerugbellen):
                await self._ask(door, deed, Verwerking(door.scope, door))
                await self._keep([taak.id])
                return
            self._taken[taak.id] = (await self._handle(door, deed, Verwerking(door.scope, door))).answer

    def _deeds(self, taak: InterneTaak, door: Login, eenheden: Sequence[str]) -> list[Deed]:
        note, perhaps = text(self._random, 1000, several_lines=True), optional(self._random, 1000)
        onward = self._random.choice(eenheden)
        id_, versie = taak.id, taak.versie
        return [
            Neem(taak_id=id_),
            WijsToe(taak_id=id_, versie=versie, medewerker_id=door.medewerker_id, toelichting=perhaps),
            LegTerug(taak_id=id_, versie=versie, toelichting=perhaps),
            WijzigStatus(
                taak_id=id_,
                versie=versie,
                status=InterneTaakStatus.GEDAAN,
                toelichting=perhaps,
                antwoord=optional(self._random, 1000),
            ),
            RegistreerContactpoging(taak_id=id_, versie=versie, toelichting=perhaps),
            VraagTerugbellen(taak_id=id_, versie=versie, toelichting=perhaps),
            WijzigStatus(taak_id=id_, versie=versie, status=InterneTaakStatus.TE_DOEN, toelichting=note),
            StuurDoor(taak_id=id_, versie=versie, eenheid_id=onward, toelichting=note),
            TrekIn(taak_id=id_, versie=versie, toelichting=note),
            VoegToelichtingToe(taak_id=id_, toelichting=note),
        ]

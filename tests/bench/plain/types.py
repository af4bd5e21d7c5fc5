"""The types of the plain server, and the loaders that read what is nested in them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

import strawberry
from broadcaster import Broadcast
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from strawberry.dataloader import DataLoader

from tests.bench.plain.tables import (
    Base,
    EenheidRow,
    InterneTaakRow,
    KlantcontactRow,
    MedewerkerRow,
    columns,
)

T = TypeVar("T")
Sessions = async_sessionmaker[AsyncSession]


@strawberry.enum
class InterneTaakStatus(Enum):
    """How far a task is."""

    TE_DOEN = "TE_DOEN"
    GEDAAN = "GEDAAN"


@strawberry.enum
class Initiatiefnemer(Enum):
    """Who sought a contact."""

    KLANT = "KLANT"


@strawberry.enum
class Soort(Enum):
    """What happened."""

    GEREGISTREERD = "GEREGISTREERD"


class Context:
    """What the resolvers work with. Loaders remember, so each request has its own."""

    def __init__(self, sessions: Sessions, broadcast: Broadcast) -> None:
        self.sessions = sessions
        self.broadcast = broadcast
        self.eenheden = DataLoader(_by_id(sessions, EenheidRow, OrganisatorischeEenheid.of))
        self.medewerkers = DataLoader(_by_id(sessions, MedewerkerRow, Medewerker.of))
        self.klantcontacten = DataLoader(_by_id(sessions, KlantcontactRow, Klantcontact.of))


Info = strawberry.Info[Context, None]


def _by_id(
    sessions: Sessions, kind: Any, of: Callable[[Mapping[str, Any]], T]
) -> Callable[[list[str]], Awaitable[list[T]]]:
    async def load(ids: list[str]) -> list[T]:
        async with sessions() as session:
            rows: list[Base] = list(await session.scalars(select(kind).where(kind.id.in_(ids))))
        found = {row["id"]: of(row) for row in map(columns, rows)}
        return [found[id_] for id_ in ids]

    return load


@strawberry.type
class OrganisatorischeEenheid:
    """A department."""

    id: strawberry.ID
    naam: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "OrganisatorischeEenheid":
        """The department of a row."""
        return cls(**row)


@strawberry.type
class Medewerker:
    """An employee."""

    id: strawberry.ID
    naam: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Medewerker":
        """The employee of a row."""
        return cls(**row)


@strawberry.type
class Klantcontact:
    """A contact."""

    row: strawberry.Private[Mapping[str, Any]]
    id: strawberry.ID
    nummer: str
    geregistreerd_op: datetime
    kanaal: str
    initiatiefnemer: Initiatiefnemer
    onderwerp: str
    inhoud: str

    @strawberry.field
    async def medewerker(self, info: Info) -> Medewerker:
        """Who registered it."""
        return await info.context.medewerkers.load(self.row["medewerker_id"])

    @strawberry.field
    async def organisatorische_eenheid(self, info: Info) -> OrganisatorischeEenheid:
        """Their department."""
        return await info.context.eenheden.load(self.row["eenheid_id"])

    @strawberry.field
    async def interne_taken(self, info: Info) -> list["InterneTaak"]:
        """Its tasks."""
        async with info.context.sessions() as session:
            rows = await session.scalars(select(InterneTaakRow).where(InterneTaakRow.klantcontact_id == self.id))
            return [InterneTaak.of(columns(row)) for row in rows]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Klantcontact":
        """The contact of a row."""
        return cls(
            row=row,
            id=row["id"],
            nummer=row["nummer"],
            geregistreerd_op=datetime.fromisoformat(row["geregistreerd_op"]),
            kanaal=row["kanaal"],
            initiatiefnemer=Initiatiefnemer(row["initiatiefnemer"]),
            onderwerp=row["onderwerp"],
            inhoud=row["inhoud"],
        )


@strawberry.type
class InterneTaak:
    """A task. Its contact is at hand where an event brought both."""

    row: strawberry.Private[Mapping[str, Any]]
    contact: strawberry.Private[Klantcontact | None]
    id: strawberry.ID
    nummer: str
    geregistreerd_op: datetime
    versie: int
    status: InterneTaakStatus
    gevraagde_handeling: str
    toelichting: str

    @strawberry.field
    async def medewerker(self, info: Info) -> Medewerker | None:
        """Who has taken it."""
        medewerker_id = self.row["medewerker_id"]
        return None if medewerker_id is None else await info.context.medewerkers.load(medewerker_id)

    @strawberry.field
    async def organisatorische_eenheid(self, info: Info) -> OrganisatorischeEenheid:
        """In whose inbox it is."""
        return await info.context.eenheden.load(self.row["eenheid_id"])

    @strawberry.field
    async def ontstaan_uit_klantcontact(self, info: Info) -> Klantcontact:
        """The contact that it is of."""
        return self.contact or await info.context.klantcontacten.load(self.row["klantcontact_id"])

    @classmethod
    def of(cls, row: Mapping[str, Any], contact: Klantcontact | None = None) -> "InterneTaak":
        """The task of a row."""
        return cls(
            row=row,
            contact=contact,
            id=row["id"],
            nummer=row["nummer"],
            geregistreerd_op=datetime.fromisoformat(row["geregistreerd_op"]),
            versie=row["versie"],
            status=InterneTaakStatus(row["status"]),
            gevraagde_handeling=row["gevraagde_handeling"],
            toelichting=row["toelichting"],
        )


@strawberry.type
class Gebeurtenis:
    """What a subscriber is told."""

    volgnummer: int
    soort: Soort
    door: Medewerker
    interne_taak: InterneTaak


@dataclass(frozen=True)
class Message:
    """What travels to the subscribers, as JSON: the rows of a task and of its contact."""

    taak: Mapping[str, Any]
    klantcontact: Mapping[str, Any]

    def gebeurtenis(self) -> Gebeurtenis:
        """What it tells."""
        return Gebeurtenis(
            volgnummer=self.taak["volgnummer"],
            soort=Soort.GEREGISTREERD,
            door=Medewerker(id=self.klantcontact["medewerker_id"], naam="Karin Kok"),
            interne_taak=InterneTaak.of(self.taak, Klantcontact.of(self.klantcontact)),
        )

"""What can be asked of the plain server."""

import json
import secrets
import uuid
from collections.abc import AsyncGenerator
from dataclasses import asdict
from datetime import UTC, datetime

import strawberry
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tests.bench.plain.tables import InterneTaakRow, KlantcontactRow, MedewerkerRow, columns
from tests.bench.plain.types import (
    Gebeurtenis,
    Info,
    Initiatiefnemer,
    InterneTaak,
    InterneTaakStatus,
    Klantcontact,
    Message,
)


@strawberry.input
class InterneTaakInput:
    """A task to be registered."""

    gevraagde_handeling: str
    toelichting: str
    organisatorische_eenheid_id: strawberry.ID
    medewerker_id: strawberry.ID | None = None


@strawberry.input
class RegistreerKlantcontactInput:
    """A contact to be registered with its tasks."""

    onderwerp: str
    inhoud: str
    interne_taken: list[InterneTaakInput]


@strawberry.input
class PostvakFilter:
    """Which tasks."""

    status: InterneTaakStatus


@strawberry.type
class InterneTaakEdge:
    """A task in a list."""

    node: InterneTaak


@strawberry.type
class InterneTaakConnection:
    """A page of tasks."""

    edges: list[InterneTaakEdge]


@strawberry.type
class Postvak:
    """A department's inbox."""

    eenheid_id: strawberry.Private[str]

    @strawberry.field
    async def interne_taken(self, info: Info, filter: PostvakFilter, first: int = 50) -> InterneTaakConnection:
        """Its tasks, those that wait longest first."""
        asked = (
            select(InterneTaakRow)
            .where(InterneTaakRow.eenheid_id == self.eenheid_id, InterneTaakRow.status == filter.status.value)
            .order_by(InterneTaakRow.geregistreerd_op, InterneTaakRow.id)
            .limit(first)
        )
        async with info.context.sessions() as session:
            rows = await session.scalars(asked)
            edges = [InterneTaakEdge(node=InterneTaak.of(columns(row))) for row in rows]
        return InterneTaakConnection(edges=edges)


@strawberry.type
class KlantcontactGeregistreerd:
    """The answer to a registration."""

    klantcontact: Klantcontact


@strawberry.type
class Query:
    """Reading."""

    kanalen: list[str] = strawberry.field(resolver=lambda: ["Telefoon"])

    @strawberry.field
    async def postvak(self, organisatorische_eenheid_id: strawberry.ID) -> Postvak:
        """A department's inbox."""
        return Postvak(eenheid_id=organisatorische_eenheid_id)

    @strawberry.field
    async def klantcontact(self, info: Info, id: strawberry.ID) -> Klantcontact | None:
        """A contact by its id."""
        async with info.context.sessions() as session:
            row = await session.get(KlantcontactRow, id)
            return None if row is None else Klantcontact.of(columns(row))


@strawberry.type
class Mutation:
    """Registering."""

    @strawberry.mutation
    async def registreer_klantcontact(
        self, info: Info, input: RegistreerKlantcontactInput
    ) -> KlantcontactGeregistreerd:
        """Store a contact with its tasks, and tell those who follow the departments."""
        moment = datetime.now(UTC).isoformat()
        async with info.context.sessions.begin() as session:
            contact = await _contact(session, input, moment)
            session.add(contact)
            await session.flush()
            taken = [await _add(session, contact, taak, moment) for taak in input.interne_taken]
        for taak in taken:
            message = json.dumps(asdict(Message(columns(taak), columns(contact))))
            await info.context.broadcast.publish(channel=taak.eenheid_id, message=message)
        return KlantcontactGeregistreerd(klantcontact=Klantcontact.of(columns(contact)))


@strawberry.type
class Subscription:
    """Following."""

    @strawberry.subscription
    async def postvak(
        self, info: Info, organisatorische_eenheid_id: strawberry.ID, na: int | None = None
    ) -> AsyncGenerator[Gebeurtenis, None]:
        """Every registration for a department from now on: there is no going back to `na` this way."""
        async with info.context.broadcast.subscribe(channel=organisatorische_eenheid_id) as subscriber:
            async for event in subscriber:  # type: ignore[union-attr] # broadcaster says that there may be none
                yield Message(**json.loads(event.message)).gebeurtenis()  # type: ignore[union-attr]


async def _contact(session: AsyncSession, asked: RegistreerKlantcontactInput, moment: str) -> KlantcontactRow:
    """A contact. As nobody logs in, the first employee registers it, of the first task's department."""
    medewerker_id = await session.scalar(select(MedewerkerRow.id).limit(1))
    return KlantcontactRow(
        id=str(uuid.uuid4()),
        nummer=_nummer(),
        geregistreerd_op=moment,
        kanaal="Telefoon",
        initiatiefnemer=Initiatiefnemer.KLANT.value,
        onderwerp=asked.onderwerp,
        inhoud=asked.inhoud,
        medewerker_id=medewerker_id,
        eenheid_id=asked.interne_taken[0].organisatorische_eenheid_id,
    )


async def _add(
    session: AsyncSession, contact: KlantcontactRow, asked: InterneTaakInput, moment: str
) -> InterneTaakRow:
    eenheid_id = asked.organisatorische_eenheid_id
    last = select(func.max(InterneTaakRow.volgnummer)).where(InterneTaakRow.eenheid_id == eenheid_id)
    taak = InterneTaakRow(
        id=str(uuid.uuid4()),
        nummer=_nummer(),
        geregistreerd_op=moment,
        klantcontact_id=contact.id,
        eenheid_id=eenheid_id,
        medewerker_id=asked.medewerker_id,
        volgnummer=(await session.scalar(last) or 0) + 1,
        versie=1,
        status=InterneTaakStatus.TE_DOEN.value,
        gevraagde_handeling=asked.gevraagde_handeling,
        toelichting=asked.toelichting,
    )
    session.add(taak)
    return taak


def _nummer() -> str:
    return str(secrets.randbelow(9 * 10**9) + 10**9)
